// All rows of one segment, for who has its window key: a custodians' station that seals them anew. Each row
// comes once, whole; light copies, which are made from whole rows, are left out. Window streams only: the
// rows of a subject open with the subject's key. Nothing is skipped: what does not open or does not fit its
// commitment is an error. Pure; thread-safe.
#pragma once

#include <functional>

#include "seal/journal.h"

namespace probatio::seal {

using TakeRows = std::function<Status(std::vector<record::Record> rows)>;

// From a dead segment's journal, batch by batch; the whole chain is held against `head` first.
Status RowsOfJournal(const SegmentId& segment, std::span<const Buffer> batches, const JournalHead& head,
                     const WindowKeys& keys, const TakeRows& take);

// From a closed segment's blocks, in the order of the leaves behind the sentinel. The leaves are held against
// `root`, each block against its leaf, each row against its commitment.
struct SealedSegment {
  std::vector<BlockLeaf> leaves;  // the sentinel first
  std::vector<Buffer> blocks;     // parallel to leaves[1...]
};
Status RowsOfBlocks(const SegmentId& segment, const SealedSegment& sealed, const crypto::Digest& root,
                    const WindowKeys& keys, const TakeRows& take);

// Chain, root and every block's digest, without any key. kCrypto names the leaf.
Status CheckSealed(const SealedSegment& sealed, const crypto::Digest& root);

}  // namespace probatio::seal
