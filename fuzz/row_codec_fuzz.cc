// The rows of a block: whatever decodes must encode and decode again to the same rows, and nothing may crash.
// The first octet chooses between a block as it lies in the box and its columns without the compression,
// which a mutation rarely gets past.
#include <zstd.h>

#include "seal/row_codec.h"

using namespace probatio;  // NOLINT(google-build-using-namespace)

namespace {

Buffer Packed(Bytes plain) {
  ByteWriter out;
  out.U8(1);
  out.U32(static_cast<std::uint32_t>(plain.size()));
  Buffer frame(ZSTD_compressBound(plain.size()));
  frame.resize(ZSTD_compress(frame.data(), frame.size(), plain.data(), plain.size(), 1));
  out.Raw(frame);
  return out.Take();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Bytes input(data + 1, size - 1);
  const auto rows = seal::DecodeRows(data[0] == 0 ? ToBuffer(input) : Packed(input));
  if (!rows.ok()) return 0;
  const auto again = seal::DecodeRows(seal::EncodeRows(rows.value()));
  CHECK(again.ok() && again.value() == rows.value());
  return 0;
}
