#include "custody/segment_search.h"

#include <fmt/format.h>

#include <algorithm>

#include "custody/journal_row.h"
#include "seal/box_key.h"

namespace probatio::custody {
namespace {

using seal::FoundLeaf;
using seal::ProvenRow;
using seal::SegmentInfo;
using seal::StoreIncomplete;

// A segment that was closed: leaves under the ledger's root, blocks under the leaves.
class ClosedSegment : public SegmentSearch {
 public:
  ClosedSegment(const seal::Box& box, SegmentInfo info, seal::SegmentLeaves leaves)
      : box_(box), info_(std::move(info)), leaves_(std::move(leaves)) {}

  Result<std::vector<ProvenRow>> Search(const seal::Token& token, const Opened& opened,
                                        const Key* subject_private, const Wanted& wanted) override {
    const std::vector<FoundLeaf> found = TRY(leaves_.Find(token));
    std::vector<ProvenRow> rows;
    for (const FoundLeaf& leaf : found) {
      const std::string place = PlaceIn(leaf);
      const seal::UnsealedBlock block = TRY(Unseal(leaf, opened, subject_private));
      std::vector<seal::PlacedRow> placed = TRY_IN(place, block.Find(wanted.hint));
      std::erase_if(placed, [&](const seal::PlacedRow& row) { return !wanted.test(row.record); });
      if (placed.empty()) continue;
      TRY_IN(place, AddProven(block, leaf, placed, &rows));
    }
    return rows;
  }

 private:
  std::string PlaceIn(const FoundLeaf& found) const {
    return fmt::format("segment {}: block {} of its token", info_.id.text(), found.leaf.position);
  }

  Result<seal::UnsealedBlock> Unseal(const FoundLeaf& found, const Opened& opened,
                                     const Key* subject_private) const {
    const seal::BlockLeaf& leaf = found.leaf;
    const auto incomplete = [&](const char* what) {
      return StoreIncomplete(info_.id, fmt::format("block {} of its token {}", leaf.position, what));
    };
    const std::optional<Buffer> sealed = TRY(box_.Read(seal::BlockKey(info_.id, leaf.token, leaf.position)));
    if (!sealed.has_value()) return incomplete("is missing");
    if (crypto::Sha256(*sealed) != leaf.sealed_digest) return incomplete("was replaced");
    // From here on the bytes are those that were committed to: what fails now is the key, or the collector's
    // fault.
    Result<seal::UnsealedBlock> block =
        subject_private != nullptr ? seal::UnsealSubjectBlock(info_.id, leaf, *subject_private, *sealed)
                                   : seal::UnsealBlock(info_.id, leaf, opened.keys, *sealed);
    if (!block.ok()) return block.error().Within(PlaceIn(found));
    return block;
  }

  // All commitments of the block are computed once, for all of its wanted rows. A row that the proof does not
  // lead to is an error, not a row less.
  Status AddProven(const seal::UnsealedBlock& sealed, const FoundLeaf& found,
                   std::span<const seal::PlacedRow> placed, std::vector<ProvenRow>* rows) const {
    const seal::OpenedBlock block = TRY(sealed.Commit());
    const seal::LeafProof leaf = TRY(leaves_.Prove(found));
    for (const seal::PlacedRow& row : placed) {
      if (row.place >= block.rows.size() || block.rows[row.place] != row.record) {
        return CryptoError(fmt::format("row {} is not the one committed to", row.place));
      }
      rows->push_back({row.record, info_.id, info_.window, seal::ProveRow(block, row.place, leaf), {}});
    }
    return Done{};
  }

  const seal::Box& box_;
  SegmentInfo info_;
  seal::SegmentLeaves leaves_;
};

// A segment whose collector died: its journal, whose chain ends in the head that the ledger holds.
class CrashedSegment : public SegmentSearch {
 public:
  CrashedSegment(SegmentInfo info, std::vector<Buffer> batches)
      : info_(std::move(info)), batches_(std::move(batches)) {}

  Result<std::vector<ProvenRow>> Search(const seal::Token& token, const Opened& opened,
                                        const Key* subject_private, const Wanted& wanted) override {
    const Result<std::vector<record::Record>> all =
        subject_private != nullptr ? seal::SearchSubjectJournal(info_.id, batches_, info_.journal,
                                                                opened.journal_index, token, *subject_private)
                                   : seal::SearchJournal(info_.id, batches_, info_.journal,
                                                         opened.journal_index, token, opened.keys);
    if (!all.ok()) return StoreIncomplete(info_.id, all.error().what());
    std::vector<ProvenRow> rows;
    for (const record::Record& record : all.value()) {
      if (wanted.test(record)) rows.push_back({record, info_.id, info_.window, std::nullopt, {}});
    }
    if (subject_private == nullptr && !rows.empty()) TRY(AddBatches(token, opened, &rows));
    return rows;
  }

 private:
  // The batch that holds each row, which custodians can open for themselves when a further step rests on the
  // row.
  Status AddBatches(const seal::Token& token, const Opened& opened, std::vector<ProvenRow>* rows) const {
    for (const Buffer& batch : batches_) {
      const std::vector<record::Record> held =
          TRY(SearchBatch(info_.id, batch, opened.journal_index, token, opened.keys));
      for (ProvenRow& row : *rows) {
        const bool holds = std::find(held.begin(), held.end(), row.record) != held.end();
        if (holds && row.journal_batch.empty()) row.journal_batch = batch;
      }
    }
    return Done{};
  }

  SegmentInfo info_;
  std::vector<Buffer> batches_;
};

}  // namespace

std::vector<std::string> FirstReads(const SegmentInfo& info, const seal::Token& token,
                                    seal::LeafCache* cache) {
  std::vector<std::string> keys;
  if (cache->Index(info.root) == nullptr) keys.push_back(seal::LeafIndexKey(info.id));
  keys.push_back(seal::BlockKey(info.id, token, 0));
  return keys;
}

Result<std::unique_ptr<SegmentSearch>> OpenSegment(const seal::Box& box, const seal::JournalArchive& journals,
                                                   const SegmentInfo& info, seal::LeafCache* cache) {
  CHECK(info.state != seal::SegmentState::kOpen);
  if (info.state == seal::SegmentState::kClosed) {
    seal::SegmentLeaves leaves = TRY(seal::SegmentLeaves::Open(box, info, cache));
    return std::unique_ptr<SegmentSearch>(std::make_unique<ClosedSegment>(box, info, std::move(leaves)));
  }
  Result<std::vector<Buffer>> batches = journals.Batches(info.id);
  if (!batches.ok()) return StoreIncomplete(info.id, batches.error().what());
  return std::unique_ptr<SegmentSearch>(std::make_unique<CrashedSegment>(info, std::move(batches).value()));
}

}  // namespace probatio::custody
