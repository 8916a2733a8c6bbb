// The verifier's path, in order: container, signature, files, ledger, scope, rows, what is granted. What
// fails is named and nothing is said to be proved then. Thread-safe.
#include "evidence/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "evidence/verify_parts.h"

namespace probatio::evidence {
namespace {

constexpr std::array<std::string_view, 10> kFiles{
    "mimetype",   kManifestName, kSignatureName,          "disclosure.json",       "disclosure.csv",
    "scope.json", "proofs.json", "ledger/checkpoint.txt", "ledger/checkpoint.tst", "report.pdf"};

const Member* Find(const SignedContainer& container, std::string_view name) {
  const auto found = std::find_if(container.members.begin(), container.members.end(),
                                  [&](const Member& member) { return member.name == name; });
  return found == container.members.end() ? nullptr : &*found;
}

std::string TextOf(const SignedContainer& container, std::string_view name) {
  const Member* member = Find(container, name);
  return member == nullptr ? std::string() : std::string(AsText(member->content));
}

bool IsOurs(const SignedContainer& container) {
  return Find(container, "disclosure.json") != nullptr || Find(container, "proofs.json") != nullptr ||
         Find(container, "scope.json") != nullptr;
}

void CheckFileList(const SignedContainer& container, Findings* findings) {
  for (const std::string_view name : kFiles) {
    if (Find(container, name) == nullptr) findings->push_back(std::string(name) + ": missing");
  }
  for (const Member& member : container.members) {
    if (std::find(kFiles.begin(), kFiles.end(), member.name) == kFiles.end()) {
      findings->push_back(member.name + ": no file of the format");
    }
  }
  const auto same = [](std::string_view name, const Member& member) { return name == member.name; };
  if (findings->empty() &&
      !std::equal(kFiles.begin(), kFiles.end(), container.members.begin(), container.members.end(), same)) {
    findings->push_back("container: its members stand in another order");
  }
}

// The value, or a finding and nothing.
template <class T>
std::optional<T> Read(Result<T> result, const std::string& place, Findings* findings) {
  if (result.ok()) return std::move(result).value();
  findings->push_back(place + ": " + result.error().what());
  return std::nullopt;
}

PackageFiles ReadFiles(const SignedContainer& container, Findings* findings) {
  PackageFiles files;
  files.disclosure_json = TextOf(container, "disclosure.json");
  files.checkpoint = TextOf(container, "ledger/checkpoint.txt");
  files.disclosure = Read(ParseDisclosure(files.disclosure_json), "disclosure.json", findings);
  files.signed_scope = Read(ParseScopeFile(TextOf(container, "scope.json")), "scope.json", findings);
  if (files.signed_scope.has_value()) {
    files.scope = Read(order::ScopeFromJson(files.signed_scope->scope_json), "scope.json", findings);
  }
  files.proofs = Read(ParseProofs(TextOf(container, "proofs.json")), "proofs.json", findings);
  if (files.disclosure.has_value()) {
    const Result<std::string> csv = DisclosureCsv(files.disclosure_json);
    if (!csv.ok() || csv.value() != TextOf(container, "disclosure.csv")) {
      findings->push_back("disclosure.csv: is not the table of disclosure.json");
    }
  }
  return files;
}

// One signature, by a seal, with a time-stamp. OpenContainer judged the bytes and the chain.
std::optional<crypto::Signature> CheckSeal(const SignedContainer& container, Findings* findings) {
  if (container.signatures.size() != 1) {
    if (container.findings.empty())
      findings->push_back(std::string(kSignatureName) + ": not exactly one signature");
    return std::nullopt;
  }
  const crypto::Signature& signature = container.signatures.front();
  if (!signature.timestamp.has_value()) {
    findings->push_back(std::string(kSignatureName) + ": carries no time-stamp");
    return std::nullopt;
  }
  // The certificate as its own anchor: the chain is judged already, this asks for the use and the dates.
  const Status seal = signature.signer.VerifyChain({}, std::span(&signature.signer, 1),
                                                   signature.timestamp->at, crypto::CertificateUse::kSeal);
  if (!seal.ok())
    findings->push_back(std::string(kSignatureName) +
                        ": is not by a provider's seal: " + seal.error().what());
  return signature;
}

std::optional<crypto::TimestampToken> CheckCheckpointStamp(const SignedContainer& container,
                                                           const Trust& trust, Findings* findings) {
  const std::string place = "ledger/checkpoint.tst";
  const Member* stamp = Find(container, place);
  if (stamp == nullptr) return std::nullopt;
  std::optional<crypto::TimestampToken> token = Read(crypto::ParseTimestamp(stamp->content), place, findings);
  if (!token.has_value()) return token;
  // Bare tokens only: a response around it would be bytes that nobody checks.
  if (token->der != stamp->content) findings->push_back(place + ": is not a bare time-stamp token");
  const Status held = crypto::VerifyTimestamp(
      *token, crypto::Sha256(AsBytes(TextOf(container, "ledger/checkpoint.txt"))), trust.anchors);
  if (!held.ok()) findings->push_back(place + ": " + held.error().what());
  return token;
}

// Of the certificates behind the package's signature and the checkpoint's time-stamp.
crypto::RevocationReport CheckRevocation(const SignedContainer& container,
                                         const std::optional<crypto::TimestampToken>& stamp,
                                         const Trust& trust, Findings* findings) {
  crypto::RevocationReport report = container.revocation;
  if (trust.anchors.empty() || !stamp.has_value()) return report;
  std::vector<crypto::RevocationValue> values = trust.revocation;
  for (const crypto::Signature& signature : container.signatures)
    values.insert(values.end(), signature.revocation.begin(), signature.revocation.end());
  const Result<crypto::RevocationReport> judged =
      crypto::JudgeRevocation(*stamp, trust.anchors, values, trust.now);
  if (!judged.ok()) {
    findings->push_back("ledger/checkpoint.tst: " + judged.error().what());
    return report;
  }
  // Both time-stamps are mostly by one authority: each thing is said once.
  const auto add = [](const std::vector<std::string>& lines, std::vector<std::string>& to) {
    for (const std::string& line : lines) {
      if (std::find(to.begin(), to.end(), line) == to.end()) to.push_back(line);
    }
  };
  add(judged.value().unrevoked, report.unrevoked);
  add(judged.value().not_known, report.not_known);
  return report;
}

// Where each disclosed event of a platform came from: the next operator's question.
std::vector<VerifiedTuple> TuplesOf(const PackageFiles& files) {
  std::vector<VerifiedTuple> tuples;
  for (const ReadRow& row : files.disclosure->rows) {
    const auto* activity = std::get_if<record::Activity>(&files.proofs->rows.at(row.id).record);
    if (activity == nullptr || !activity->source_ip.has_value() || !activity->source_port.has_value())
      continue;
    if (!activity->proto.has_value()) continue;  // an operator tells TCP from UDP; we do not guess
    const Timestamp& at = activity->origin.at;
    tuples.push_back({row.id,
                      {*activity->source_ip, *activity->source_port, *activity->proto, at.at,
                       at.resolution_ns + at.error_ns}});
  }
  return tuples;
}

void Describe(const PackageFiles& files, Verification* verification) {
  if (files.scope.has_value()) verification->order = files.scope->order.text();
  if (!files.disclosure.has_value()) return;
  verification->provider = files.disclosure->provider;
  for (const ReadRow& row : files.disclosure->rows) {
    std::string faces;
    for (const std::string& face : row.faces) faces += (faces.empty() ? "" : ", ") + face;
    verification->rows.push_back(
        fmt::format("{} {} segment {} faces {}", row.id, row.grade, row.segment, faces));
  }
}

void VerifyOurs(Bytes file, const SignedContainer& container, const Trust& trust,
                Verification* verification) {
  Findings* findings = &verification->failures;
  if (!container.canonical) {
    const Status canonical = CheckCanonical(file, container.members);
    findings->push_back(canonical.ok() ? "container: not as written" : canonical.error().what());
  }
  CheckFileList(container, findings);
  if (TextOf(container, "mimetype") != kMimeType) findings->push_back("mimetype: is not that of ASiC-E");
  const std::optional<crypto::Signature> seal = CheckSeal(container, findings);
  const std::optional<crypto::TimestampToken> stamp = CheckCheckpointStamp(container, trust, findings);
  const crypto::RevocationReport revocation = CheckRevocation(container, stamp, trust, findings);
  const PackageFiles files = ReadFiles(container, findings);
  Describe(files, verification);
  const LedgerView ledger = CheckLedger(files, trust, findings);
  CheckApprovers(files, trust, findings);
  CheckScope(files, ledger, findings);
  CheckRows(files, ledger, findings);
  CheckGranted(files, findings);
  if (!findings->empty()) return;
  SayWhatHolds({files, ledger, *seal, *stamp, revocation}, trust, verification);
  verification->tuples = TuplesOf(files);
}

void SayForeign(const SignedContainer& container, const Trust& trust, Verification* verification) {
  verification->declared.push_back(
      "this is no package of ours: only its signatures were judged, not what it says");
  for (const std::string& note : container.notes) verification->declared.push_back(note);
  if (!verification->failures.empty()) return;
  for (const crypto::Signature& signature : container.signatures) {
    std::string line = "signed by " + signature.signer.CommonName();
    if (signature.timestamp.has_value()) line += ", before " + signature.timestamp->at.ToRfc3339();
    verification->proved.push_back(std::move(line));
  }
  SayRevocation(container.revocation, verification);
  if (trust.anchors.empty()) {
    verification->declared.push_back(
        "that the certificates belong to whom they name: no trusted certificates were given");
  }
}

}  // namespace

Result<Verification> VerifyPackage(Bytes file, const Trust& trust) {
  constexpr std::array<std::uint8_t, 4> kZipMark{'P', 'K', 3, 4};
  Verification verification;
  const Result<SignedContainer> opened = OpenContainer(file, trust.anchors, trust.now, trust.revocation);
  if (!opened.ok()) {
    if (file.size() < kZipMark.size() || !std::equal(kZipMark.begin(), kZipMark.end(), file.begin())) {
      return opened.error();
    }
    verification.failures.push_back(opened.error().what());  // it is a container, and a damaged one
    return verification;
  }
  const SignedContainer& container = opened.value();
  verification.ours = IsOurs(container);
  verification.failures = container.findings;
  if (verification.ours) {
    VerifyOurs(file, container, trust, &verification);
  } else {
    SayForeign(container, trust, &verification);
  }
  verification.valid = verification.failures.empty();
  return verification;
}

}  // namespace probatio::evidence
