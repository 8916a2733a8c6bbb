#include "law/needs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "law/words.h"

namespace probatio::law {
namespace {

constexpr std::string_view kCriminalPurpose = "criminal_purpose";
constexpr std::string_view kAnOffence = "an_offence";
constexpr std::string_view kSeriousCrime = "serious_crime";
constexpr std::size_t kIsADepthMax = 8;

// What a paper claims for an exception (the victim's own terminal, a missing person, an emergency) it says;
// what an ordinary case has (an offence committed online, its aim) a transcription may have left out.
constexpr std::array<StatedFact, 15> kStatedFacts{{
    {"online_offence", Answer::kUnknown,
     "whether the offence was committed through an electronic communications network"},
    {"sole_identification", Answer::kUnknown, "whether the sole aim is to identify the author or the user"},
    {"listed_offence", Answer::kUnknown,
     "whether the offence is one of those listed (fraud, child abuse, attacks on systems, terrorism)"},
    {"victim_terminal", Answer::kNo, "the victim's own terminal, at her request"},
    {"missing_person", Answer::kNo, "the search for a missing person, or the procedure of CPP 706-106-4"},
    {"imprisonable", Answer::kUnknown, "whether the offence is punished with prison"},
    {"sentence_execution", Answer::kNo,
     "the execution of a sentence of four months or more, not passed in absentia, of a person who absconded"},
    {"emergency", Answer::kNo,
     "an imminent threat to life, to physical integrity or to critical infrastructure"},
    {"request_attached", Answer::kUnknown, "a copy of the request, attached to the order"},
    {"ex_parte_reasons", Answer::kUnknown, "the reasons why the other side was not heard"},
    {"authorised", Answer::kUnknown,
     "the authorisation of a judge or of the prosecutor that the text asks for"},
    {"legal_basis", Answer::kUnknown, "the legal basis of the order"},
    {"notification_cleared", Answer::kUnknown,
     "whether the enforcing authority was notified and will not refuse, or need not be notified"},
    {"extension_requested", Answer::kNo, "an extension of the preservation (EPOC-PR: Annex VI)"},
    {"production_confirmed", Answer::kNo, "a confirmation that production was ordered (EPOC-PR: Annex V)"},
}};

const StatedFact* FindStated(std::string_view name) {
  const auto* found = std::find_if(kStatedFacts.begin(), kStatedFacts.end(),
                                   [&](const StatedFact& fact) { return fact.name == name; });
  return found == kStatedFacts.end() ? nullptr : found;
}

NeedResult Held(NeedResult result) {
  result.holds = Answer::kYes;
  result.missing.clear();
  return result;
}

// A mixed purpose is neither: some orders rest on it, appellate case law does not.
NeedResult CriminalPurpose(const Facts& facts) {
  NeedResult result{Answer::kNo,
                    fmt::format("purpose={}", facts.purpose.empty() ? "none stated" : facts.purpose),
                    "a purpose of criminal proceedings"};
  if (facts.purpose == "criminal_proceedings") return Held(result);
  if (facts.purpose.empty() || facts.purpose == "mixed") result.holds = Answer::kUnknown;
  return result;
}

NeedResult SeriousCrime(const Gate& gate, const Facts& facts) {
  NeedResult result{
      Answer::kNo,
      fmt::format("court_found_serious={}\nmax_prison_years={}", ToText(facts.court_found_serious),
                  facts.max_prison_years),
      fmt::format("a finding of serious crime by the court, or a maximum penalty of {} years or more",
                  gate.max_prison_years_min)};
  // A court that said "not serious" is not overruled by a penalty scale.
  const bool by_penalty = facts.court_found_serious == Answer::kUnknown && gate.max_prison_years_min > 0 &&
                          facts.max_prison_years >= gate.max_prison_years_min;
  if (facts.court_found_serious == Answer::kYes || by_penalty) return Held(result);
  if (!facts.offence_named && facts.court_found_serious == Answer::kUnknown) result.holds = Answer::kUnknown;
  return result;
}

NeedResult PrisonYears(const Gate& gate, const Facts& facts) {
  NeedResult result{
      facts.offence_named ? Answer::kNo : Answer::kUnknown,
      fmt::format("max_prison_years={}", facts.max_prison_years),
      fmt::format("an offence with a maximum penalty of {} years or more", gate.max_prison_years_min)};
  return facts.max_prison_years >= gate.max_prison_years_min ? Held(result) : result;
}

NeedResult IssuedBy(const Gate& gate, const Regime& regime, const Facts& facts) {
  const auto shown = [](const std::string& kind) { return kind.empty() ? "unknown" : kind; };
  NeedResult result{Answer::kNo, fmt::format("issuer={}", shown(facts.issuer)),
                    fmt::format("an issue or a validation by one of: {}", fmt::join(gate.issuers, ", "))};
  if (!facts.validated_by.empty()) result.fact += fmt::format("\nvalidated_by={}", facts.validated_by);
  if (IsAmong(regime, facts.issuer, gate.issuers) || IsAmong(regime, facts.validated_by, gate.issuers))
    return Held(result);
  if (facts.issuer.empty()) result.holds = Answer::kUnknown;
  return result;
}

}  // namespace

std::span<const StatedFact> StatedFacts() {
  return kStatedFacts;
}

bool IsKnownNeed(std::string_view need) {
  return need == kCriminalPurpose || need == kAnOffence || need == kSeriousCrime ||
         need == kNeedPrisonYears || need == kNeedIssuer || FindStated(need) != nullptr;
}

NeedResult EvaluateNeed(std::string_view need, const Gate& gate, const Regime& regime, const Facts& facts) {
  if (need == kCriminalPurpose) return CriminalPurpose(facts);
  if (need == kSeriousCrime) return SeriousCrime(gate, facts);
  if (need == kNeedPrisonYears) return PrisonYears(gate, facts);
  if (need == kNeedIssuer) return IssuedBy(gate, regime, facts);
  if (need == kAnOffence) {
    NeedResult result{Answer::kUnknown, facts.offence_named ? "offence_named=yes" : "offence_named=no",
                      "an offence named in the order"};
    return facts.offence_named ? Held(result) : result;
  }
  const StatedFact* stated = FindStated(need);
  CHECK(stated != nullptr);  // ParseRegime let no other word in
  const auto said = facts.said.find(std::string(need));
  const Answer answer = said == facts.said.end() ? stated->unless_stated : said->second;
  NeedResult result{answer, fmt::format("{}={}", need, ToText(answer)), std::string(stated->missing)};
  return answer == Answer::kYes ? Held(result) : result;
}

std::string IssuerNamedIn(const Regime& regime, std::string_view court) {
  for (const Issuer& issuer : regime.issuers) {
    const bool named = std::any_of(issuer.names.begin(), issuer.names.end(),
                                   [&](const std::string& name) { return HoldsWords(court, name); });
    if (named) return issuer.id;
  }
  return {};
}

bool IsAmong(const Regime& regime, const std::string& issuer, const std::vector<std::string>& kinds) {
  std::string kind = issuer;
  for (std::size_t depth = 0; depth < kIsADepthMax && !kind.empty(); ++depth) {
    if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) return true;
    const Issuer* known = regime.FindIssuer(kind);
    kind = known == nullptr ? "" : known->is_a;
  }
  return false;
}

}  // namespace probatio::law
