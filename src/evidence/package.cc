// Lays a disclosure out as files and signs them as one container. Thread-safe.
#include "evidence/package.h"

#include <fmt/format.h>

namespace probatio::evidence {
namespace {

Buffer Text(std::string_view text) {
  return ToBuffer(AsBytes(text));
}

// One checkpoint covers every entry, or the verifier would have to be told how two of them fit together.
Status CheckOneCheckpoint(const Disclosure& disclosure) {
  const std::string& checkpoint = disclosure.executed.checkpoint;
  if (disclosure.order_received.checkpoint != checkpoint) {
    return Invalid("package: the order's reception is proved against another checkpoint");
  }
  for (const auto& [segment, closed] : disclosure.segments) {
    if (closed.checkpoint != checkpoint) {
      return Invalid(fmt::format("package: segment {} is proved against another checkpoint", segment.text()));
    }
  }
  return Done{};
}

// Nothing leaves before the ledger holds its entry: this entry, of these bytes.
Status CheckExecuted(const Disclosure& disclosure, std::string_view json) {
  const ledger::ProvedEntry proved =
      TRY_IN("package: executed", ledger::VerifyEntry(disclosure.executed, disclosure.ledger_key));
  const auto digest = proved.entry.fields.find("digest");
  const std::string expected = ToHex(DisclosureDigest(json, disclosure.signed_scope.scope_json));
  if (proved.entry.type != "disclosure_executed" || digest == proved.entry.fields.end() ||
      digest->second != expected) {
    return CryptoError("package: the ledger's entry is not of this disclosure");
  }
  return Done{};
}

}  // namespace

Result<Buffer> BuildPackage(const Disclosure& disclosure, Bytes report_pdf, const Signer& signer,
                            Instant now) {
  const std::string json = DisclosureJson(disclosure);
  TRY(CheckOneCheckpoint(disclosure));
  TRY(CheckExecuted(disclosure, json));
  const std::string csv = TRY(DisclosureCsv(json));
  const std::string& checkpoint = disclosure.executed.checkpoint;
  const crypto::TimestampToken stamp =
      TRY_IN("package: checkpoint", signer.authority.Stamp(crypto::Sha256(AsBytes(checkpoint))));

  const std::vector<Member> members = {
      {"disclosure.json", Text(json)},
      {"disclosure.csv", Text(csv)},
      {"scope.json", Text(ScopeFileJson(disclosure.signed_scope))},
      {"proofs.json", Text(ProofsJson(disclosure))},
      {"ledger/checkpoint.txt", Text(checkpoint)},
      {"ledger/checkpoint.tst", stamp.der},
      {"report.pdf", ToBuffer(report_pdf)},
  };
  return SignContainer(members, signer, now);
}

}  // namespace probatio::evidence
