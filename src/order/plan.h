// The plan of an order before anybody approves it: which steps would read what, for which line, over which
// period, and what is left out and why. It names no row and no count, and nothing in it needs a key. The
// scope that approvers sign is BuildScope's; a plan may be shown while persons have still to decide. Pure;
// thread-safe.
#pragma once

#include "order/scope.h"

namespace probatio::order {

// One look-up, in the words of the store: "activity by message".
struct PlanStep {
  record::RecordClass reads = record::RecordClass::kActivity;
  std::string by;     // what it starts from
  std::string gives;  // what the next step, or the answer, takes from it
};

struct PlanItem {
  std::string item;
  std::string basis;  // as in the scope; empty while a person has not decided
  std::string waits;  // what the person has to decide; empty when it is decided
  std::string reference;
  std::string retention_reference;
};

struct PlanLine {
  std::string id;
  Subject subject;
  std::vector<std::string> events;
  Period asked;
  Period kept;  // what of it may still be read, for all items of the line
  std::vector<PlanItem> items;
  std::vector<PlanStep> steps;
  std::vector<std::string> gaps;  // known before anything is read
};

struct Plan {
  GrantKind kind = GrantKind::kDisclose;
  std::vector<PlanLine> lines;
  std::vector<std::string> left_out;  // "L7 phone: declined by ...", as in the scope
  bool decided = true;                // false while an item waits for a person
};

// Ordered ∩ decided ∩ retained, as BuildScope, with what still waits for a person shown as such.
Plan MakePlan(const Order& order, const Life& life, const Assessment& assessment, GrantKind kind);

std::string ToJson(const Plan& plan);  // stable, docs/formats/order.md

}  // namespace probatio::order
