// One attribute as FreeRADIUS prints it: `Name = value`, the value bare, in double or in single quotes. Pure;
// thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace probatio::decode {

struct PrintedAttribute {
  std::string_view name;
  std::string value;  // without quotes, escapes resolved
  bool quoted = false;
};

// Nothing for a line that is no attribute (the header, another operator). kInvalid for one whose quotes do
// not close.
Result<std::optional<PrintedAttribute>> ReadPrintedAttribute(std::string_view line);

}  // namespace probatio::decode
