#include "keep/journal_format.h"

#include <fmt/format.h>

#include <algorithm>

namespace probatio::keep {
namespace {

constexpr std::string_view kFileMark = "probatio-journal/2\n";
constexpr std::array<std::uint8_t, 4> kGroupMark{'P', 'B', 'J', 'G'};
constexpr std::size_t kCheckBytes = 8;  // a prefix of SHA-256: it tells accidents, the ledger tells forgeries
constexpr std::size_t kCheckedBytes = kGroupMark.size() + 4 + 32;
constexpr std::size_t kGroupHeaderBytes = kCheckedBytes + kCheckBytes;

bool CheckHolds(Bytes header) {
  const crypto::Digest digest = crypto::Sha256(header.first(kCheckedBytes));
  return std::equal(digest.begin(), digest.begin() + kCheckBytes, header.begin() + kCheckedBytes);
}

bool IsGroupHeader(Bytes bytes) {
  return bytes.size() >= kGroupHeaderBytes &&
         std::equal(kGroupMark.begin(), kGroupMark.end(), bytes.begin()) && CheckHolds(bytes);
}

bool HoldsGroupHeader(Bytes bytes) {
  auto at = bytes.begin();
  while (true) {
    at = std::search(at, bytes.end(), kGroupMark.begin(), kGroupMark.end());
    if (at == bytes.end()) return false;
    if (IsGroupHeader(bytes.subspan(static_cast<std::size_t>(at - bytes.begin())))) return true;
    ++at;
  }
}

Error Damaged(std::size_t offset) {
  return StorageError(fmt::format("damaged at offset {}", offset));
}

void AddToDigest(const JournalBatch& batch, ByteWriter* digested) {
  digested->U32(static_cast<std::uint32_t>(batch.bytes.size()));
  digested->Raw(batch.digest);
}

Result<std::vector<Bytes>> SplitBody(Bytes body) {
  ByteReader reader(body);
  std::vector<Bytes> batches;
  while (reader.remaining() > 0) {
    const Bytes batch = TRY(reader.Field());
    batches.push_back(batch);
  }
  return batches;
}

struct Group {
  std::size_t size = 0;  // in the file
  std::vector<Bytes> batches;
};

// The whole group at the front of `rest`, or nothing.
std::optional<Group> WholeGroup(Bytes rest) {
  if (!IsGroupHeader(rest)) return std::nullopt;
  const std::size_t size = Be32(rest.subspan(kGroupMark.size()));
  if (rest.size() - kGroupHeaderBytes < size) return std::nullopt;
  const Result<std::vector<Bytes>> batches = SplitBody(rest.subspan(kGroupHeaderBytes, size));
  if (!batches.ok()) return std::nullopt;
  ByteWriter digested;
  for (const Bytes batch : batches.value()) AddToDigest({batch, crypto::Sha256(batch)}, &digested);
  const Bytes digest = rest.subspan(kGroupMark.size() + 4, 32);
  if (!crypto::Equal(crypto::Sha256(digested.bytes()), digest)) return std::nullopt;
  return Group{kGroupHeaderBytes + size, batches.value()};
}

// A group that is not whole may be left out only when nothing follows it.
bool IsTail(Bytes rest) {
  if (!IsGroupHeader(rest)) return !HoldsGroupHeader(rest.subspan(1));
  const std::size_t size = Be32(rest.subspan(kGroupMark.size()));
  return rest.size() - kGroupHeaderBytes <= size;
}

}  // namespace

Buffer JournalHeaderBytes() {
  return ToBuffer(AsBytes(kFileMark));
}

Result<Buffer> GroupHeaderBytes(std::span<const JournalBatch> batches) {
  std::size_t size = 0;
  ByteWriter digested;
  for (const JournalBatch& batch : batches) {
    if (batch.bytes.empty() || batch.bytes.size() > seal::kBatchBytesMax) {
      return Invalid(fmt::format("journal: a batch of {} bytes; 1 to {} are allowed", batch.bytes.size(),
                                 seal::kBatchBytesMax));
    }
    size += 4 + batch.bytes.size();
    if (size > kJournalAppendBytesMax) {
      return Invalid(fmt::format("journal: one append holds more than {} bytes", kJournalAppendBytesMax));
    }
    AddToDigest(batch, &digested);
  }
  ByteWriter header;
  header.Raw(kGroupMark);
  header.U32(static_cast<std::uint32_t>(size));
  header.Raw(crypto::Sha256(digested.bytes()));
  header.Raw(Bytes(crypto::Sha256(header.bytes())).first(kCheckBytes));
  return header.Take();
}

Buffer BatchLengthBytes(const JournalBatch& batch) {
  ByteWriter length;
  length.U32(static_cast<std::uint32_t>(batch.bytes.size()));
  return length.Take();
}

Result<std::vector<Buffer>> ParseJournal(Bytes file) {
  std::vector<Buffer> batches;
  if (file.size() <= kFileMark.size()) return batches;  // cut while it was made: nothing was acknowledged
  if (AsText(file.first(kFileMark.size())) != kFileMark) return Damaged(0);
  std::size_t offset = kFileMark.size();
  while (offset < file.size()) {
    const Bytes rest = file.subspan(offset);
    const std::optional<Group> group = WholeGroup(rest);
    if (!group) {
      if (IsTail(rest)) break;
      return Damaged(offset);
    }
    for (const Bytes batch : group->batches) batches.push_back(ToBuffer(batch));
    offset += group->size;
  }
  return batches;
}

}  // namespace probatio::keep
