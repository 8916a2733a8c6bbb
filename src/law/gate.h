// A gate of the regime: needs that must all hold, and gates of which one must open, before a line may be
// released. Pure; thread-safe.
#pragma once

#include "law/evaluate.h"

namespace probatio::law {

// kRelease when the gate opens; the gate's `otherwise` when a need fails; kHuman when all that is missing is
// unknown. The first missing fact is named. `rule` is left to the caller.
LineVerdict EvaluateGate(const Gate& gate, const Regime& regime, const Facts& facts);

}  // namespace probatio::law
