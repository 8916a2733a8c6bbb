// Looking for records in a test world after its runs ended: what closed segments and dead ones hold.
#pragma once

#include <algorithm>

#include "keep/test_world.h"
#include "seal/segment_leaves.h"

namespace probatio::keep {

// All rows of a closed segment, light copies too. Any doubt about the segment is an error.
inline Result<std::vector<record::Record>> RowsOfClosed(TestWorld& world, const seal::SegmentInfo& info) {
  seal::LeafCache cache;
  const seal::SegmentLeaves leaves = TRY(seal::SegmentLeaves::Open(world.box, info, &cache));
  const seal::WindowKeys keys(world.window_keys.at(info.id));
  std::vector<record::Record> rows;
  std::vector<seal::BlockLeaf> all;
  for (std::size_t page = 0; page < leaves.pages(); ++page) {
    const auto held = TRY(leaves.Page(page));
    all.insert(all.end(), held->leaves.begin(), held->leaves.end());
  }
  for (const seal::BlockLeaf& leaf : all) {
    if (seal::IsSentinel(leaf)) continue;
    const std::optional<Buffer> block =
        TRY(world.box.Read(seal::BlockKey(info.id, leaf.token, leaf.position)));
    if (!block) return StorageError("a block is missing");
    seal::OpenedBlock opened;
    if (seal::IsSubjectStream(info.window.stream)) {
      for (const auto& [handle, key] : world.subject_keys) {
        if (seal::TokenOfSubject(handle) == leaf.token) {
          opened = TRY(seal::OpenSubjectBlock(info.id, leaf, key, *block));
        }
      }
    } else {
      opened = TRY(seal::OpenBlock(info.id, leaf, keys.KeysOf(leaf.token), *block));
    }
    rows.insert(rows.end(), opened.rows.begin(), opened.rows.end());
  }
  return rows;
}

// The rows that a dead segment holds for the selectors of one record.
inline Result<std::vector<record::Record>> RowsOfCrashed(TestWorld& world, const seal::SegmentInfo& info,
                                                         const record::Record& like) {
  const KeptJournals archive(world.journals);
  const std::vector<Buffer> batches = TRY(archive.Batches(info.id));
  seal::WindowKeys keys(world.window_keys.at(info.id));
  if (seal::IsSubjectStream(info.window.stream)) {
    std::vector<record::Record> rows;
    for (const auto& [handle, key] : world.subject_keys) {
      const std::vector<record::Record> found = TRY(seal::SearchSubjectJournal(
          info.id, batches, info.journal, keys.JournalIndexKey(), seal::TokenOfSubject(handle), key));
      rows.insert(rows.end(), found.begin(), found.end());
    }
    return rows;
  }
  const seal::Filing filing = TRY(seal::FilingOf(like));
  const seal::Token token = keys.TokenOf(filing.primary);
  return seal::SearchJournal(info.id, batches, info.journal, keys.JournalIndexKey(), token,
                             keys.KeysOf(token));
}

// A create stands also in the later windows through which its session lasts (docs/formats/window.md).
inline bool IsCarriedInto(const seal::Window& window, const record::Record& record) {
  return seal::IsNatStream(window.stream) && seal::WindowOf(window.stream, seal::FiledAt(record)) < window;
}

// How often a record is held: by closed segments, and by segments closed by crash. Copies that were carried
// into later windows are not counted.
struct Holdings {
  int closed = 0;
  int crashed = 0;
};
inline Result<Holdings> HoldingsOf(TestWorld& world, const Manifest& manifest, const record::Record& record) {
  Holdings holdings;
  for (const seal::SegmentInfo& info : manifest.All()) {
    if (info.state == seal::SegmentState::kOpen || info.state == seal::SegmentState::kReplaced) continue;
    const bool closed = info.state == seal::SegmentState::kClosed;
    if (info.window.stream != seal::StreamOf(record) || IsCarriedInto(info.window, record)) continue;
    const std::vector<record::Record> rows =
        TRY(closed ? RowsOfClosed(world, info) : RowsOfCrashed(world, info, record));
    const auto count = static_cast<int>(std::count(rows.begin(), rows.end(), record));
    (closed ? holdings.closed : holdings.crashed) += count;
  }
  return holdings;
}

}  // namespace probatio::keep
