#include "order/urgent.h"

#include <fmt/format.h>

#include "order/life.h"

namespace probatio::order {

bool StatesEmergency(const Order& order) {
  const auto stated = order.said.facts.find("emergency");
  return stated != order.said.facts.end() && stated->second == law::Answer::kYes;
}

Result<Instant> UrgentUntil(const Order& order, Instant now) {
  if (!order.named || !order.named->urgent)
    return Denied(fmt::format("urgent: the regime allows it for no {}", order.instrument));
  if (!StatesEmergency(order)) return Denied("urgent: the paper states no emergency (facts.emergency)");
  return now + kUrgentConfirmNs;
}

}  // namespace probatio::order
