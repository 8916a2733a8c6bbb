// More time, granted after reception: by the court to answer, by the issuing authority to preserve. Pure;
// thread-safe.
#pragma once

#include "order/assessment.h"

namespace probatio::order {

// kDenied: no time limit is running, or the new one is no later.
Status CheckLater(const Assessment& assessment, Instant until);
// Until when a preservation is kept once extended (2023/1543 art. 11(1): 60 days, once 30 more, asked for
// within the 60). kDenied: nothing is preserved, the text knows no extension, or it comes too late.
Result<Instant> PreservationExtended(const Assessment& assessment, Instant now);

}  // namespace probatio::order
