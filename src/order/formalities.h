// What a decision must carry, or bring with it, to be enforced beside its mentions (CPC 489, 495, 501 to
// 517), and its periodic penalty: as far as the transcriber saw it on the paper. Values; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "law/evaluate.h"
#include "law/penalty.h"
#include "law/time_limit.h"

namespace probatio::order {

inline constexpr std::size_t kProtectiveConditionsMax = 16;

// The decision may make its enforcement depend on a guarantee or a deposit (CPC 514-5, 517).
struct ProtectiveCondition {
  std::string words;
  law::Answer met = law::Answer::kUnknown;
};

struct Formalities {
  law::Answer executory_formula = law::Answer::kUnknown;  // the copy bears it (502)
  law::Answer final_force = law::Answer::kUnknown;  // no remedy that suspends is open any more (500, 501)
  law::Answer on_minute = law::Answer::kUnknown;    // enforced on production of the minute (489, 495)
  std::vector<ProtectiveCondition> conditions;
};

struct Penalty {
  law::PenaltyRate rate;
  std::optional<law::TimeLimitRule> grace;  // counted from service; absent: from the end of the time limit
  bool final = false;                       // "définitive"; provisional unless stated (L131-2)
  bool reserved = false;                    // this judge keeps its liquidation (L131-3)
};

}  // namespace probatio::order
