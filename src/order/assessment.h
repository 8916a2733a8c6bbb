// The order checked against the law, line by line and item by item, never as a whole. Pure; thread-safe.
#pragma once

#include "order/order.h"

namespace probatio::order {

enum class Holding : std::uint8_t { kRetained, kPartly, kOutside };  // is the period within what may still be kept
std::string_view ToText(Holding holding);                            // "retained", "partly", "outside"

struct ItemAssessment {
  std::string line;       // "L2"
  std::string item;
  law::LineVerdict law;
  Holding holding = Holding::kRetained;
  std::string retention_reference;
};

struct ConditionAssessment {
  std::string condition;     // "no_trial", "legitimate_reason", "evidential_interest", "admissible"
  law::Answer court = law::Answer::kUnknown;
  std::string quote;
  int page = 0;
  law::Answer our_check = law::Answer::kUnknown;  // our own consistency check; never overrides the court
  std::string note;
};

struct Assessment {
  std::vector<ConditionAssessment> conditions;
  std::vector<ItemAssessment> items;          // in the order of lines and items
  std::optional<law::TimeLimit> time_limit;   // absent while the order is not served
  std::vector<std::string> defects;           // what keeps the order from being enforceable, in words
};

// An enforceable decision is not edited: where a rule would refuse what the operative part grants, the item becomes
// kHuman with the divergence stated. Open-ended lines and "other accounts" are kHuman; express-only items never come
// in through an open-ended line.
Assessment Assess(const Order& order, const law::Regime& regime, const std::string& provider_profile, Instant now);

std::string ToJson(const Assessment& assessment);  // stable, docs/formats/order.md

}  // namespace probatio::order
