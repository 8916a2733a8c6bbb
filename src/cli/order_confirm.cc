// probatio order confirm: a second person compared the transcription with the paper, and shows which paper.
#include <CLI/CLI.hpp>

#include "cli/files.h"
#include "cli/order_commands.h"
#include "cli/order_file.h"
#include "order/transcription.h"

namespace probatio::cli {
namespace {

constexpr std::size_t kPaperBytesMax = 256U << 20;

struct Options {
  std::string order;
  std::string by;
  std::string reason;
  std::string paper;
  std::string digest;
};

Result<std::optional<crypto::Digest>> DigestGiven(const Options& options) {
  if (!options.paper.empty()) {
    const Buffer paper = TRY(ReadFile(options.paper, kPaperBytesMax));
    return std::optional(crypto::Sha256(paper));
  }
  if (options.digest.empty()) return std::optional<crypto::Digest>();
  const Buffer bytes = TRY_IN("--paper-digest", FromHex(options.digest));
  crypto::Digest digest{};
  if (bytes.size() != digest.size()) return Invalid("--paper-digest: not 64 hexadecimal digits");
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return std::optional(digest);
}

Status Confirm(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const OrderId id = TRY(OrderId::Parse(options.order));
  const std::string source = TRY(deployment->casebook().OrderSource(id));
  const order::Order order = TRY(order::ParseOrder(source, deployment->regime()));
  const std::optional<crypto::Digest> digest = TRY(DigestGiven(options));
  const std::optional<order::Paper> paper = TRY(order::PaperConfirmed(order, digest));
  std::string reason = options.reason;
  if (paper) {
    reason += (reason.empty() ? "" : "; ") + ("compared with " + paper->name + ", SHA-256 " + paper->sha256);
  }
  const order::Event event =
      TRY(EventBy(*deployment, options.by, order::EventKind::kConfirmed, std::move(reason)));
  TRY(RecordOrderEvent(*deployment, id, event));
  if (!paper)
    session.err << "the order names no paper by its digest: nothing shows which paper was compared\n";
  return SayStep(session, *deployment, id, order::EventKind::kConfirmed);
}

}  // namespace

void AddConfirm(CLI::App* order, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* confirm =
      order->add_subcommand("confirm", "a second person compared the transcription with the paper");
  confirm->add_option("ORDER", options->order, "the order's id")->required();
  confirm->add_option("--by", options->by, "who did it")->required();
  CLI::Option* paper = confirm->add_option("--paper", options->paper, "the paper compared with, as a file");
  confirm->add_option("--paper-digest", options->digest, "its SHA-256, where the file is elsewhere")
      ->excludes(paper);
  confirm->add_option("--reason", options->reason, "how it was compared");
  OnRun(confirm, session, [&session, options] { return Confirm(session, *options); });
}

}  // namespace probatio::cli
