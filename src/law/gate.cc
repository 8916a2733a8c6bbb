#include "law/gate.h"

#include <fmt/format.h>

namespace probatio::law {
namespace {

constexpr std::string_view kCriminalPurpose = "criminal_purpose";
constexpr std::string_view kAnOffence = "an_offence";
constexpr std::string_view kSeriousCrime = "serious_crime";

std::string_view YesNo(bool value) {
  return value ? "yes" : "no";
}

// Returns the fact that is missing, or nothing when the need holds; notes the facts it looked at.
std::string MissingFor(std::string_view need, const Gate& gate, const Facts& facts,
                       std::vector<std::string>& used) {
  if (need == kCriminalPurpose) {
    used.push_back(fmt::format("purpose={}", facts.purpose.empty() ? "none stated" : facts.purpose));
    return facts.purpose == "criminal_proceedings" ? "" : "a purpose of criminal proceedings";
  }
  if (need == kAnOffence) {
    used.push_back(fmt::format("offence_named={}", YesNo(facts.offence_named)));
    return facts.offence_named ? "" : "an offence named in the order";
  }
  CHECK(need == kSeriousCrime);  // ParseRegime let no other word in
  used.push_back(fmt::format("court_found_serious={}", ToText(facts.court_found_serious)));
  used.push_back(fmt::format("max_prison_years={}", facts.max_prison_years));
  // A court that said "not serious" is not overruled by a penalty scale.
  const bool by_penalty = facts.court_found_serious == Answer::kUnknown && gate.max_prison_years_min > 0 &&
                          facts.max_prison_years >= gate.max_prison_years_min;
  if (facts.court_found_serious == Answer::kYes || by_penalty) return "";
  return fmt::format("a finding of serious crime by the court, or a maximum penalty of {} years or more",
                     gate.max_prison_years_min);
}

}  // namespace

bool IsKnownNeed(std::string_view need) {
  return need == kCriminalPurpose || need == kAnOffence || need == kSeriousCrime;
}

LineVerdict EvaluateGate(const Gate& gate, const Facts& facts) {
  LineVerdict result;
  result.verdict = Verdict::kRelease;
  result.reference = gate.reference;
  for (const std::string& need : gate.needs) {
    const std::string missing = MissingFor(need, gate, facts, result.facts_used);
    if (missing.empty() || !result.missing.empty()) continue;
    result.missing = missing;
    result.verdict = gate.otherwise;
  }
  return result;
}

}  // namespace probatio::law
