// What becomes of one item of an order: into the scope with its basis, left out with the reason, or waiting
// for a person. Shared by the scope that is signed and the plan that is shown before. Pure; thread-safe.
#pragma once

#include "order/scope.h"

namespace probatio::order {

struct Fate {
  std::optional<ScopeItem> in;
  std::string out;    // why it is left out; empty when it is in or waits
  std::string waits;  // what a person must decide; empty when decided
};

// Retention first: what may no longer be kept is nobody's to decide. A refusal that is still one here (the
// decision is not enforceable, or can never be obeyed) is not a person's to lift either.
Fate FateOf(const ItemAssessment& item, const Life& life, GrantKind kind);

// kDenied when the assessment did not offer this choice for the item that the decision names; kNotFound when
// it has no such item.
Status CheckChoice(const Assessment& assessment, const Event& decided);

// "L2: outside retention before ... or from ..."
std::string CutText(const std::string& line, const Period& kept);

}  // namespace probatio::order
