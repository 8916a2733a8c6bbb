#include "keep/subjects.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "crypto/system_random.h"

namespace probatio::keep {
namespace {

constexpr std::size_t kHandleBytes = 16;
constexpr std::size_t kIndexValueBytes = kHandleBytes + 32;

crypto::Digest IndexOf(crypto::Hmac& hmac, record::RecordClass record_class, std::string_view holder) {
  return hmac.Compute({AsBytes("probatio/subject-index/1"), AsBytes(record::ToText(record_class)),
                       AsBytes("/"), AsBytes(holder)});
}

// Binds holder, handle and public key together. The box is untrusted: without this a thief could put a public
// key of his own under a known handle, and every later row would be sealed to him.
crypto::Digest BindingOf(crypto::Hmac& hmac, const crypto::Digest& index,
                         const seal::SubjectPublic& subject) {
  return hmac.Compute({AsBytes("probatio/subject-binding/1"), index, subject.handle, subject.key});
}

Status CheckHolder(std::string_view holder) {
  if (holder.empty()) return Invalid("subjects: the holder is empty");
  if (holder.size() > record::kTextBytesMax) {
    return Invalid(fmt::format("subjects: the holder is longer than {} bytes", record::kTextBytesMax));
  }
  return Done{};
}

Result<std::optional<seal::SubjectPublic>> Load(const seal::Box& box, crypto::Hmac& hmac,
                                                record::RecordClass record_class,
                                                const crypto::Digest& index) {
  const std::optional<Buffer> known = TRY(box.Read(seal::SubjectIndexKey(record_class, index)));
  if (!known) return std::optional<seal::SubjectPublic>();
  if (known->size() != kIndexValueBytes) return StorageError("subjects: an index entry has a wrong size");
  seal::SubjectPublic subject;
  std::copy_n(known->begin(), kHandleBytes, subject.handle.begin());
  const std::string handle = ToHex(subject.handle);
  const std::optional<Buffer> bytes = TRY(box.Read(seal::SubjectKey(record_class, subject.handle)));
  if (!bytes) return StorageError(fmt::format("subjects: the entry of {} is missing", handle));
  const SubjectEntry entry = TRY_IN("subject " + handle, ParseSubjectEntry(*bytes));
  subject.key = entry.key;
  if (!crypto::Equal(BindingOf(hmac, index, subject), Bytes(*known).subspan(kHandleBytes))) {
    return CryptoError(fmt::format("subjects: the key of {} is not the one that was made for it", handle));
  }
  return std::optional<seal::SubjectPublic>(subject);
}

}  // namespace

Buffer SubjectEntryBytes(const SubjectEntry& entry) {
  ByteWriter bytes;
  bytes.Raw(entry.key);
  bytes.Raw(entry.wrapped);
  return bytes.Take();
}

Result<SubjectEntry> ParseSubjectEntry(Bytes bytes) {
  SubjectEntry entry;
  if (bytes.size() <= entry.key.size()) return StorageError("subject entry: truncated");
  if (bytes.size() > entry.key.size() + kSubjectWrappedBytesMax)
    return StorageError("subject entry: too long");
  std::copy_n(bytes.begin(), entry.key.size(), entry.key.begin());
  TRY_IN("subject entry", crypto::CheckBoxPublicKey(entry.key));
  entry.wrapped = ToBuffer(bytes.subspan(entry.key.size()));
  return entry;
}

Subjects::Subjects(seal::Box& box, Key index_key, WrapSubjectKey wrap, Random& random)
    : box_(box), index_(index_key), wrap_(std::move(wrap)), random_(random) {}

Result<std::optional<seal::SubjectHandle>> Subjects::Find(record::RecordClass record_class,
                                                          std::string_view holder) {
  TRY(CheckHolder(holder));
  const crypto::Digest index = IndexOf(index_, record_class, holder);
  const std::optional<seal::SubjectPublic> known = TRY(Load(box_, index_, record_class, index));
  if (!known) return std::optional<seal::SubjectHandle>();
  return std::optional<seal::SubjectHandle>(known->handle);
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
    const crypto::Digest index = IndexOf(index_, record_class, holder);
    const std::optional<seal::SubjectPublic> known = TRY(Load(box_, index_, record_class, index));
    if (known) {
      subjects[holder] = *known;
    } else {
      subjects[holder] = TRY(Make(record_class, holder, index, &made));
    }
  }
  if (!made.empty()) TRY(box_.Write(made));
  std::vector<seal::SubjectPublic> parallel;
  parallel.reserve(holders.size());
  for (const std::string& holder : holders) parallel.push_back(subjects.at(holder));
  return parallel;
}

Result<seal::SubjectPublic> Subjects::Make(record::RecordClass record_class, const std::string& holder,
                                           const crypto::Digest& index, std::vector<seal::BoxEntry>* made) {
  const crypto::BoxKeyPair pair = crypto::MakeBoxKeyPair(random_);
  seal::SubjectPublic subject;
  random_.Fill(subject.handle);
  subject.key = pair.public_key;
  Buffer wrapped = TRY(wrap_(pair.private_key, record_class, subject.handle, holder));
  CHECK(!wrapped.empty() && wrapped.size() <= kSubjectWrappedBytesMax);

  ByteWriter value;
  value.Raw(subject.handle);
  value.Raw(BindingOf(index_, index, subject));
  made->push_back(
      {seal::SubjectKey(record_class, subject.handle), SubjectEntryBytes({subject.key, std::move(wrapped)})});
  made->push_back({seal::SubjectIndexKey(record_class, index), value.Take()});
  return subject;
}

}  // namespace probatio::keep
