// The control: what the neighbouring programs do wrongly, done rightly. It must compile.
#include "order/grant.h"

namespace probatio {

Status Execute(const order::Order& order, const order::Life& life, const order::Assessment& assessment,
               order::SignedScope signed_scope, const crypto::Certificate& approver, Instant now) {
  const order::Grant grant =
      TRY(order::Authorize(order, life, assessment, std::move(signed_scope), {&approver, 1}, now));
  TRY(order::StillHolds(grant, life, now));
  const OrderId id = TRY(OrderId::Parse("rg-24-57625"));
  Key key;
  const Key copy = key.Clone();
  return id == grant.scope().order ? Status(Done{}) : Status(Denied("another order"));
}

}  // namespace probatio
