// What is sealed in a block, and the two ways to seal it (docs/formats/window.md). Used by block.cc and
// segment.cc only. Pure; thread-safe.
#pragma once

#include "seal/block.h"

namespace probatio::seal {

inline constexpr std::size_t kPaddedBytesMin = 512;

// "probatio/block/1" ‖ segment ‖ token ‖ position ‖ last ‖ next ‖ faces root: a block opens only in its own
// place.
Buffer BlockAssociatedData(const SegmentId& segment, const BlockLeaf& leaf);

// Block sizes would show how much a person writes: where `stream` needs it, the plain bytes are filled up
// with zeros to the next power of two, at least kPaddedBytesMin.
bool IsPadded(Stream stream);

// u32 length, rows, padding; in subject streams the salt key stands before it.
Secret WindowPlain(Bytes rows, bool padded);
Secret SubjectPlain(const Key& salt_key, Bytes rows, bool padded);

// The rows' bytes back from behind the salt key, if any. kInvalid when the padding holds anything but zeros.
Result<Bytes> RowsOfPlain(Bytes plain);

// The number of a block's first row within its token.
inline std::uint64_t FirstRowOf(std::uint32_t position) {
  return std::uint64_t{position} * kRowsPerBlockMax;
}

}  // namespace probatio::seal
