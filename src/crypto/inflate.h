// The zlib format (RFC 1950), as the streams of a PDF use it (ISO 32000-1 section 7.4.4). Pure; thread-safe.
#pragma once

#include "base/bytes.h"

namespace probatio::crypto {

// The first `size_max` octets of what was compressed; fewer where it ends, or cannot be read further, before.
Buffer InflateStart(Bytes compressed, std::size_t size_max);

}  // namespace probatio::crypto
