#include "crypto/revocation.h"

#include <fmt/format.h>
#include <openssl/ocsp.h>
#include <openssl/x509.h>

#include <algorithm>

#include "crypto/certificate_path.h"
#include "crypto/revocation_parts.h"
#include "crypto/signed_data.h"

namespace probatio::crypto {
namespace {

using List = Handle<X509_CRL, X509_CRL_free>;
using Response = Handle<OCSP_BASICRESP, OCSP_BASICRESP_free>;

// All that was brought, decoded once.
class Informants {
 public:
  void Add(std::span<const RevocationValue> values) {
    for (const RevocationValue& value : values) {
      const unsigned char* at = value.der.data();
      const long size = static_cast<long>(value.der.size());
      if (value.kind == RevocationValue::Kind::kList) {
        List list(d2i_X509_CRL(nullptr, &at, size));
        if (list != nullptr) lists_.push_back(std::move(list));
      } else {
        Response response(d2i_OCSP_BASICRESP(nullptr, &at, size));
        if (response != nullptr) responses_.push_back(std::move(response));
      }
    }
    ForgetLibraryErrors();
  }

  std::vector<Statement> Ask(const Certificate& subject, const Certificate& issuer, Instant now) const {
    std::vector<Statement> heard;
    const auto hear = [&](std::optional<Statement> statement, std::string_view kind) {
      if (!statement || statement->made > now + kIssuerClockAheadMax) return;
      statement->source =
          fmt::format("{} of {} of {}", kind, issuer.CommonName(), statement->made.ToRfc3339());
      if (statement->made >= subject.Validity().end) statement->covers = false;
      heard.push_back(*std::move(statement));
    };
    for (const List& list : lists_) hear(AskList(list.get(), subject.native(), issuer.native()), "CRL");
    for (const Response& response : responses_) hear(AskResponse(response.get(), subject, issuer), "OCSP");
    // What was said last counts for words: it knows of the most revocations.
    std::stable_sort(heard.begin(), heard.end(),
                     [](const Statement& a, const Statement& b) { return a.made > b.made; });
    return heard;
  }

 private:
  std::vector<List> lists_;
  std::vector<Response> responses_;
};

bool IsSilentAt(const Statement& statement, Instant at) {
  if (!statement.covers || statement.revoked) return false;
  return statement.made >= at || (statement.until && at <= *statement.until);
}

// Whose certificate is asked for, at which instant.
struct Question {
  std::string who;
  Instant at;
  bool stamped = false;   // whether a time-stamp of somebody else proves that instant
  bool stamping = false;  // the certificates of the time-stamp itself
};

Status RefuseRevoked(const Question& question, const Statement& said) {
  if (question.stamping) {
    if (said.orderly && *said.revoked > question.at) return Done{};
    return CryptoError(fmt::format(
        "{} was revoked on {}{} ({})", question.who, said.revoked->ToRfc3339(),
        said.orderly ? "" : ", not for an orderly end, so that no token of it holds", said.source));
  }
  if (question.stamped && *said.revoked > question.at) return Done{};
  return CryptoError(fmt::format("{} was revoked on {}, and {} ({})", question.who, said.revoked->ToRfc3339(),
                                 question.stamped
                                     ? "the time-stamp is later: " + question.at.ToRfc3339()
                                     : "no time-stamp of somebody else proves that it signed before",
                                 said.source));
}

Status JudgeOne(const Question& question, const std::vector<Statement>& heard, RevocationReport* report) {
  const Statement* revoked = nullptr;
  const Statement* silent = nullptr;
  for (const Statement& each : heard) {
    if (each.revoked) {
      TRY(RefuseRevoked(question, each));
      revoked = &each;
    } else if (silent == nullptr && IsSilentAt(each, question.at)) {
      silent = &each;
    }
  }
  const std::string at = question.at.ToRfc3339();
  if (revoked != nullptr) {
    report->unrevoked.push_back(fmt::format("{} was revoked on {}, after the time-stamp of {} ({})",
                                            question.who, revoked->revoked->ToRfc3339(), at,
                                            revoked->source));
  } else if (silent != nullptr) {
    report->unrevoked.push_back(
        fmt::format("{} was not revoked at {} ({})", question.who, at, silent->source));
  } else {
    report->not_known.push_back(fmt::format(
        "{} is not known to be unrevoked at {}: {}", question.who, at,
        heard.empty() ? "no list and no response speaks of it" : "not covered by the " + heard[0].source));
  }
  return Done{};
}

Status JudgePath(std::span<const Certificate> path, Question question, const std::string& authority,
                 const Informants& informants, Instant now, RevocationReport* report) {
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    if (i > 0) question.who = fmt::format("{} '{}'", authority, path[i].CommonName());
    TRY(JudgeOne(question, informants.Ask(path[i], path[i + 1], now), report));
  }
  return Done{};
}

Status JudgeStamp(const TimestampToken& token, std::span<const Certificate> anchors,
                  const Informants& informants, Instant now, RevocationReport* report) {
  const SignedData message = TRY(SignedData::Parse(token.der));
  const std::vector<Certificate> path =
      TRY(CertificatePath(message.signer(), message.certificates(), anchors, token.at));
  return JudgePath(path, {"the time-stamp's certificate", token.at, true, true},
                   "the certificate of the time-stamp's authority", informants, now, report);
}

}  // namespace

Result<RevocationReport> JudgeRevocation(const Signature& signature, const Anchors& anchors,
                                         std::span<const RevocationValue> values, Instant now) {
  CHECK(!anchors.signers.empty());
  const std::optional<TimestampToken>& stamp = signature.timestamp;
  const bool stamped = stamp && stamp->policy != kLocalTimestampPolicy;
  const Instant at = stamp ? stamp->at : now;
  Informants informants;
  informants.Add(values);
  informants.Add(signature.revocation);
  RevocationReport report;
  const std::vector<Certificate> path =
      TRY_IN("revocation", CertificatePath(signature.signer, signature.enclosed, anchors.signers, at));
  TRY(JudgePath(path, {"the signer's certificate", at, stamped, false}, "the certificate of the authority",
                informants, now, &report));
  if (stamp) TRY_IN("revocation", JudgeStamp(*stamp, anchors.stamps, informants, now, &report));
  return report;
}

Result<RevocationReport> JudgeRevocation(const TimestampToken& token, std::span<const Certificate> anchors,
                                         std::span<const RevocationValue> values, Instant now) {
  CHECK(!anchors.empty());
  Informants informants;
  informants.Add(values);
  informants.Add(FindRevocationValues(token.der));
  RevocationReport report;
  TRY_IN("revocation", JudgeStamp(token, anchors, informants, now, &report));
  return report;
}

void Append(const RevocationReport& more, RevocationReport* report) {
  report->unrevoked.insert(report->unrevoked.end(), more.unrevoked.begin(), more.unrevoked.end());
  report->not_known.insert(report->not_known.end(), more.not_known.begin(), more.not_known.end());
}

std::string RevocationText(const RevocationReport& report) {
  std::string text;
  for (const std::vector<std::string>* part : {&report.unrevoked, &report.not_known}) {
    for (const std::string& line : *part) text += (text.empty() ? "" : "; ") + line;
  }
  return text.empty() ? "its certificate is itself the one that is trusted: no revocation to ask for" : text;
}

}  // namespace probatio::crypto
