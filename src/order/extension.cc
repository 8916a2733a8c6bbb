#include "order/extension.h"

namespace probatio::order {

Status CheckLater(const Assessment& assessment, Instant until) {
  if (!assessment.time_limit) return Denied("extension: no time limit is running");
  const Instant binding = assessment.time_limit->binding();
  if (binding < until) return Done{};
  return Denied("extension: no later than the limit that runs, " + binding.ToRfc3339());
}

Result<Instant> PreservationExtended(const Assessment& assessment, Instant now) {
  if (!assessment.preservation || !assessment.preservation->until)
    return Denied("extension: no preservation with an end");
  const Preservation& preservation = *assessment.preservation;
  if (!preservation.extended_until) return Denied("extension: the instrument knows none");
  if (*preservation.extended_until <= *preservation.until) return Denied("extension: it was extended before");
  if (*preservation.until <= now)
    return Denied("extension: the preservation ended on " + preservation.until->ToRfc3339());
  return *preservation.extended_until;
}

}  // namespace probatio::order
