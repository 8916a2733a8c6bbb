#include "keep/purge_subjects.h"

#include <algorithm>

#include "keep/enter.h"
#include "keep/erasure.h"
#include "seal/box_key.h"

namespace probatio::keep {
namespace {

// Moves every subject of the class that lies under one key to another; returns how many.
Result<std::uint64_t> MoveSubjects(const PurgeParts& parts, const NamedErasureKey& from,
                                   const NamedErasureKey& to) {
  const record::RecordClass record_class = from.name.record_class;
  const std::vector<std::string> keys = TRY(parts.box.List(seal::SubjectsPrefix(record_class)));
  std::vector<seal::BoxEntry> moved;
  std::uint64_t count = 0;
  for (const std::string& key : keys) {
    const std::string place = seal::DescribeKey(key);
    const std::optional<Buffer> bytes = TRY(parts.box.Read(key));
    if (!bytes) return StorageError(place + ": store incomplete: listed and not there");
    SubjectEntry entry = TRY_IN(place, ParseSubjectEntry(*bytes));
    if (entry.purged || entry.item) continue;  // an item lies under its own key alone
    const ErasureKeyName name = TRY_IN(place, OuterKeyOf(entry.wrapped));
    if (name != from.name) continue;
    const seal::SubjectHandle handle = TRY_IN(place, seal::HandleInKey(key));
    const Buffer context = OuterContext(record_class, handle);
    const Buffer inner = TRY_IN(place, OpenOuter(from, context, entry.wrapped));
    entry.wrapped = SealOuter(to, context, inner, parts.random);
    moved.push_back({key, SubjectEntryBytes(entry)});
    ++count;
    if (moved.size() < kSubjectsPerWriteMax) continue;
    TRY(parts.box.Write(moved));
    moved.clear();
  }
  if (!moved.empty()) TRY(parts.box.Write(moved));
  return count;
}

Status EndMonths(const PurgeParts& parts, record::RecordClass record_class, Instant now,
                 KeyDestroyer* destroyer) {
  const std::vector<ErasureKeyName> keys = TRY(parts.vault.List());
  for (const ErasureKeyName& name : keys) {
    const bool ended = name.kind == ErasureKind::kSubject && name.record_class == record_class &&
                       name.day < MonthOf(now) && parts.manifest.dying_keys().count(IdOf(name).text()) == 0;
    if (!ended) continue;
    Key key = TRY(parts.vault.Read(name));
    const NamedErasureKey from{name, std::move(key)};
    const NamedErasureKey to =
        TRY(parts.vault.Need(ErasureKind::kSubject, record_class, MonthOf(now), destroyer->DyingOr(name)));
    const std::uint64_t moved = TRY(MoveSubjects(parts, from, to));
    TRY(destroyer->Begin(name, 0, moved));
  }
  return Done{};
}

}  // namespace

bool AreSubjectsPinned(std::span<const Pin> pins, record::RecordClass record_class) {
  return std::any_of(pins.begin(), pins.end(), [&](const Pin& pin) {
    return seal::IsSubjectStream(pin.stream) && seal::ClassOf(pin.stream) == record_class;
  });
}

Result<std::vector<Lifetime>> ExpiredSubjects(const Subjects& subjects, const RetentionRules& rules,
                                              record::RecordClass record_class, Instant now) {
  const std::vector<Lifetime> all = TRY(subjects.lifetimes().List(record_class));
  std::vector<Lifetime> expired;
  for (const Lifetime& lifetime : all) {
    if (!lifetime.expires || !lifetime.stated.end) continue;
    const law::CivilDate day =
        std::min(*lifetime.expires,
                 rules.SubjectExpiry(record_class, *lifetime.stated.end).value_or(*lifetime.expires));
    if (law::ParisMidnight(day) <= now) expired.push_back(lifetime);
  }
  return expired;
}

Status PurgeSubjects(const PurgeParts& parts, std::span<const Pin> pins, Instant now, KeyDestroyer* destroyer,
                     PurgeResult* result) {
  for (const record::RecordClass record_class :
       {record::RecordClass::kAccount, record::RecordClass::kIdentity}) {
    const std::vector<Lifetime> expired =
        TRY(ExpiredSubjects(parts.subjects, parts.rules, record_class, now));
    if (AreSubjectsPinned(pins, record_class)) {
      result->subjects_held += expired.size();
    } else {
      const std::uint64_t buried = TRY(parts.subjects.Bury(expired, &result->unreachable));
      result->subjects += buried;
      const ledger::Entry entry{"subjects_expired",
                                now,
                                {{"class", std::string(record::ToText(record_class))},
                                 {"count", std::to_string(buried)},
                                 {"month", law::ToText(MonthOf(now))}}};
      if (buried > 0) TRY(Enter(parts.ledger, {&entry, 1}).status);
    }
    TRY(EndMonths(parts, record_class, now, destroyer));
  }
  return Done{};
}

}  // namespace probatio::keep
