// One invented record of each kind with every field filled, for the tests of this folder and of its users.
#pragma once

#include <vector>

#include "record/record.h"

namespace probatio::record {

std::vector<Record> ExampleRecords();

}  // namespace probatio::record
