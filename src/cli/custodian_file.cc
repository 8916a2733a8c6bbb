#include "cli/custodian_file.h"

#include <cstdio>
#include <filesystem>

#include "cli/files.h"

namespace probatio::cli {
namespace {

std::string PathOf(const Config& config) {
  return config.Path("custodians.pem");
}
std::string PreparedPathOf(const Config& config) {
  return config.Path("custodians.pem.prepared");
}

Result<std::string> DigestInForce(const ledger::Ledger& ledger) {
  const std::vector<ledger::Entry>& entries = ledger.entries();
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    if (entry->type != "key_ceremony" && entry->type != "custodian_rotated") continue;
    const auto digest = entry->fields.find("custodians");
    if (digest != entry->fields.end()) return digest->second;
  }
  return StorageError("ledger: no entry names the custodians; was this deployment made by init?");
}

Result<std::string> TextWithDigest(const std::string& path, const std::string& digest) {
  std::string text = TRY(ReadText(path, custody::kRosterBytesMax));
  if (ToHex(crypto::Sha256(AsBytes(text))) != digest) {
    return Denied(
        path +
        ": not the set of custodians that the ledger names; put the right file back (probatio ledger "
        "show: the last custodian_rotated or key_ceremony)");
  }
  return text;
}

Status FinishPrepared(const Config& config, const std::string& digest) {
  if (!std::filesystem::exists(PreparedPathOf(config))) return Done{};
  const Result<std::string> prepared = TextWithDigest(PreparedPathOf(config), digest);
  if (!prepared.ok()) return Done{};  // its entry was never made: the old set stands
  return WriteFile(PathOf(config), AsBytes(prepared.value()));
}

std::string Fingerprints(const custody::Roster& roster, const custody::Roster& other) {
  std::string list;
  for (const custody::Custodian& custodian : roster.custodians()) {
    const crypto::Digest fingerprint = custodian.certificate.Fingerprint();
    bool in_other = false;
    for (const custody::Custodian& one : other.custodians()) {
      in_other = in_other || one.certificate.Fingerprint() == fingerprint;
    }
    if (!in_other) list += (list.empty() ? "" : ",") + ToHex(fingerprint);
  }
  return list;
}

}  // namespace

Result<custody::Roster> ReadRoster(const Config& config, const ledger::Ledger& ledger) {
  const std::string digest = TRY(DigestInForce(ledger));
  TRY(FinishPrepared(config, digest));
  const std::string text = TRY(TextWithDigest(PathOf(config), digest));
  return TRY_IN(PathOf(config), custody::Roster::Parse(text, config.custodians_needed));
}

Status ChangeRoster(const Config& config, ledger::Ledger& ledger, const custody::Roster& before,
                    const custody::Roster& after, Instant now) {
  const std::string text = after.ToText();
  TRY(WriteFile(PreparedPathOf(config), AsBytes(text)));
  TRY(ledger.Append({"custodian_rotated",
                     now,
                     {{"custodians", ToHex(crypto::Sha256(AsBytes(text)))},
                      {"added", Fingerprints(after, before)},
                      {"retired", Fingerprints(before, after)},
                      {"m", std::to_string(after.needed())},
                      {"n", std::to_string(after.People())}}}));
  TRY(WriteFile(PathOf(config), AsBytes(text)));
  std::error_code ignored;
  std::filesystem::remove(PreparedPathOf(config), ignored);
  return Done{};
}

}  // namespace probatio::cli
