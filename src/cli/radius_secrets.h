// The file of secrets shared with RADIUS clients: "192.0.2.0/24 secret" or "192.0.2.20 secret" a line, '#'
// begins a comment. It is a secret itself; nothing of it is ever printed.
#pragma once

#include <string>

#include "decode/radius/radius_decoder.h"

namespace probatio::cli {

// kInvalid names the line and never what stands in it.
Result<decode::RadiusClients> ParseRadiusSecrets(std::string_view text);
Result<decode::RadiusClients> ReadRadiusSecrets(const std::string& path);

}  // namespace probatio::cli
