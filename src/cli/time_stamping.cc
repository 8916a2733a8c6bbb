#include "cli/time_stamping.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "cli/deployment.h"
#include "crypto/timestamp_request.h"

namespace probatio::cli {
namespace {

class Remote : public crypto::TimestampAuthority {
 public:
  Remote(std::vector<TrustedService> services, Random& random)
      : services_(std::move(services)), random_(random) {}

  Result<crypto::TimestampToken> Stamp(const crypto::Digest& imprint) override {
    std::string failures;
    for (int attempt = 0; attempt < kTimestampTries; ++attempt) {
      if (attempt > 0) std::this_thread::sleep_for(std::chrono::seconds(kTimestampPauseSeconds));
      for (const TrustedService& service : services_) {
        Result<crypto::TimestampToken> token = AskOne(service, imprint);
        if (token.ok()) return token;
        if (attempt + 1 < kTimestampTries) continue;
        failures +=
            fmt::format("{}{}: {}", failures.empty() ? "" : "; ", service.question.url, token.error().what());
      }
    }
    return StorageError("time-stamp: no authority gave one: " + failures);
  }

 private:
  Result<crypto::TimestampToken> AskOne(const TrustedService& service, const crypto::Digest& imprint) {
    const crypto::TimestampRequest request = crypto::DrawTimestampRequest(imprint, random_);
    const Buffer answer = TRY(net::Ask(service.question, request.der, crypto::kTimestampBytesMax));
    return crypto::CheckTimestampResponse(answer, request, service.anchors);
  }

  std::vector<TrustedService> services_;
  Random& random_;
};

net::Question QuestionTo(const std::string& url, const std::string& authorities) {
  return {url, authorities, "application/timestamp-query", "application/timestamp-reply"};
}

}  // namespace

Result<std::vector<TimestampService>> ReadTimestampServices(const std::vector<TomlTable>& tables) {
  std::vector<TimestampService> services;
  for (const TomlTable& table : tables) {
    TRY(table.OnlyKeys({"url", "anchors", "authorities_file"}));
    if (services.size() == kTimestampAuthoritiesMax)
      return table.Wrong("url", fmt::format("more than {} authorities", kTimestampAuthoritiesMax));
    TimestampService service;
    service.url = TRY(table.Text("url"));
    service.anchors_file = TRY(table.Text("anchors"));
    service.authorities = TRY(table.TextOr("authorities_file", ""));
    const Status usable = net::CheckQuestion(QuestionTo(service.url, ""));
    if (!usable.ok()) return table.Wrong("url", usable.error().what());
    services.push_back(std::move(service));
  }
  return services;
}

std::unique_ptr<crypto::TimestampAuthority> RemoteAuthorities(std::vector<TrustedService> services,
                                                              Random& random) {
  CHECK(!services.empty());
  return std::make_unique<Remote>(std::move(services), random);
}

Result<std::unique_ptr<crypto::TimestampAuthority>> TimestampAuthorityOf(Deployment& deployment) {
  const Config& config = deployment.config();
  if (config.timestamps.empty()) {
    const KeyPair& local = deployment.keys().timestamp;
    return crypto::LocalTimestampAuthority(local.key, local.certificate,
                                           [&deployment] { return deployment.clock().Now(); });
  }
  std::vector<TrustedService> services;
  for (const TimestampService& service : config.timestamps) {
    const std::string authorities = service.authorities.empty() ? "" : config.File(service.authorities);
    std::vector<crypto::Certificate> anchors = TRY(ReadCertificates(config.File(service.anchors_file)));
    services.push_back({QuestionTo(service.url, authorities), std::move(anchors)});
  }
  return RemoteAuthorities(std::move(services), deployment.random());
}

}  // namespace probatio::cli
