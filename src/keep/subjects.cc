#include "keep/subjects.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "crypto/system_random.h"

namespace probatio::keep {
namespace {

seal::SubjectHandle HandleOf(crypto::Hmac& hmac, record::RecordClass record_class, std::string_view holder) {
  const crypto::Digest digest =
      hmac.Compute({AsBytes("probatio/subject-handle/1"), AsBytes(record::ToText(record_class)), AsBytes("/"),
                    AsBytes(holder)});
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
  if (!crypto::Equal(BindingOf(hmac, handle, entry.key), entry.binding)) {
    return CryptoError(place + ": its key is not the one that was made for it");
  }
  return std::optional<SubjectEntry>(std::move(entry));
}

}  // namespace

Buffer SubjectEntryBytes(const SubjectEntry& entry) {
  ByteWriter bytes;
  bytes.Raw(entry.key);
  bytes.Raw(entry.binding);
  bytes.Raw(entry.wrapped);
  return bytes.Take();
}

Result<SubjectEntry> ParseSubjectEntry(Bytes bytes) {
  SubjectEntry entry;
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

Subjects::Subjects(seal::Box& box, Key index_key, WrapSubjectKey wrap, Random& random)
    : box_(box), index_(index_key), wrap_(std::move(wrap)), random_(random) {}

Result<Subjects::Found> Subjects::Find(record::RecordClass record_class, std::string_view holder) {
  TRY(CheckHolder(holder));
  Found found;
  found.handle = HandleOf(index_, record_class, holder);
  std::optional<SubjectEntry> entry = TRY(Load(box_, index_, record_class, found.handle));
  if (entry) found.wrapped = std::move(entry->wrapped);
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
    TRY(CheckHolder(holder));
    const seal::SubjectHandle handle = HandleOf(index_, record_class, holder);
    const std::optional<SubjectEntry> known = TRY(Load(box_, index_, record_class, handle));
    if (known) {
      subjects[holder] = {handle, known->key};
    } else {
      subjects[holder] = TRY(Make(record_class, holder, handle, &made));
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

}  // namespace probatio::keep
