// The packed rows of a block, whatever their layout (docs/formats/block.md): the one place where layouts are
// told apart. Pure; thread-safe.
#pragma once

#include <optional>

#include "crypto/digest.h"
#include "seal/row_codec.h"

namespace probatio::seal {

// What a look-up knows of the rows it wants, so that a layout may leave the others packed. Only a hint: rows
// that do not fit it may come all the same, rows that fit always come.
struct RowHint {
  std::optional<std::uint16_t> public_port;
};

struct PlacedRow {
  std::uint32_t place = 0;  // within the block, as its commitments are counted
  record::Record record;
};

// kInvalid for an unknown layout, and for rows that do not decode.
Result<std::vector<PlacedRow>> FindRows(Bytes packed, const RowHint& hint);
Result<std::vector<record::Record>> AllRows(Bytes packed);
// All rows of the block with their commitments, in CommitRows' order; read once for both.
struct CommittedRows {
  std::vector<record::Record> rows;
  std::vector<crypto::Digest> commitments;
};
Result<CommittedRows> CommitAll(Bytes packed, const Key& salt_key, std::uint64_t first_row);

}  // namespace probatio::seal
