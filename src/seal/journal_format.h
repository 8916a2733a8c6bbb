// The parts of a journal batch (docs/formats/journal.md): clear header, sealed index, sealed fragments.
// Shapes only; sealing and the chain are journal.cc and journal_search.cc, the only users beside the fuzz
// target. Pure; thread-safe.
#pragma once

#include "seal/journal.h"

namespace probatio::seal {

// Where a token's fragment lies, counted from the first fragment's first octet.
struct FragmentPlace {
  Token token{};
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
};

// Views into a batch.
struct BatchParts {
  BatchHeader header;
  Bytes header_bytes;  // the index's associated data, and the beginning of the fragments'
  Bytes index;         // sealed
  Bytes fragments;     // sealed, end to end
};

Buffer BatchHeaderBytes(const BatchHeader& header);
Buffer FragmentAssociatedData(Bytes header_bytes, const Token& token);

// kInvalid names the part and offset.
Result<BatchParts> SplitBatch(Bytes batch);

// Checks all batches of a segment against the ledger's head, last to first; their parts in order. kStorage
// names the batch that is missing, kCrypto the one that was altered.
Result<std::vector<BatchParts>> CheckJournalChain(const SegmentId& segment, std::span<const Buffer> batches,
                                                  const JournalHead& head);

inline constexpr std::size_t kBatchShapesMax = 65'536;

struct BatchIndex {
  std::vector<FragmentPlace> places;
  // Batches of NAT rows: what rows share, each as an event that has it; a row names its shape by number.
  // Empty in other batches, whose fragments hold whole records.
  std::vector<record::NatEvent> shapes;
};
Buffer IndexBytes(const BatchIndex& index);
// Tokens ascend and the fragments lie end to end over exactly `fragment_bytes`.
Result<BatchIndex> ParseIndex(Bytes bytes, std::size_t fragment_bytes);

// The batch from its parts; advances `head`, which was the one in the header. kInvalid over kBatchBytesMax;
// `head` is unchanged then.
Result<Buffer> FinishBatch(Bytes header, const WindowKeys& keys, const BatchIndex& index, Bytes fragments,
                           JournalHead* head, Random& random);

// A fragment's plain bytes are rows: each u16 length and canonical bytes, or, where the index has shapes, the
// form of nat_batch.h.
void AppendRow(const record::Record& row, ByteWriter* fragment);
Result<std::vector<record::Record>> ParseFragment(Bytes bytes, const BatchIndex& index);

}  // namespace probatio::seal
