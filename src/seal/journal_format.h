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

Buffer IndexBytes(std::span<const FragmentPlace> places);
// Tokens ascend and the fragments lie end to end over exactly `fragment_bytes`.
Result<std::vector<FragmentPlace>> ParseIndex(Bytes bytes, std::size_t fragment_bytes);

// A fragment's plain bytes are rows, each u16 length and canonical bytes.
void AppendRow(const record::Record& row, ByteWriter* fragment);
Result<std::vector<record::Record>> ParseFragment(Bytes bytes);

}  // namespace probatio::seal
