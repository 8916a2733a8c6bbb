#include "custody/segment_search.h"

#include <fmt/format.h>

#include <algorithm>

#include "custody/journal_row.h"
#include "seal/box_key.h"

namespace probatio::custody {
namespace {

using seal::BlockLeaf;
using seal::ProvenRow;
using seal::SegmentInfo;

Error Incomplete(const SegmentId& segment, const std::string& what) {
  return StorageError(fmt::format("store incomplete: segment {}: {}", segment.text(), what));
}

// A segment that was closed: leaves under the ledger's root, blocks under the leaves.
class ClosedSegment : public SegmentSearch {
 public:
  ClosedSegment(const seal::Box& box, SegmentInfo info, std::vector<BlockLeaf> leaves)
      : box_(box), info_(std::move(info)), leaves_(std::move(leaves)) {}

  Result<std::vector<ProvenRow>> Search(const seal::Token& token, const Opened& opened,
                                        const Key* subject_private, const Wanted& wanted) override {
    const seal::LeafRange range = seal::FindToken(leaves_, token);
    std::vector<ProvenRow> rows;
    for (std::size_t i = range.first; i < range.end; ++i) {
      const seal::OpenedBlock block = TRY(OpenBlockAt(i, opened, subject_private));
      AddWanted(block, i, wanted, &rows);
    }
    return rows;
  }

 private:
  Result<seal::OpenedBlock> OpenBlockAt(std::size_t index, const Opened& opened,
                                        const Key* subject_private) const {
    const BlockLeaf& leaf = leaves_[index];
    const std::string place = fmt::format("block {} of its token", leaf.position);
    const std::optional<Buffer> sealed = TRY(box_.Read(seal::BlockKey(info_.id, leaf.token, leaf.position)));
    if (!sealed.has_value()) return Incomplete(info_.id, place + " is missing");
    if (crypto::Sha256(*sealed) != leaf.sealed_digest) return Incomplete(info_.id, place + " was replaced");
    // From here on the bytes are those that were committed to: what fails now is the key, or the collector's
    // fault.
    Result<seal::OpenedBlock> block = subject_private != nullptr
                                          ? seal::OpenSubjectBlock(info_.id, leaf, *subject_private, *sealed)
                                          : seal::OpenBlock(info_.id, leaf, opened.keys, *sealed);
    if (!block.ok()) return block.error().Within(fmt::format("segment {}: {}", info_.id.text(), place));
    return block;
  }

  void AddWanted(const seal::OpenedBlock& block, std::size_t leaf_index, const Wanted& wanted,
                 std::vector<ProvenRow>* rows) const {
    for (std::size_t row = 0; row < block.rows.size(); ++row) {
      if (!wanted(block.rows[row])) continue;
      rows->push_back(
          {block.rows[row], info_.id, info_.window, seal::ProveRow(block, row, leaves_, leaf_index), {}});
    }
  }

  const seal::Box& box_;
  SegmentInfo info_;
  std::vector<BlockLeaf> leaves_;
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
    if (!all.ok()) return Incomplete(info_.id, all.error().what());
    std::vector<ProvenRow> rows;
    for (const record::Record& record : all.value()) {
      if (wanted(record)) rows.push_back({record, info_.id, info_.window, std::nullopt, {}});
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

Result<std::vector<BlockLeaf>> LoadLeaves(const seal::Box& box, const SegmentInfo& info) {
  const std::optional<Buffer> bytes = TRY(box.Read(seal::LeavesKey(info.id)));
  if (!bytes.has_value()) return Incomplete(info.id, "its leaves are missing");
  Result<std::vector<BlockLeaf>> leaves = seal::ParseLeaves(*bytes);
  if (!leaves.ok()) return Incomplete(info.id, leaves.error().what());
  if (leaves.value().size() != info.leaf_count || seal::SegmentRoot(leaves.value()) != info.root) {
    return Incomplete(info.id, "its leaves are not those of the root in the ledger");
  }
  return leaves;
}

Result<std::unique_ptr<SegmentSearch>> OpenSegment(const seal::Box& box, const seal::JournalArchive& journals,
                                                   const SegmentInfo& info) {
  CHECK(info.state != seal::SegmentState::kOpen);
  if (info.state == seal::SegmentState::kClosed) {
    std::vector<BlockLeaf> leaves = TRY(LoadLeaves(box, info));
    return std::unique_ptr<SegmentSearch>(std::make_unique<ClosedSegment>(box, info, std::move(leaves)));
  }
  Result<std::vector<Buffer>> batches = journals.Batches(info.id);
  if (!batches.ok()) return Incomplete(info.id, batches.error().what());
  return std::unique_ptr<SegmentSearch>(std::make_unique<CrashedSegment>(info, std::move(batches).value()));
}

}  // namespace probatio::custody
