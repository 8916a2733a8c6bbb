// The people of the provider. Names and certificates are sealed; id, role and the certificate's fingerprint
// are in the ledger, where the custodians' station looks for them. For one thread.
#include <fmt/format.h>
#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST  // see database.cc
#include <soci/soci.h>

#include "base/utf8.h"
#include "casebook/parts.h"

namespace probatio::casebook {
namespace {

struct PersonRow {
  std::string id;
  std::string name;  // sealed
  std::string role;
  std::string certificate;  // sealed
  long long active = 0;
};

constexpr char kSelect[] = "SELECT id, name, role, certificate, active FROM people";

Result<Person> OpenRow(const SealedColumns& columns, const PersonRow& row) {
  Person person;
  person.id = TRY_IN("casebook: people.id", PersonId::Parse(row.id));
  person.display_name = TRY(columns.Open({"people", "name", row.id}, row.name));
  person.role = TRY_IN("casebook: people.role", ParseRole(row.role));
  person.certificate_pem = TRY(columns.Open({"people", "certificate", row.id}, row.certificate));
  person.active = row.active != 0;
  return person;
}

Status CheckName(const std::string& name) {
  if (name.empty()) return Invalid("person: no name");
  if (name.size() > kPersonNameBytesMax) {
    return Invalid(
        fmt::format("person: name: {} octets, at most {} are allowed", name.size(), kPersonNameBytesMax));
  }
  TRY_IN("person: name", CheckText(name));
  return Done{};
}

// As a reader takes two names for one: without regard to case (of ASCII letters) and to spaces.
std::string Folded(std::string_view name) {
  std::string folded;
  for (const char c : name) {
    if (c == ' ' || c == '\t') continue;
    folded += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return folded;
}

Result<Buffer> KeyOf(const std::string& certificate_pem) {
  const crypto::Certificate certificate = TRY(crypto::Certificate::FromPem(certificate_pem));
  return certificate.Public().ToDer();
}

// One human under two ids would be two approvers, or judge and approve. A key is one human's for ever, also
// after the person left; a name may be given again then.
Status RefuseSameHuman(const Person& person, const Person& known) {
  if (!person.certificate_pem.empty() && !known.certificate_pem.empty()) {
    const Buffer key = TRY(KeyOf(person.certificate_pem));
    const Buffer known_key = TRY(KeyOf(known.certificate_pem));
    if (key == known_key) {
      return Denied("person: the key is that of " + known.id.text() + ": one human has one id and one key");
    }
  }
  if (known.active && Folded(person.display_name) == Folded(known.display_name)) {
    return Denied("person: the name is that of " + known.id.text() +
                  ": one human has one id; of two namesakes, write into the name what tells them apart");
  }
  return Done{};
}

std::vector<PersonRow> SelectPeople(soci::session& sql) {
  PersonRow row;
  soci::statement select =
      (sql.prepare << std::string(kSelect) + " ORDER BY id", soci::into(row.id), soci::into(row.name),
       soci::into(row.role), soci::into(row.certificate), soci::into(row.active));
  select.execute();
  std::vector<PersonRow> all;
  while (select.fetch()) all.push_back(row);
  return all;
}

Result<ledger::Entry> EntryFor(const Person& person, Instant at) {
  ledger::Entry entry{
      "person_added", at, {{"person", person.id.text()}, {"role", std::string(ToText(person.role))}}};
  if (person.certificate_pem.empty()) return entry;
  const auto certificate =
      TRY_IN("person: certificate", crypto::Certificate::FromPem(person.certificate_pem));
  entry.fields["certificate"] = ToHex(certificate.Fingerprint());
  return entry;
}

}  // namespace

std::string_view ToText(Role role) {
  switch (role) {
    case Role::kIntake:
      return "intake";
    case Role::kLegal:
      return "legal";
    case Role::kApprover:
      return "approver";
    case Role::kCustodian:
      return "custodian";
    case Role::kAuditor:
      return "auditor";
    case Role::kAdministrator:
      return "administrator";
    case Role::kApplicant:
      return "applicant";
  }
  CHECK(false);
}

Result<Role> ParseRole(std::string_view text) {
  for (const Role role : kRoles) {
    if (ToText(role) == text) return role;
  }
  return Invalid("role: not intake, legal, approver, custodian, auditor, administrator or applicant");
}

Status Casebook::AddPerson(const Person& person, Instant at, ledger::Ledger& ledger) {
  TRY(CheckName(person.display_name));
  const ledger::Entry entry = TRY(EntryFor(person, at));
  const std::string& id = person.id.text();
  if (id.empty()) return Invalid("person: no id");
  TRY(parts_->storage.AppendWith(ledger, entry, [&](std::uint64_t) -> Status {
    long long found = 0;
    parts_->sql() << "SELECT COUNT(*) FROM people WHERE id = :id", soci::into(found), soci::use(id);
    if (found != 0) return Denied("person: the id is taken");
    for (const PersonRow& row : SelectPeople(parts_->sql())) {
      const Person known = TRY(OpenRow(parts_->columns, row));
      TRY(RefuseSameHuman(person, known));
    }
    const std::string name = parts_->columns.Seal({"people", "name", id}, person.display_name);
    const std::string role(ToText(person.role));
    const std::string certificate =
        parts_->columns.Seal({"people", "certificate", id}, person.certificate_pem);
    const long long active = person.active ? 1 : 0;
    parts_->sql()
        << "INSERT INTO people (id, name, role, certificate, active) VALUES (:id, :name, :role, :c, :active)",
        soci::use(id), soci::use(name), soci::use(role), soci::use(certificate), soci::use(active);
    return Done{};
  }));
  return Done{};
}

Status Casebook::DeactivatePerson(const PersonId& id, Instant at, ledger::Ledger& ledger) {
  const ledger::Entry entry{"person_deactivated", at, {{"person", id.text()}}};
  TRY(parts_->storage.AppendWith(ledger, entry, [&](std::uint64_t) -> Status {
    long long active = 0;
    parts_->sql() << "SELECT active FROM people WHERE id = :id", soci::into(active), soci::use(id.text());
    if (!parts_->sql().got_data()) return NotFound("person: not in the casebook");
    if (active == 0) return Denied("person: not active already");
    parts_->sql() << "UPDATE people SET active = 0 WHERE id = :id", soci::use(id.text());
    return Done{};
  }));
  return Done{};
}

Result<Person> Casebook::FindPerson(const PersonId& id) {
  const PersonRow row = TRY(parts_->database->Run([&]() -> Result<PersonRow> {
    PersonRow found;
    parts_->sql() << std::string(kSelect) + " WHERE id = :id", soci::into(found.id), soci::into(found.name),
        soci::into(found.role), soci::into(found.certificate), soci::into(found.active), soci::use(id.text());
    if (!parts_->sql().got_data()) return NotFound("person: not in the casebook");
    return found;
  }));
  return OpenRow(parts_->columns, row);
}

Result<std::vector<Person>> Casebook::ListPeople() {
  const auto rows = TRY(
      parts_->database->Run([&]() -> Result<std::vector<PersonRow>> { return SelectPeople(parts_->sql()); }));
  std::vector<Person> people;
  for (const PersonRow& row : rows) {
    Person person = TRY(OpenRow(parts_->columns, row));
    people.push_back(std::move(person));
  }
  return people;
}

}  // namespace probatio::casebook
