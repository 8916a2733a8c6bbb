// Invented people.
#pragma once

#include "cli/demo/dice.h"
#include "record/record.h"

namespace probatio::cli::demo {

// A civil identity for `holder`; `number` makes its telephone number, in the fiction range 06 39 98.
record::Identity InventPerson(const std::string& holder, int number, Instant from, Dice& dice);

}  // namespace probatio::cli::demo
