// The rows of one block as bytes: one column per field, then Zstandard (docs/formats/block.md, layout 1).
// Pure; thread-safe.
#pragma once

#include <vector>

#include "record/canonical.h"

namespace probatio::seal {

inline constexpr std::size_t kRowsPerBlockMax = 4096;
inline constexpr std::size_t kBlockRecordBytesMax = 8U
                                                    << 20;  // the canonical bytes of a block's rows together
inline constexpr std::size_t kBlockPlainBytesMax = 16U << 20;  // after decompression

// All rows of one kind. CHECKs 1..kRowsPerBlockMax and kBlockRecordBytesMax.
Buffer EncodeRows(std::span<const record::Record> rows);
// kInvalid names the column and offset. Never allocates from an unchecked length.
Result<std::vector<record::Record>> DecodeRows(Bytes bytes);

}  // namespace probatio::seal
