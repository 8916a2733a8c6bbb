// The enforceability of an order as JSON (docs/formats/order.md). Keys are sorted.
#include <nlohmann/json.hpp>

#include "order/enforceability.h"

namespace probatio::order {

std::string ToJson(const Enforceability& enforceability) {
  using nlohmann::json;
  json gates = json::array();
  for (const EnforcementGate& gate : enforceability.gates) {
    gates.push_back({{"gate", gate.id},
                     {"answer", ToText(gate.answer)},
                     {"found", gate.found},
                     {"reference", gate.reference},
                     {"cure", gate.cure}});
  }
  json result = {{"enforceable", enforceability.FirstNotMet() == nullptr},
                 {"needs_person", enforceability.NeedsPerson()},
                 {"gates", std::move(gates)},
                 {"warnings", enforceability.warnings},
                 {"penalty", nullptr}};
  if (enforceability.penalty) {
    const PenaltyReport& penalty = *enforceability.penalty;
    result["penalty"] = {{"starts", penalty.starts.ToRfc3339()},
                         {"units", penalty.so_far.units},
                         {"euro_so_far_at_most", penalty.so_far.euro},
                         {"capped", penalty.so_far.capped},
                         {"words", penalty.words}};
  }
  return result.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace probatio::order
