#include "keep/subjects.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "crypto/system_random.h"

namespace probatio::keep {
namespace {

constexpr std::uint8_t kLive = 1;
constexpr std::uint8_t kTombstone = 2;

seal::SubjectHandle HandleOf(crypto::Hmac& hmac, record::RecordClass record_class, std::string_view holder,
                             std::uint32_t generation) {
  ByteWriter number;
  number.U32(generation);
  const crypto::Digest digest =
      hmac.Compute({AsBytes("probatio/subject-handle/2"), number.bytes(),
                    AsBytes(record::ToText(record_class)), AsBytes("/"), AsBytes(holder)});
  seal::SubjectHandle handle;
  std::copy_n(digest.begin(), handle.size(), handle.begin());
  return handle;
}

// Binds handle and public key together. The box is untrusted: without this a thief could put a public key of
// his own under a known handle, and every later row would be sealed to him.
crypto::Digest BindingOf(crypto::Hmac& hmac, const seal::SubjectHandle& handle,
                         const crypto::BoxPublicKey& key) {
  return hmac.Compute({AsBytes("probatio/subject-binding/1"), handle, key});
}

crypto::Digest TombstoneOf(crypto::Hmac& hmac, record::RecordClass record_class,
                           const seal::SubjectHandle& handle) {
  return hmac.Compute({AsBytes("probatio/subject-purged/1"), AsBytes(record::ToText(record_class)), handle});
}

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

Result<std::optional<SubjectEntry>> Load(const seal::Box& box, crypto::Hmac& hmac,
                                         record::RecordClass record_class,
                                         const seal::SubjectHandle& handle) {
  const std::optional<Buffer> bytes = TRY(box.Read(seal::SubjectKey(record_class, handle)));
  if (!bytes) return std::optional<SubjectEntry>();
  const std::string place = "subject " + ToHex(handle);
  SubjectEntry entry = TRY_IN(place, ParseSubjectEntry(*bytes));
  const crypto::Digest expected =
      entry.purged ? TombstoneOf(hmac, record_class, handle) : BindingOf(hmac, handle, entry.key);
  if (!crypto::Equal(expected, entry.binding)) {
    return CryptoError(place + ": its key is not the one that was made for it");
  }
  return std::optional<SubjectEntry>(std::move(entry));
}

}  // namespace

Buffer SubjectEntryBytes(const SubjectEntry& entry) {
  ByteWriter bytes;
  bytes.U8(entry.purged ? kTombstone : kLive);
  if (entry.purged) {
    bytes.Raw(entry.binding);
    return bytes.Take();
  }
  bytes.Raw(entry.key);
  bytes.Raw(entry.binding);
  bytes.Raw(entry.wrapped);
  return bytes.Take();
}

Result<SubjectEntry> ParseSubjectEntry(Bytes bytes) {
  SubjectEntry entry;
  if (bytes.empty() || (bytes.front() != kLive && bytes.front() != kTombstone))
    return StorageError("subject entry: neither a subject nor a tombstone");
  entry.purged = bytes.front() == kTombstone;
  bytes = bytes.subspan(1);
  if (entry.purged) {
    if (bytes.size() != entry.binding.size())
      return StorageError("subject entry: a tombstone of another length");
    std::copy(bytes.begin(), bytes.end(), entry.binding.begin());
    return entry;
  }
  const std::size_t fixed = entry.key.size() + entry.binding.size();
  if (bytes.size() <= fixed) return StorageError("subject entry: truncated");
  if (bytes.size() > fixed + kSubjectWrappedBytesMax) return StorageError("subject entry: too long");
  std::copy_n(bytes.begin(), entry.key.size(), entry.key.begin());
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(entry.key.size()), entry.binding.size(),
              entry.binding.begin());
  TRY_IN("subject entry", crypto::CheckBoxPublicKey(entry.key));
  entry.wrapped = ToBuffer(bytes.subspan(fixed));
  return entry;
}

Subjects::Subjects(seal::Box& box, Key index_key, WrapSubjectKey wrap, Random& random, OpenSubjectKey open,
                   const RetentionRules* rules)
    : box_(box),
      index_(index_key),
      lifetimes_(box, index_key, random),
      wrap_(std::move(wrap)),
      random_(random),
      open_(std::move(open)),
      rules_(rules) {}

// The first generation that is not purged. The box cannot skip one: a tombstone is bound to its handle, and
// one that it hides leaves rows in the leaves that nothing explains.
Result<Subjects::Known> Subjects::FindKnown(record::RecordClass record_class, std::string_view holder) {
  TRY(CheckHolder(holder));
  for (std::uint32_t generation = 0; generation < kSubjectGenerationsMax; ++generation) {
    Known known;
    known.generation = generation;
    known.handle = HandleOf(index_, record_class, holder, generation);
    known.entry = TRY(Load(box_, index_, record_class, known.handle));
    if (!known.entry || !known.entry->purged) return known;
  }
  return StorageError(fmt::format("subjects: one holder was purged {} times", kSubjectGenerationsMax));
}

Result<Subjects::Found> Subjects::Find(record::RecordClass record_class, std::string_view holder) {
  Known known = TRY(FindKnown(record_class, holder));
  Found found{known.handle, std::nullopt, known.generation > 0};
  if (!known.entry) return found;
  found.wrapped = std::move(known.entry->wrapped);
  if (open_) found.wrapped = TRY(open_(record_class, known.handle, *found.wrapped));
  return found;
}

Result<seal::SubjectPublic> Subjects::Get(record::RecordClass record_class, std::string_view holder) {
  const std::string text(holder);
  const std::vector<seal::SubjectPublic> subjects = TRY(GetAll(record_class, {&text, 1}));
  return subjects.front();
}

Result<std::vector<seal::SubjectPublic>> Subjects::GetAll(record::RecordClass record_class,
                                                          std::span<const std::string> holders) {
  std::map<std::string, seal::SubjectPublic> subjects;
  std::vector<seal::BoxEntry> made;
  for (const std::string& holder : holders) {
    if (subjects.count(holder) > 0) continue;
    const Known known = TRY(FindKnown(record_class, holder));
    if (known.entry) {
      subjects[holder] = {known.handle, known.entry->key};
    } else {
      subjects[holder] = TRY(Make(record_class, holder, known.handle, &made));
    }
  }
  if (!made.empty()) TRY(box_.Write(made));
  std::vector<seal::SubjectPublic> parallel;
  parallel.reserve(holders.size());
  for (const std::string& holder : holders) parallel.push_back(subjects.at(holder));
  return parallel;
}

Result<seal::SubjectPublic> Subjects::Make(record::RecordClass record_class, const std::string& holder,
                                           const seal::SubjectHandle& handle,
                                           std::vector<seal::BoxEntry>* made) {
  const crypto::BoxKeyPair pair = crypto::MakeBoxKeyPair(random_);
  SubjectEntry entry;
  entry.key = pair.public_key;
  entry.binding = BindingOf(index_, handle, entry.key);
  entry.wrapped = TRY(wrap_(pair.private_key, record_class, handle, holder));
  CHECK(!entry.wrapped.empty() && entry.wrapped.size() <= kSubjectWrappedBytesMax);
  made->push_back({seal::SubjectKey(record_class, handle), SubjectEntryBytes(entry)});
  return seal::SubjectPublic{handle, entry.key};
}

Status Subjects::NoteEnds(std::span<const record::Record> records, Instant latest) {
  if (rules_ == nullptr) return Done{};
  std::map<std::string, std::optional<Lifetime>> noted;  // by key in the box
  std::map<std::string, seal::BoxEntry> written;
  for (const record::Record& record : records) {
    if (!seal::IsSubjectStream(seal::StreamOf(record))) continue;
    if (latest < record::OriginOf(record).at.at) continue;
    const record::RecordClass record_class = record::ClassOf(record::KindOf(record));
    const Known known = TRY(FindKnown(record_class, HolderOf(record)));
    const std::string key = Lifetimes::KeyOf(record_class, known.handle);
    if (noted.count(key) == 0) noted[key] = TRY(lifetimes_.Read(record_class, known.handle));
    const StatedEnd stated = StatedEndOf(record);
    if (noted[key] && !Supersedes(stated, noted[key]->stated)) continue;
    Lifetime lifetime{record_class, known.handle, stated, std::nullopt};
    if (stated.end) lifetime.expires = rules_->SubjectExpiry(record_class, *stated.end);
    written[key] = lifetimes_.EntryOf(lifetime);
    noted[key] = std::move(lifetime);
  }
  std::vector<seal::BoxEntry> entries;
  for (auto& [key, entry] : written) entries.push_back(std::move(entry));
  if (entries.empty()) return Done{};
  return box_.Write(entries);
}

Result<std::uint64_t> Subjects::Bury(std::span<const Lifetime> expired) {
  std::vector<seal::BoxEntry> tombstones;
  std::vector<std::string> lifetimes;
  for (const Lifetime& lifetime : expired) {
    lifetimes.push_back(Lifetimes::KeyOf(lifetime.record_class, lifetime.handle));
    const std::optional<SubjectEntry> entry = TRY(Load(box_, index_, lifetime.record_class, lifetime.handle));
    if (!entry || entry->purged) continue;
    SubjectEntry tombstone;
    tombstone.purged = true;
    tombstone.binding = TombstoneOf(index_, lifetime.record_class, lifetime.handle);
    tombstones.push_back(
        {seal::SubjectKey(lifetime.record_class, lifetime.handle), SubjectEntryBytes(tombstone)});
  }
  // Tombstones first: a lifetime without its subject is taken away by the next purge, a subject without its
  // lifetime would stay for ever.
  if (!tombstones.empty()) TRY(box_.Write(tombstones));
  if (!lifetimes.empty()) TRY(box_.Erase(lifetimes));
  return tombstones.size();
}

}  // namespace probatio::keep
