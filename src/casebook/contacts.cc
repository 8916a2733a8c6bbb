// How people are reached. Addresses are sealed; who is on call, who stands in and when somebody is away are
// ids and instants. For one thread.
#include <fmt/format.h>
#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST  // see database.cc
#include <soci/soci.h>

#include <algorithm>

#include "casebook/parts.h"

namespace probatio::casebook {
namespace {

// Enough to keep a typing error and a second header line out of a message; whether it is an address its
// server says.
Status CheckEmail(const std::string& email) {
  if (email.empty()) return Done{};
  if (email.size() > kEmailBytesMax)
    return Invalid(fmt::format("contact: e-mail: longer than {} octets", kEmailBytesMax));
  for (const char c : email) {
    if (c <= ' ' || c > '~' || c == '<' || c == '>' || c == ',' || c == ';')
      return Invalid("contact: e-mail: a character that no address has");
  }
  const std::size_t at = email.find('@');
  if (at == 0 || at == std::string::npos || at + 1 == email.size() ||
      email.find('@', at + 1) != std::string::npos)
    return Invalid("contact: e-mail: not of the form name@domain");
  return Done{};
}

Status RequirePerson(soci::session& sql, const PersonId& id, std::string_view what) {
  long long found = 0;
  sql << "SELECT COUNT(*) FROM people WHERE id = :id AND active = 1", soci::into(found), soci::use(id.text());
  if (found == 0) return NotFound(fmt::format("contact: {} is not an active person", what));
  return Done{};
}

bool SameAddress(std::string_view one, std::string_view other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(), [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return lower(a) == lower(b);
  });
}

struct ContactRow {
  std::string person;
  std::string email;  // sealed
  long long on_call = 0;
  std::string substitute;
};

std::vector<ContactRow> SelectContacts(soci::session& sql) {
  ContactRow row;
  soci::statement select =
      (sql.prepare << "SELECT contacts.person, contacts.email, contacts.on_call, contacts.substitute"
                      " FROM contacts JOIN people ON people.id = contacts.person"
                      " WHERE people.active = 1 ORDER BY contacts.person",
       soci::into(row.person), soci::into(row.email), soci::into(row.on_call), soci::into(row.substitute));
  select.execute();
  std::vector<ContactRow> rows;
  while (select.fetch()) rows.push_back(row);
  return rows;
}

std::vector<Period> SelectAbsences(soci::session& sql, const std::string& person) {
  long long begin = 0;
  long long end = 0;
  soci::statement select = (sql.prepare << "SELECT period_begin, period_end FROM absences WHERE person = :p"
                                           " ORDER BY period_begin, period_end",
                            soci::into(begin), soci::into(end), soci::use(person));
  select.execute();
  std::vector<Period> absences;
  while (select.fetch()) absences.push_back({Instant::FromUnixNs(begin), Instant::FromUnixNs(end)});
  return absences;
}

// Two ids with one mailbox are one human, or two who cannot be told apart.
Status RefuseSharedAddress(soci::session& sql, const SealedColumns& columns, const Contact& contact) {
  if (contact.email.empty()) return Done{};
  for (const ContactRow& row : SelectContacts(sql)) {
    if (row.person == contact.person.text()) continue;
    const std::string email = TRY(columns.Open({"contacts", "email", row.person}, row.email));
    if (SameAddress(email, contact.email)) {
      return Denied("contact: the address is that of " + row.person + ": each person has one of their own");
    }
  }
  return Done{};
}

}  // namespace

Status Casebook::SetContact(const Contact& contact, Instant at, ledger::Ledger& ledger) {
  TRY(CheckEmail(contact.email));
  if (contact.substitute && *contact.substitute == contact.person)
    return Invalid("contact: nobody stands in for himself");
  const ledger::Entry entry{"contact_changed",
                            at,
                            {{"person", contact.person.text()}, {"on_call", contact.on_call ? "yes" : "no"}}};
  TRY(parts_->storage.AppendWith(ledger, entry, [&](std::uint64_t) -> Status {
    TRY(RequirePerson(parts_->sql(), contact.person, "the person"));
    if (contact.substitute) TRY(RequirePerson(parts_->sql(), *contact.substitute, "the substitute"));
    TRY(RefuseSharedAddress(parts_->sql(), parts_->columns, contact));
    const std::string& person = contact.person.text();
    const std::string email = parts_->columns.Seal({"contacts", "email", person}, contact.email);
    const long long on_call = contact.on_call ? 1 : 0;
    const std::string substitute = contact.substitute ? contact.substitute->text() : "";
    parts_->sql() << "INSERT INTO contacts (person, email, on_call, substitute) VALUES (:p, :e, :o, :s)"
                     " ON CONFLICT (person) DO UPDATE SET email = excluded.email, on_call = excluded.on_call,"
                     " substitute = excluded.substitute",
        soci::use(person), soci::use(email), soci::use(on_call), soci::use(substitute);
    return Done{};
  }));
  return Done{};
}

Status Casebook::AddAbsence(const PersonId& id, const Period& absence) {
  if (absence.end <= absence.begin) return Invalid("absence: ends before it begins");
  return parts_->database->Write([&]() -> Status {
    TRY(RequirePerson(parts_->sql(), id, "the person"));
    const std::vector<Period> known = SelectAbsences(parts_->sql(), id.text());
    if (known.size() >= kAbsencesMax) return Denied(fmt::format("absence: more than {}", kAbsencesMax));
    const long long begin = absence.begin.unix_ns();
    const long long end = absence.end.unix_ns();
    parts_->sql() << "INSERT INTO absences (person, period_begin, period_end) VALUES (:p, :b, :e)"
                     " ON CONFLICT (person, period_begin, period_end) DO NOTHING",
        soci::use(id.text()), soci::use(begin), soci::use(end);
    return Done{};
  });
}

Result<std::vector<Contact>> Casebook::ListContacts() {
  const auto rows = TRY(parts_->database->Run(
      [&]() -> Result<std::vector<ContactRow>> { return SelectContacts(parts_->sql()); }));
  std::vector<Contact> contacts;
  for (const ContactRow& row : rows) {
    Contact contact;
    contact.person = TRY_IN("casebook: contacts.person", PersonId::Parse(row.person));
    contact.email = TRY(parts_->columns.Open({"contacts", "email", row.person}, row.email));
    contact.on_call = row.on_call != 0;
    if (!row.substitute.empty()) {
      contact.substitute = TRY_IN("casebook: contacts.substitute", PersonId::Parse(row.substitute));
    }
    contact.absences = TRY(parts_->database->Run(
        [&]() -> Result<std::vector<Period>> { return SelectAbsences(parts_->sql(), row.person); }));
    contacts.push_back(std::move(contact));
  }
  return contacts;
}

}  // namespace probatio::casebook
