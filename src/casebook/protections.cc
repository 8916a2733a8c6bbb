// What is kept of a protected selector is its HMAC under a key of the deployment: whoever has the casebook
// alone learns neither a number nor whose it is, and cannot try numbers. For one thread.
#include <fmt/format.h>
#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST  // see database.cc
#include <soci/soci.h>

#include <algorithm>

#include "base/utf8.h"
#include "casebook/parts.h"
#include "casebook/protection.h"

namespace probatio::casebook {
namespace {

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

std::string BareNumber(std::string_view text) {
  std::string bare;
  for (const char c : text)
    if (std::string_view(" .-()/\t").find(c) == std::string_view::npos) bare += c;
  return bare.starts_with("00") ? "+" + bare.substr(2) : bare;
}

Status CheckProfession(const std::string& profession) {
  if (profession.empty() || profession.size() > kProfessionBytesMax)
    return Invalid(fmt::format("protected: profession: 1 to {} octets", kProfessionBytesMax));
  TRY_IN("protected: profession", CheckText(profession));
  return Done{};
}

}  // namespace

Result<std::string> CanonicalSelector(const order::Subject& subject) {
  using order::SubjectKind;
  const auto of = [&](const std::string& value) -> Result<std::string> {
    if (value.empty()) return Invalid("protected: an empty selector");
    return fmt::format("{}:{}", order::ToText(subject.kind), value);
  };
  switch (subject.kind) {
    case SubjectKind::kPhone:
      return of(BareNumber(subject.value));
    case SubjectKind::kEmail:
      return of(Lower(subject.value));
    case SubjectKind::kAccount:
    case SubjectKind::kSubscriber:
    case SubjectKind::kMessage:
      return of(subject.value);
    case SubjectKind::kTuple:
      if (!subject.tuple.has_value()) break;
      return of(subject.tuple->ip.ToText());
    case SubjectKind::kOtherAccounts:
    case SubjectKind::kOther:
      break;
  }
  return Invalid("protected: no selector that could be listed");
}

Result<std::uint64_t> Casebook::AddProtection(const order::Subject& subject, const std::string& profession,
                                              const PersonId& by, Instant at, ledger::Ledger& ledger) {
  TRY(CheckProfession(profession));
  const std::string digest = TRY(parts_->SelectorDigest(subject));
  const ledger::Entry entry{"protection_added", at, {{"by", by.text()}}};
  return parts_->storage.AppendWith(ledger, entry, [&](std::uint64_t index) -> Status {
    long long count = 0;
    long long same = 0;
    parts_->sql() << "SELECT COUNT(*) FROM protections", soci::into(count);
    parts_->sql() << "SELECT COUNT(*) FROM protections WHERE digest = :d", soci::into(same),
        soci::use(digest);
    if (same != 0) return Denied("protected: is on the list already");
    if (static_cast<std::size_t>(count) >= kProtectionsMax)
      return Denied(fmt::format("protected: the list holds {} already", kProtectionsMax));
    const long long id = ToSql(index);
    const long long added_at = at.unix_ns();
    const std::string sealed =
        parts_->columns.Seal({"protections", "profession", std::to_string(index)}, profession);
    parts_->sql() << "INSERT INTO protections (ledger_index, digest, profession, added_by, added_at)"
                     " VALUES (:i, :d, :p, :b, :a)",
        soci::use(id), soci::use(digest), soci::use(sealed), soci::use(by.text()), soci::use(added_at);
    return Done{};
  });
}

Status Casebook::RemoveProtection(std::uint64_t id, const PersonId& by, Instant at, ledger::Ledger& ledger) {
  const ledger::Entry entry{
      "protection_removed", at, {{"by", by.text()}, {"protection", std::to_string(id)}}};
  TRY(parts_->storage.AppendWith(ledger, entry, [&](std::uint64_t) -> Status {
    std::string added_by;
    const long long row = ToSql(id);
    parts_->sql() << "SELECT added_by FROM protections WHERE ledger_index = :i", soci::into(added_by),
        soci::use(row);
    if (!parts_->sql().got_data()) return NotFound("protected: no entry has that number");
    // Nobody takes off alone what he put on alone: the two acts are two people's.
    if (added_by == by.text())
      return Denied("protected: " + added_by + " put it on the list; another removes it");
    parts_->sql() << "DELETE FROM protections WHERE ledger_index = :i", soci::use(row);
    return Done{};
  }));
  return Done{};
}

Result<std::vector<Protection>> Casebook::ListProtections() {
  return parts_->database->Run([&]() -> Result<std::vector<Protection>> {
    long long id = 0;
    std::string profession;
    std::string by;
    long long at = 0;
    soci::statement select =
        (parts_->sql().prepare
             << "SELECT ledger_index, profession, added_by, added_at FROM protections ORDER BY ledger_index",
         soci::into(id), soci::into(profession), soci::into(by), soci::into(at));
    select.execute();
    std::vector<Protection> list;
    while (select.fetch()) {
      Protection one;
      one.id = static_cast<std::uint64_t>(id);
      one.profession =
          TRY(parts_->columns.Open({"protections", "profession", std::to_string(id)}, profession));
      one.added_by = TRY_IN("casebook: protections.added_by", PersonId::Parse(by));
      one.added_at = Instant::FromUnixNs(at);
      list.push_back(std::move(one));
    }
    return list;
  });
}

Result<std::string> Casebook::ProtectionOf(const order::Subject& subject) {
  const Result<std::string> digest = parts_->SelectorDigest(subject);
  if (!digest.ok()) return std::string();  // nothing that could be listed
  return parts_->database->Run([&]() -> Result<std::string> {
    long long id = 0;
    std::string profession;
    parts_->sql() << "SELECT ledger_index, profession FROM protections WHERE digest = :d", soci::into(id),
        soci::into(profession), soci::use(digest.value());
    if (!parts_->sql().got_data()) return std::string();
    return parts_->columns.Open({"protections", "profession", std::to_string(id)}, profession);
  });
}

Result<std::string> Casebook::Parts::SelectorDigest(const order::Subject& subject) const {
  const std::string canonical = TRY(CanonicalSelector(subject));
  return ToHex(protections.Compute({AsBytes(canonical)}));
}

}  // namespace probatio::casebook
