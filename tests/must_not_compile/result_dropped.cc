// An error cannot be ignored by not looking at it.
#include "order/grant.h"

namespace probatio {

void Execute(const order::Grant& grant, const order::Life& life, Instant now) {
  order::StillHolds(grant, life, now);
}

}  // namespace probatio
