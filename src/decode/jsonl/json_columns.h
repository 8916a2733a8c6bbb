// One line of JSON as columns: the keys down to each value joined by points, "request.remote_ip". For logs
// whose objects nest, by a mapping. Pure; thread-safe.
#pragma once

#include "decode/mapping/mapped_row.h"

namespace probatio::decode {

// kInvalid names the offset or the key: no object, deeper than record::kJsonDepthMax, more than
// record::kJsonKeysMax values, a key twice. A list of texts or numbers is one column; of objects, none: its
// place is named and nothing of it read.
Result<std::vector<Cell>> ReadJsonColumns(std::string_view line);

}  // namespace probatio::decode
