// Act 4: what must be refused, each in words.
#pragma once

#include "cli/demo/cast.h"
#include "cli/demo/world.h"

namespace probatio::cli::demo {

Status PlayRefusals(Stage& stage, const House& house, const std::string& order_template, const Truth& truth);

}  // namespace probatio::cli::demo
