#include "keep/subjects.h"

#include <fmt/format.h>

#include <algorithm>

#include "crypto/system_random.h"
#include "keep/outer_layer.h"
#include "seal/box_key.h"

namespace probatio::keep {
namespace {

std::string HolderOf(const record::Record& record) {
  if (const auto* account = std::get_if<record::Account>(&record)) return account->account;
  return std::get<record::Identity>(record).holder;
}

Status CheckHolder(std::string_view holder) {
  if (holder.empty()) return Invalid("subjects: the holder is empty");
  if (holder.size() > record::kTextBytesMax) {
    return Invalid(fmt::format("subjects: the holder is longer than {} bytes", record::kTextBytesMax));
  }
  return Done{};
}

}  // namespace

Result<std::optional<SubjectEntry>> Subjects::Load(record::RecordClass record_class,
                                                   const seal::SubjectHandle& handle) {
  const std::optional<Buffer> bytes = TRY(box_.Read(seal::SubjectKey(record_class, handle)));
  if (!bytes) return std::optional<SubjectEntry>();
  const std::string place = "subject " + ToHex(handle);
  SubjectEntry entry = TRY_IN(place, ParseSubjectEntry(*bytes));
  if (!crypto::Equal(BindingOf(index_, record_class, handle, entry), entry.binding)) {
    return CryptoError(place + ": its key is not the one that was made for it");
  }
  return std::optional<SubjectEntry>(std::move(entry));
}

Subjects::Subjects(seal::Box& box, Key index_key, WrapSubjectKey wrap, Random& random, OpenSubjectKey open,
                   const RetentionRules* rules, ItemKeys* items)
    : box_(box),
      index_(index_key),
      lifetimes_(box, index_key, random),
      wrap_(std::move(wrap)),
      random_(random),
      open_(std::move(open)),
      rules_(rules),
      items_(items) {}

// The first generation that is not purged. The box cannot skip one: a tombstone is bound to its handle, and
// one that it hides leaves rows in the leaves that nothing explains.
Result<Subjects::Known> Subjects::FindKnown(seal::Stream stream, std::string_view holder) {
  TRY(CheckHolder(holder));
  if (stream == seal::Stream::kPassword) return FindPassword(holder);
  for (std::uint32_t generation = 0; generation < kSubjectGenerationsMax; ++generation) {
    Known known;
    known.generation = generation;
    known.handle = HandleOf(index_, stream, holder, generation);
    known.entry = TRY(Load(seal::ClassOf(stream), known.handle));
    if (!known.entry || !known.entry->purged) return known;
  }
  return StorageError(fmt::format("subjects: one holder was purged {} times", kSubjectGenerationsMax));
}

Result<Subjects::Found> Subjects::Find(seal::Stream stream, std::string_view holder) {
  Known known = TRY(FindKnown(stream, holder));
  Found found{known.handle, std::nullopt, known.generation > 0, std::nullopt};
  if (!known.entry) return found;
  const record::RecordClass record_class = seal::ClassOf(stream);
  if (known.entry->item) {
    if (items_ == nullptr) return StorageError("subject: a password item, and no vault");
    const Key key = TRY(items_->Read(*known.entry->item));
    found.wrapped = TRY(OpenItem(key, *known.entry->item, known.handle, known.entry->wrapped));
    const std::optional<Lifetime> lifetime = TRY(lifetimes_.Read(record_class, known.handle));
    if (lifetime) found.expires = lifetime->expires;
    return found;
  }
  found.wrapped = std::move(known.entry->wrapped);
  if (open_) found.wrapped = TRY(open_(record_class, known.handle, *found.wrapped));
  return found;
}

Result<seal::SubjectPublic> Subjects::Get(seal::Stream stream, std::string_view holder) {
  const std::string text(holder);
  const std::vector<seal::SubjectPublic> subjects = TRY(GetAll(stream, {&text, 1}));
  return subjects.front();
}

Result<std::vector<seal::SubjectPublic>> Subjects::GetAll(seal::Stream stream,
                                                          std::span<const std::string> holders) {
  CHECK(stream != seal::Stream::kPassword);  // whose pairs Renew makes
  std::map<std::string, seal::SubjectPublic> subjects;
  std::vector<seal::BoxEntry> made;
  for (const std::string& holder : holders) {
    if (subjects.count(holder) > 0) continue;
    const Known known = TRY(FindKnown(stream, holder));
    if (known.entry) {
      subjects[holder] = {known.handle, known.entry->key};
    } else {
      subjects[holder] = TRY(Make(stream, holder, known.handle, &made));
    }
  }
  if (!made.empty()) TRY(box_.Write(made));
  std::vector<seal::SubjectPublic> parallel;
  parallel.reserve(holders.size());
  for (const std::string& holder : holders) parallel.push_back(subjects.at(holder));
  return parallel;
}

Result<seal::SubjectPublic> Subjects::Make(seal::Stream stream, const std::string& holder,
                                           const seal::SubjectHandle& handle,
                                           std::vector<seal::BoxEntry>* made) {
  const record::RecordClass record_class = seal::ClassOf(stream);
  const crypto::BoxKeyPair pair = crypto::MakeBoxKeyPair(random_);
  SubjectEntry entry;
  entry.key = pair.public_key;
  entry.binding = BindingOf(index_, record_class, handle, entry);
  entry.wrapped = TRY(wrap_(pair.private_key, stream, handle, holder));
  CHECK(!entry.wrapped.empty() && entry.wrapped.size() <= kSubjectWrappedBytesMax);
  made->push_back({seal::SubjectKey(record_class, handle), SubjectEntryBytes(entry)});
  return seal::SubjectPublic{handle, entry.key};
}

// Of a password item only when one is kept: its first version brings its own (Renew).
Status Subjects::NoteEnd(seal::Stream stream, const seal::SubjectHandle& handle, const StatedEnd& stated,
                         std::map<std::string, Lifetime>* latest, std::set<std::string>* changed) {
  const record::RecordClass record_class = seal::ClassOf(stream);
  const std::string key = Lifetimes::KeyOf(record_class, handle);
  if (latest->count(key) == 0) {
    const std::optional<Lifetime> known = TRY(lifetimes_.Read(record_class, handle));
    if (known) latest->emplace(key, *known);
  }
  const auto known = latest->find(key);
  if (known != latest->end() && !Supersedes(stated, known->second.stated)) return Done{};
  Lifetime lifetime{record_class, handle, stated, std::nullopt, std::nullopt};
  if (known != latest->end()) lifetime.holds_from = known->second.holds_from;
  if (stated.end) lifetime.expires = rules_->SubjectExpiry(record_class, *stated.end);
  (*latest)[key] = lifetime;
  changed->insert(key);
  return Done{};
}

Status Subjects::NoteEnds(std::span<const record::Record> records, Instant latest) {
  if (rules_ == nullptr) return Done{};
  std::map<std::string, Lifetime> noted;  // by key in the box
  std::set<std::string> changed;
  for (const record::Record& record : records) {
    if (!seal::IsSubjectStream(seal::StreamOf(record))) continue;
    if (latest < record::OriginOf(record).at.at) continue;
    const bool account = record::KindOf(record) == record::RecordKind::kAccount;
    const seal::Stream stream = account ? seal::Stream::kAccount : seal::Stream::kIdentity;
    const Known known = TRY(FindKnown(stream, HolderOf(record)));
    TRY(NoteEnd(stream, known.handle, StatedEndOf(record), &noted, &changed));
    if (!account || items_ == nullptr) continue;
    // The end of the account is the end of its password item, whichever version says so.
    const Known password = TRY(FindPassword(HolderOf(record)));
    if (!password.entry) continue;
    TRY(NoteEnd(seal::Stream::kPassword, password.handle, StatedEndOf(record), &noted, &changed));
  }
  std::vector<seal::BoxEntry> entries;
  for (const std::string& key : changed) entries.push_back(lifetimes_.EntryOf(noted.at(key)));
  if (entries.empty()) return Done{};
  return box_.Write(entries);
}

Result<std::uint64_t> Subjects::Bury(std::span<const Lifetime> expired,
                                     std::vector<std::string>* unreachable) {
  std::vector<seal::BoxEntry> tombstones;
  std::vector<std::string> lifetimes;
  std::vector<std::uint32_t> items;
  for (const Lifetime& lifetime : expired) {
    lifetimes.push_back(Lifetimes::KeyOf(lifetime.record_class, lifetime.handle));
    const std::optional<SubjectEntry> entry = TRY(Load(lifetime.record_class, lifetime.handle));
    if (!entry || entry->purged) continue;
    if (entry->item) items.push_back(*entry->item);
    SubjectEntry tombstone;
    tombstone.purged = true;
    tombstone.binding = BindingOf(index_, lifetime.record_class, lifetime.handle, tombstone);
    tombstones.push_back(
        {seal::SubjectKey(lifetime.record_class, lifetime.handle), SubjectEntryBytes(tombstone)});
  }
  if (!items.empty()) {
    CHECK(items_ != nullptr);
    const Vault::Destroyed destroyed = items_->Destroy(items);
    unreachable->insert(unreachable->end(), destroyed.unreachable.begin(), destroyed.unreachable.end());
    const ItemSlot last = TRY(items_->SlotOf(items.back()));
    if (last.state != ItemState::kDestroyed) return StorageError("vault: item keys could not be destroyed");
  }
  // Tombstones first: a lifetime without its subject is taken away by the next purge, a subject without its
  // lifetime would stay for ever.
  if (!tombstones.empty()) TRY(box_.Write(tombstones));
  if (!lifetimes.empty()) TRY(box_.Erase(lifetimes));
  return tombstones.size();
}

}  // namespace probatio::keep
