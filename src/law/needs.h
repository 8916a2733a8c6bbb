// The needs of gates: the only legal notions that code knows. Which gate asks for which is data. Pure;
// thread-safe.
#pragma once

#include <span>

#include "law/evaluate.h"

namespace probatio::law {

inline constexpr std::string_view kNeedIssuer = "issuer";
inline constexpr std::string_view kNeedPrisonYears = "prison_years";

// What an order may say of itself with yes, no or unknown; each is a need of its own name.
struct StatedFact {
  std::string_view name;     // "online_offence"
  Answer unless_stated;      // what silence means
  std::string_view missing;  // "that the offence was committed through ..."
};
std::span<const StatedFact> StatedFacts();

bool IsKnownNeed(std::string_view need);

struct NeedResult {
  Answer holds = Answer::kUnknown;
  std::string fact;     // "purpose=criminal_proceedings"
  std::string missing;  // what would make it hold; empty when it does
};
// `need` is one of the gate's. Two facts joined by a line feed in `fact` where a need looks at two.
NeedResult EvaluateNeed(std::string_view need, const Gate& gate, const Regime& regime, const Facts& facts);

// The kind of issuer that a court's name tells: the first of the regime that matches, or empty.
std::string IssuerNamedIn(const Regime& regime, std::string_view court);
// Whether a kind of issuer is one of `kinds`, itself or by what it is a kind of.
bool IsAmong(const Regime& regime, const std::string& issuer, const std::vector<std::string>& kinds);

}  // namespace probatio::law
