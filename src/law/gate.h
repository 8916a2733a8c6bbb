// A gate of the regime: needs that must all hold before a line may be released. The words of the needs are
// the only legal notions that code knows; which rule asks for which is data. Pure; thread-safe.
#pragma once

#include "law/evaluate.h"

namespace probatio::law {

bool IsKnownNeed(std::string_view need);  // "criminal_purpose", "an_offence", "serious_crime"

// kRelease when every need holds, else the gate's `otherwise` with the first missing fact named. `rule` and
// `reference` are left to the caller, except that the gate's own reference is filled in.
LineVerdict EvaluateGate(const Gate& gate, const Facts& facts);

}  // namespace probatio::law
