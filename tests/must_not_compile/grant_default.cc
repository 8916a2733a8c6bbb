// There is no empty Grant that could be handed on and filled in later.
#include "order/grant.h"

namespace probatio {

void Forge() {
  order::Grant grant;
}

}  // namespace probatio
