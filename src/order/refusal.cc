#include "order/refusal.h"

#include <fmt/format.h>

#include <algorithm>

namespace probatio::order {

Status CheckGround(const Order& order, const law::Regime& regime, const std::string& ground) {
  std::string listed;
  for (const law::Ground& one : regime.grounds) {
    if (!order.named ||
        std::find(one.instruments.begin(), one.instruments.end(), order.named->id) == one.instruments.end()) {
      continue;
    }
    if (one.id == ground) return Done{};
    listed +=
        fmt::format("\n  {}: {} [{}]{}", one.id, one.title_en, one.reference,
                    one.whose == law::GroundOf::kAddressee ? "" : ", raised by the enforcing authority");
  }
  if (listed.empty()) {
    if (ground.empty()) return Done{};
    return Invalid(
        fmt::format("ground: the regime lists none for {}: the reason in words is enough", order.instrument));
  }
  return Invalid(fmt::format("ground: {} of the grounds of {}:{}",
                             ground.empty() ? "name one" : "'" + ground + "' is none", order.instrument,
                             listed));
}

}  // namespace probatio::order
