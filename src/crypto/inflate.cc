#include "crypto/inflate.h"

#include <zlib.h>

#include <limits>

namespace probatio::crypto {

Buffer InflateStart(Bytes compressed, std::size_t size_max) {
  CHECK(compressed.size() <= std::numeric_limits<uInt>::max() &&
        size_max <= std::numeric_limits<uInt>::max());
  Buffer out(size_max);
  z_stream stream{};
  if (size_max == 0 || inflateInit(&stream) != Z_OK) return {};
  stream.next_in = const_cast<Bytef*>(compressed.data());  // zlib reads it only
  stream.avail_in = static_cast<uInt>(compressed.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(size_max);
  inflate(&stream, Z_SYNC_FLUSH);  // whatever it returns: what was written out is good
  out.resize(size_max - stream.avail_out);
  inflateEnd(&stream);
  return out;
}

}  // namespace probatio::crypto
