// What a regime may use of TOML: tables, lists, dates, numbers, one-line strings, comments. toml++ 3.3
// asserts or assumes, instead of checking, that a key begins with a letter and that characters outside
// strings are ones it knows; so what reaches it is screened first. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace probatio::law {

// kInvalid "FILE:LINE: reason" at the first character outside that subset.
Status ScreenToml(std::string_view toml, const std::string& file_name);

}  // namespace probatio::law
