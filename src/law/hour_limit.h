// Limits in hours, which the Code of Civil Procedure does not know and Regulation 1182/71 counts by whole
// hours of the clock. Pure; thread-safe.
#pragma once

#include "law/time_limit.h"

namespace probatio::law {

// Earliest first. Appends the steps that were taken.
std::vector<Reading> HourReadings(const LimitQuestion& question, std::vector<Step>* steps);

}  // namespace probatio::law
