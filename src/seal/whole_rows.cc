#include "seal/whole_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "seal/journal_format.h"

namespace probatio::seal {
namespace {

using record::Record;

// NAT events have one token each, and come by the million.
bool MayHaveLightCopies(const Record& row) {
  return !std::holds_alternative<record::NatEvent>(row);
}

// Whole under its primary token, light under the others. Under a token that is not its own a row would be
// found by nobody, and is no row of ours.
Result<bool> IsWholeUnder(const Token& token, const Record& row, const WindowKeys& keys) {
  if (!MayHaveLightCopies(row)) return true;
  const Filing filing = TRY(FilingOf(row));
  if (keys.TokenOf(filing.primary) == token) return true;
  const bool own = std::any_of(filing.secondary.begin(), filing.secondary.end(),
                               [&](const auto& copy) { return keys.TokenOf(copy.first) == token; });
  if (!own) return CryptoError("a row under a token that is not its own");
  return false;
}

Result<std::vector<Record>> WholeOnly(const Token& token, std::vector<Record> rows, const WindowKeys& keys) {
  std::vector<Record> whole;
  whole.reserve(rows.size());
  for (Record& row : rows) {
    const bool is_whole = TRY(IsWholeUnder(token, row, keys));
    if (is_whole) whole.push_back(std::move(row));
  }
  return whole;
}

Status RowsOfBatch(const BatchParts& batch, const Key& index_key, const WindowKeys& keys,
                   const TakeRows& take) {
  const Secret plain_index = TRY_IN("index", crypto::Open(index_key, batch.index, batch.header_bytes));
  const BatchIndex index = TRY_IN("index", ParseIndex(plain_index.reveal(), batch.fragments.size()));
  std::vector<Record> rows;
  for (const FragmentPlace& place : index.places) {
    const Buffer associated_data = FragmentAssociatedData(batch.header_bytes, place.token);
    const Bytes sealed = batch.fragments.subspan(place.offset, place.length);
    const Secret plain =
        TRY_IN("fragment", crypto::Open(keys.KeysOf(place.token).block, sealed, associated_data));
    std::vector<Record> held = TRY_IN("fragment", ParseFragment(plain.reveal(), index));
    std::vector<Record> whole = TRY_IN("fragment", WholeOnly(place.token, std::move(held), keys));
    std::move(whole.begin(), whole.end(), std::back_inserter(rows));
  }
  return take(std::move(rows));
}

}  // namespace

Status RowsOfJournal(const SegmentId& segment, std::span<const Buffer> batches, const JournalHead& head,
                     const WindowKeys& keys, const TakeRows& take) {
  const std::vector<BatchParts> parts = TRY(CheckJournalChain(segment, batches, head));
  const Key index_key = keys.JournalIndexKey();
  for (const BatchParts& batch : parts) {
    TRY_IN(fmt::format("journal: batch {}", batch.header.number), RowsOfBatch(batch, index_key, keys, take));
  }
  return Done{};
}

Status CheckSealed(const SealedSegment& sealed, const crypto::Digest& root) {
  if (sealed.leaves.size() > kSegmentLeavesMax) return Invalid("more leaves than a segment can have");
  if (sealed.leaves.empty() || sealed.blocks.size() + 1 != sealed.leaves.size()) {
    return CryptoError("not one block for each leaf");
  }
  TRY(CheckChain(sealed.leaves));
  for (std::size_t i = 0; i < sealed.blocks.size(); ++i) {
    if (crypto::Sha256(sealed.blocks[i]) != sealed.leaves[i + 1].sealed_digest) {
      return CryptoError(fmt::format("block {} was altered", i + 1));
    }
  }
  if (SegmentRoot(sealed.leaves) != root) return CryptoError("the leaves do not lead to the root");
  return Done{};
}

Status RowsOfBlocks(const SegmentId& segment, const SealedSegment& sealed, const crypto::Digest& root,
                    const WindowKeys& keys, const TakeRows& take) {
  TRY(CheckSealed(sealed, root));
  for (std::size_t i = 0; i < sealed.blocks.size(); ++i) {
    const BlockLeaf& leaf = sealed.leaves[i + 1];
    const std::string place = fmt::format("block {}", i + 1);
    OpenedBlock opened = TRY_IN(place, OpenBlock(segment, leaf, keys.KeysOf(leaf.token), sealed.blocks[i]));
    std::vector<Record> whole = TRY_IN(place, WholeOnly(leaf.token, std::move(opened.rows), keys));
    TRY(take(std::move(whole)));
  }
  return Done{};
}

}  // namespace probatio::seal
