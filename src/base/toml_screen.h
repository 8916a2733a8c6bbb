// What a regime or a mapping may use of TOML: [name] and [[name]] headers, and "key = value" on one line with
// a string, a number, a flag, a date or a flat list; comments. toml++ 3.3 asserts or assumes, where it should
// check, on several malformed inputs; so only what has one of these shapes reaches it. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace probatio {

// kInvalid "FILE:LINE: reason" at the first line of another shape.
Status ScreenToml(std::string_view toml, const std::string& file_name);

}  // namespace probatio
