// Text from outside is checked once, at the edge: valid UTF-8, no NUL, no control characters but tab and
// newline.
#pragma once

#include <string_view>

#include "base/result.h"

namespace probatio {

// kInvalid names the offset of the first octet that breaks the rule.
Status CheckText(std::string_view text);

}  // namespace probatio
