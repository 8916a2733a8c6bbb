// Can this order be enforced against this provider, now? One gate a question: what was found, under which
// article, and what would cure it (docs/formats/order.md). Asked before an order is found enforceable, before
// every grant, and again when it is executed. The gates of civil decisions follow the Code of Civil
// Procedure; requisitions and orders of the Union have their own conditions in the regime and pass by here.
// Pure; thread-safe.
#pragma once

#include <optional>

#include "order/gate_names.h"
#include "order/life.h"

namespace probatio::order {

enum class GateAnswer : std::uint8_t {
  kMet,
  kNotMet,     // closes the order to execution until it is cured
  kHuman,      // a person answers it by finding the order enforceable, with the reason
  kNotNeeded,  // this instrument does not ask it
};
std::string_view ToText(GateAnswer answer);  // "met", "not_met", "human", "not_needed"

struct EnforcementGate {
  std::string_view id;  // gate_names.h
  GateAnswer answer = GateAnswer::kHuman;
  std::string found;
  std::string reference;
  std::string cure;  // empty when met or not needed
};

// The provider as the law knows it: whom an order must address.
struct Entity {
  std::string name;
  std::string number;               // in its register; may be empty
  std::vector<std::string> others;  // former and trading names
};

struct PenaltyReport {
  Instant starts;
  law::PenaltySoFar so_far;
  std::string words;  // "500 euro a day from ..., 3 begun, 1500 euro at most so far"
};

struct Enforceability {
  std::vector<EnforcementGate> gates;
  std::vector<std::string> warnings;
  std::optional<PenaltyReport> penalty;  // absent when there is none, or nothing tells when it starts

  const EnforcementGate* FirstNotMet() const;  // null: nothing is closed
  bool NeedsPerson() const;
};

// `life` is empty for an order that nobody received yet.
Enforceability CheckEnforceability(const Order& order, const Life& life, const Entity& provider, Instant now);
// kDenied "enforceability: notice: the order has not been served [CPC 503]; cure: ...".
Status RequireEnforceable(const Enforceability& enforceability);
std::string ToJson(const Enforceability& enforceability);

// The order with what was recorded of its service and of extensions after it was received. Its digest stays
// that of its text.
Order WithRecordedService(Order order, const Life& life);

// When the order must be answered: its own limit, counted by the rules of its instrument. Absent when it
// states none, is not served, or its limit cannot be counted.
std::optional<law::TimeLimit> TimeLimitOf(const Order& order, Instant now);

}  // namespace probatio::order
