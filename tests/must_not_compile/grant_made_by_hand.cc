// A Grant cannot be made without Authorize: nobody reads a record on a scope that nobody approved.
#include "order/grant.h"

namespace probatio {

order::Grant Forge() {
  return order::Grant(order::Scope{}, order::SignedScope{}, Instant{});
}

}  // namespace probatio
