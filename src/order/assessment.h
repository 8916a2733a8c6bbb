// The order checked against the law, line by line and item by item, never as a whole. Pure; thread-safe.
#pragma once

#include <map>

#include "order/order.h"
#include "record/record.h"

namespace probatio::order {

enum class Holding : std::uint8_t {
  kRetained,
  kPartly,
  kOutside
};                                         // is the period within what may still be kept
std::string_view ToText(Holding holding);  // "retained", "partly", "outside"

// What the order's own hold keeps for it past the days of the rules, and for no other order: for a line and a
// class of records the instant since which they are held. Whatever could be used then can still be.
using OwnHold = std::map<std::pair<std::string, record::RecordClass>, Instant>;

struct ItemAssessment {
  std::string line;  // "L2"
  std::string item;
  law::LineVerdict law;
  Holding holding = Holding::kRetained;
  std::optional<Period> kept;  // the part of the line's period that may still be used; absent when kOutside
  std::optional<Instant> held_since;  // when `kept` goes beyond the rules of today: by the order's own hold
  std::string retention_reference;    // empty when no rule lets the category be kept
};

struct ConditionAssessment {
  std::string condition;  // "no_trial", "legitimate_reason", "evidential_interest", "admissible"
  law::Answer court = law::Answer::kUnknown;
  std::string quote;
  int page = 0;
  law::Answer our_check = law::Answer::kUnknown;  // our own consistency check; never overrides the court
  std::string note;
};

struct Assessment {
  std::vector<ConditionAssessment> conditions;
  std::vector<ItemAssessment> items;         // in the order of lines and items
  std::optional<law::TimeLimit> time_limit;  // absent while the order is not served
  std::vector<std::string> defects;          // what keeps the order from being enforceable, in words
};

// An enforceable decision is not edited: where a rule would refuse what the operative part grants, the item
// becomes kHuman with the divergence stated; content stays refused, for it is never among retained data. An
// open-ended line is a closed list by reference: each of its items has its own verdict, and express-only
// items never come in through it. "Other accounts" are kHuman. What is found behind a tuple also needs the
// gate of the address, else kHuman.
Assessment Assess(const Order& order, const law::Regime& regime, const std::string& provider_profile,
                  Instant now, const OwnHold& hold = {});

std::string ToJson(const Assessment& assessment);  // stable, docs/formats/order.md

}  // namespace probatio::order
