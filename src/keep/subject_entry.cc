#include "keep/subject_entry.h"

#include <algorithm>

namespace probatio::keep {
namespace {

constexpr std::uint8_t kLive = 1;
constexpr std::uint8_t kTombstone = 2;
constexpr std::uint8_t kLiveItem = 3;
constexpr std::uint8_t kUnacknowledged = 4;

std::uint8_t FormOf(const SubjectEntry& entry) {
  if (entry.purged) return entry.unacknowledged ? kUnacknowledged : kTombstone;
  return entry.item ? kLiveItem : kLive;
}

}  // namespace

Buffer SubjectEntryBytes(const SubjectEntry& entry) {
  ByteWriter bytes;
  bytes.U8(FormOf(entry));
  if (entry.purged) {
    bytes.Raw(entry.binding);
    return bytes.Take();
  }
  if (entry.item) bytes.U32(*entry.item);
  bytes.Raw(entry.key);
  bytes.Raw(entry.binding);
  bytes.Raw(entry.wrapped);
  return bytes.Take();
}

Result<SubjectEntry> ParseSubjectEntry(Bytes bytes) {
  ByteReader in(bytes);
  const Result<std::uint8_t> form = in.U8();
  if (!form.ok() || form.value() < kLive || form.value() > kUnacknowledged)
    return StorageError("subject entry: neither a subject nor a tombstone");
  SubjectEntry entry;
  entry.purged = form.value() == kTombstone || form.value() == kUnacknowledged;
  entry.unacknowledged = form.value() == kUnacknowledged;
  if (entry.purged) {
    if (in.remaining() != entry.binding.size())
      return StorageError("subject entry: a tombstone of another length");
    const Bytes binding = TRY(in.Raw(entry.binding.size()));
    std::copy(binding.begin(), binding.end(), entry.binding.begin());
    return entry;
  }
  const std::size_t number = form.value() == kLiveItem ? 4 : 0;
  const std::size_t fixed = number + entry.key.size() + entry.binding.size();
  if (in.remaining() <= fixed) return StorageError("subject entry: truncated");
  if (in.remaining() > fixed + kSubjectWrappedBytesMax) return StorageError("subject entry: too long");
  if (number > 0) entry.item = TRY(in.U32());
  const Bytes key = TRY(in.Raw(entry.key.size()));
  const Bytes binding = TRY(in.Raw(entry.binding.size()));
  const Bytes wrapped = TRY(in.Raw(in.remaining()));
  std::copy(key.begin(), key.end(), entry.key.begin());
  std::copy(binding.begin(), binding.end(), entry.binding.begin());
  entry.wrapped = ToBuffer(wrapped);
  TRY_IN("subject entry", crypto::CheckBoxPublicKey(entry.key));
  return entry;
}

seal::SubjectHandle HandleOf(crypto::Hmac& index, seal::Stream stream, std::string_view holder,
                             std::uint32_t generation) {
  ByteWriter number;
  number.U32(generation);
  const crypto::Digest digest = index.Compute({AsBytes("probatio/subject-handle/2"), number.bytes(),
                                               AsBytes(seal::ToText(stream)), AsBytes("/"), AsBytes(holder)});
  seal::SubjectHandle handle;
  std::copy_n(digest.begin(), handle.size(), handle.begin());
  return handle;
}

// Binds handle and public key together. The box is untrusted: without this a thief could put a public key of
// his own under a known handle, and every later row would be sealed to him.
crypto::Digest BindingOf(crypto::Hmac& index, record::RecordClass record_class,
                         const seal::SubjectHandle& handle, const SubjectEntry& entry) {
  if (entry.purged) {
    const std::string_view label =
        entry.unacknowledged ? "probatio/subject-unacknowledged/1" : "probatio/subject-purged/1";
    return index.Compute({AsBytes(label), AsBytes(record::ToText(record_class)), handle});
  }
  if (!entry.item) return index.Compute({AsBytes("probatio/subject-binding/1"), handle, entry.key});
  ByteWriter number;
  number.U32(*entry.item);
  return index.Compute({AsBytes("probatio/item-binding/1"), handle, entry.key, number.bytes()});
}

}  // namespace probatio::keep
