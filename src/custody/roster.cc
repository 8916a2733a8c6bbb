#include "custody/roster.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace probatio::custody {
namespace {

using record::RecordClass;

constexpr std::array kAllClasses{RecordClass::kIdentity, RecordClass::kAccount, RecordClass::kActivity,
                                 RecordClass::kNetwork};
constexpr std::string_view kIdLine = "custodian: ";
constexpr std::string_view kBackupLine = "backup: yes";
constexpr std::string_view kClassesLine = "classes: ";
constexpr std::string_view kPemBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kPemEnd = "-----END CERTIFICATE-----";

Status CheckClass(const std::vector<Custodian>& custodians, RecordClass record_class, unsigned needed) {
  std::set<PersonId> serving;
  for (const Custodian& custodian : custodians) {
    if (custodian.Serves(record_class) && !serving.insert(custodian.id).second) {
      return Invalid(fmt::format("custodian {}: two certificates for class {}; he would hold two shares",
                                 custodian.id.text(), record::ToText(record_class)));
    }
  }
  const bool lone = needed == 1 && serving.size() == 1;
  if (!lone && (needed < 2 || serving.size() < needed || serving.size() > kCustodiansMax)) {
    return Invalid(fmt::format("custodians: {} for class {}, of whom {} must act together", serving.size(),
                               record::ToText(record_class), needed));
  }
  return Done{};
}

// "custodian: ID", then the marks that are not the rule.
Status ReadLine(std::string_view line, Custodian* custodian) {
  if (line.starts_with(kIdLine)) {
    custodian->id = TRY(PersonId::Parse(line.substr(kIdLine.size())));
  } else if (line == kBackupLine) {
    custodian->backup = true;
  } else if (line.starts_with(kClassesLine)) {
    line.remove_prefix(kClassesLine.size());
    while (!line.empty()) {
      const std::size_t end = std::min(line.find(' '), line.size());
      const RecordClass record_class = TRY(record::ParseRecordClass(line.substr(0, end)));
      custodian->classes.push_back(record_class);
      line.remove_prefix(std::min(end + 1, line.size()));
    }
  } else {
    return Invalid("a line that is neither custodian, backup, classes nor a certificate");
  }
  return Done{};
}

Result<Custodian> ReadCustodian(std::string_view head, std::string_view pem) {
  crypto::Certificate certificate = TRY(crypto::Certificate::FromPem(pem));
  Custodian custodian{{}, std::move(certificate), false, {}};
  while (!head.empty()) {
    const std::size_t end = std::min(head.find('\n'), head.size());
    TRY(ReadLine(head.substr(0, end), &custodian));
    head.remove_prefix(std::min(end + 1, head.size()));
  }
  if (custodian.id.empty()) return Invalid("a certificate without its custodian's id");
  return custodian;
}

}  // namespace

bool Custodian::Serves(RecordClass record_class) const {
  return classes.empty() || std::find(classes.begin(), classes.end(), record_class) != classes.end();
}

Result<Roster> Roster::Make(std::vector<Custodian> custodians, unsigned needed) {
  if (custodians.size() > kRosterEntriesMax) return Invalid("custodians: more than 64 certificates");
  std::set<crypto::Digest> seen;
  for (const Custodian& custodian : custodians) {
    if (!seen.insert(custodian.certificate.Fingerprint()).second) {
      return Invalid("custodian " + custodian.id.text() + ": the same certificate twice");
    }
    const Result<Buffer> sealed = crypto::EncryptTo(std::span(&custodian.certificate, 1), {});
    if (!sealed.ok()) return sealed.error().Within("custodian " + custodian.id.text());
  }
  for (const RecordClass record_class : kAllClasses) TRY(CheckClass(custodians, record_class, needed));
  return Roster(std::move(custodians), needed);
}

Result<Roster> Roster::Parse(std::string_view text, unsigned needed) {
  if (text.size() > kRosterBytesMax) return Invalid("custodians: longer than 1 MiB");
  std::vector<Custodian> custodians;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t begin = rest.find(kPemBegin);
    const std::size_t end = rest.find(kPemEnd, std::min(begin, rest.size()));
    if (end == std::string_view::npos) return Invalid("custodians: text after the last certificate");
    const std::size_t next = std::min(end + kPemEnd.size() + 1, rest.size());
    Custodian custodian =
        TRY_IN("custodians", ReadCustodian(rest.substr(0, begin), rest.substr(begin, next - begin)));
    custodians.push_back(std::move(custodian));
    if (custodians.size() > kRosterEntriesMax) return Invalid("custodians: more than 64 certificates");
    rest.remove_prefix(next);
  }
  Roster roster = TRY(Make(std::move(custodians), needed));
  // One text for one set, because its digest stands in the ledger.
  if (roster.ToText() != text) return Invalid("custodians: not in the form that this program writes");
  return roster;
}

std::string Roster::ToText() const {
  std::string text;
  for (const Custodian& custodian : custodians_) {
    text += fmt::format("{}{}\n", kIdLine, custodian.id.text());
    if (custodian.backup) text += fmt::format("{}\n", kBackupLine);
    if (!custodian.classes.empty()) {
      text += "classes:";
      for (const RecordClass record_class : custodian.classes) {
        text += fmt::format(" {}", record::ToText(record_class));
      }
      text += "\n";
    }
    text += custodian.certificate.ToPem();
  }
  return text;
}

CustodianSet Roster::SetFor(RecordClass record_class) const {
  CustodianSet set;
  set.needed = needed_;
  for (const Custodian& custodian : custodians_) {
    if (custodian.Serves(record_class)) set.custodians.push_back(custodian.certificate);
  }
  return set;
}

std::size_t Roster::People() const {
  std::set<PersonId> people;
  for (const Custodian& custodian : custodians_) people.insert(custodian.id);
  return people.size();
}

std::size_t Roster::Backups() const {
  std::set<PersonId> people;
  for (const Custodian& custodian : custodians_) {
    if (custodian.backup) people.insert(custodian.id);
  }
  return people.size();
}

std::string Roster::NameOf(const crypto::Digest& fingerprint) const {
  for (const Custodian& custodian : custodians_) {
    if (custodian.certificate.Fingerprint() == fingerprint) return custodian.id.text();
  }
  return ShortFingerprint(fingerprint);
}

Result<std::vector<Custodian>> Roster::Without(const PersonId& id) const {
  std::vector<Custodian> others;
  for (const Custodian& custodian : custodians_) {
    if (custodian.id != id) others.push_back(custodian);
  }
  if (others.size() == custodians_.size()) return NotFound("custodian " + id.text() + ": not in the set");
  return others;
}

std::vector<std::string> ExpiryWarnings(const Roster& roster, Instant now) {
  std::vector<std::string> warnings;
  for (const Custodian& custodian : roster.custodians()) {
    const Instant end = custodian.certificate.Validity().end;
    if (now + kExpiryWarningDays * kNsPerDay < end) continue;
    warnings.push_back(
        fmt::format("warning: the certificate of custodian {} {} on {}; nothing stops, but let a new key be "
                    "made and run: "
                    "probatio custody rotate --retire {} --certificate NEW.crt",
                    custodian.id.text(), end <= now ? "ended" : "ends", end.ToRfc3339().substr(0, 10),
                    custodian.id.text()));
  }
  return warnings;
}

}  // namespace probatio::custody
