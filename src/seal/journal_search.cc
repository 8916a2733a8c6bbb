// Searching the journal of a dead segment. The chain is walked back from the head that the ledger holds, so
// the batch named in an error is the one that was touched, and no byte is opened that the ledger does not
// vouch for.
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "seal/journal_format.h"

namespace probatio::seal {
namespace {

using OpenFragment = std::function<Result<Secret>(Bytes sealed, Bytes associated_data)>;

std::string Place(std::uint64_t batch) {
  return fmt::format("journal: batch {}", batch);
}

// The first number that does not stand where it should.
std::uint64_t FirstMissing(std::span<const Buffer> batches) {
  for (std::size_t i = 0; i < batches.size(); ++i) {
    const Result<BatchHeader> header = ReadBatchHeader(batches[i]);
    if (header.ok() && header.value().number != i) return i;
  }
  return batches.size();
}

Status CheckPlace(const BatchHeader& header, const SegmentId& segment, std::uint64_t number) {
  if (header.segment != segment) return CryptoError("of another segment");
  if (header.number != number) return CryptoError(fmt::format("says that it is batch {}", header.number));
  return Done{};
}

}  // namespace

Result<std::vector<BatchParts>> CheckJournalChain(const SegmentId& segment, std::span<const Buffer> batches,
                                                  const JournalHead& head) {
  if (batches.size() < head.batches) return StorageError(Place(FirstMissing(batches)) + " is missing");
  if (batches.size() > head.batches) {
    return CryptoError(fmt::format("journal: {} batches, the ledger knows {}", batches.size(), head.batches));
  }
  std::vector<BatchParts> parts(batches.size());
  crypto::Digest expected = head.digest;
  for (std::size_t i = batches.size(); i-- > 0;) {
    const crypto::Digest digest = crypto::Sha256(batches[i]);
    if (!crypto::Equal(digest, expected)) return CryptoError(Place(i) + " was altered");
    parts[i] = TRY_IN(Place(i), SplitBatch(batches[i]));
    TRY_IN(Place(i), CheckPlace(parts[i].header, segment, i));
    expected = parts[i].header.before;
  }
  if (expected != crypto::Digest{})
    return CryptoError("journal: the chain does not begin with its first batch");
  return parts;
}

namespace {

// The token's sealed fragment; nothing when the batch has none.
std::optional<Bytes> FindFragment(const BatchParts& batch, const BatchIndex& index, const Token& token) {
  const auto place = std::lower_bound(index.places.begin(), index.places.end(), token,
                                      [](const FragmentPlace& a, const Token& b) { return a.token < b; });
  if (place == index.places.end() || place->token != token) return std::nullopt;
  return batch.fragments.subspan(place->offset, place->length);
}

Result<std::vector<record::Record>> SearchBatch(const BatchParts& batch, const Key& index_key,
                                                const Token& token, const OpenFragment& open) {
  const Secret plain_index = TRY_IN("index", crypto::Open(index_key, batch.index, batch.header_bytes));
  const BatchIndex index = TRY_IN("index", ParseIndex(plain_index.reveal(), batch.fragments.size()));
  const std::optional<Bytes> sealed = FindFragment(batch, index, token);
  if (!sealed.has_value()) return std::vector<record::Record>();
  const Secret plain = TRY_IN("fragment", open(*sealed, FragmentAssociatedData(batch.header_bytes, token)));
  return TRY_IN("fragment", ParseFragment(plain.reveal(), index));
}

Result<std::vector<record::Record>> Search(const SegmentId& segment, std::span<const Buffer> batches,
                                           const JournalHead& head, const Key& index_key, const Token& token,
                                           const OpenFragment& open) {
  const std::vector<BatchParts> parts = TRY(CheckJournalChain(segment, batches, head));
  std::vector<record::Record> found;
  for (const BatchParts& batch : parts) {
    std::vector<record::Record> rows =
        TRY_IN(Place(batch.header.number), SearchBatch(batch, index_key, token, open));
    std::move(rows.begin(), rows.end(), std::back_inserter(found));
  }
  return found;
}

}  // namespace

Result<std::vector<record::Record>> SearchJournal(const SegmentId& segment, std::span<const Buffer> batches,
                                                  const JournalHead& head, const Key& index_key,
                                                  const Token& token, const TokenKeys& keys) {
  return Search(segment, batches, head, index_key, token, [&](Bytes sealed, Bytes associated_data) {
    return crypto::Open(keys.block, sealed, associated_data);
  });
}

Result<std::vector<record::Record>> SearchSubjectJournal(const SegmentId& segment,
                                                         std::span<const Buffer> batches,
                                                         const JournalHead& head, const Key& index_key,
                                                         const Token& token, const Key& subject_private_key) {
  return Search(segment, batches, head, index_key, token, [&](Bytes sealed, Bytes associated_data) {
    return crypto::OpenWith(subject_private_key, sealed, associated_data);
  });
}

}  // namespace probatio::seal
