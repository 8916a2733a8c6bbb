// A mark before, a digest behind: a file that was cut short or altered on its way is known before anything in
// it is read; and the parts of a segment inside. Used by reseal_file.cc and resealed_file.cc. Pure;
// thread-safe.
#pragma once

#include <vector>

#include "crypto/digest.h"

namespace probatio::seal {

inline constexpr std::size_t kFrameMarkSize = 8;
inline constexpr std::size_t kFrameSize = kFrameMarkSize + std::tuple_size_v<crypto::Digest>;

Buffer Framed(std::string_view mark, Bytes body);  // CHECKs the mark's size
// What stands between mark and digest. kInvalid "cut short or altered on the way".
Result<Bytes> Unframed(std::string_view mark, Bytes frame);

inline constexpr std::size_t kLengthSize = 4;  // before a field, and of a count

void PutParts(ByteWriter* out, const std::vector<Buffer>& parts);  // count u32, then a field each
Result<std::vector<Bytes>> ReadParts(ByteReader* in);  // views; kInvalid "more parts said than there are"

}  // namespace probatio::seal
