// One line judged by the rules: data item × instrument × purpose × provider profile × date. The verdict names
// the rule, the facts it rests on and the fact that is missing. It never decides the law alone: kHuman ends
// at a named person. Pure; thread-safe.
#pragma once

#include "law/regime.h"

namespace probatio::law {

enum class Answer : std::uint8_t { kYes, kNo, kUnknown };
std::string_view ToText(Answer answer);  // "yes", "no", "unknown"
Result<Answer> ParseAnswer(std::string_view text);

// What an order says about itself, as far as rules may ask.
struct Facts {
  std::string instrument;  // "fr.cpc145.refere", ...
  std::string purpose;     // "criminal_proceedings", "civil_claim", or empty when none is stated
  std::string profile;  // provider profile: "ecs_operator", "access_provider", "host_platform", "public_wifi"
  CivilDate decided;    // the date whose rules apply
  int max_prison_years = 0;  // highest maximum penalty among the qualified offences; 0 when none is named
  bool offence_named = false;
  Answer court_found_serious = Answer::kUnknown;
  std::string issuer = {};        // kind of issuer, stated or told by the court's name; may be empty
  std::string validated_by = {};  // kind of issuer that validated it; may be empty
  std::map<std::string, Answer> said = {};  // words of needs.cc
};

struct LineVerdict {
  Verdict verdict = Verdict::kHuman;
  std::string rule;                     // id of the deciding rule; empty when none matched (then kHuman)
  std::string reference;                // the text it cites
  std::vector<std::string> facts_used;  // "court_found_serious=yes", ...
  std::string missing;                  // the fact that would settle it; empty when none is missing
  bool absolute = false;                // a refusal that no decision lifts
  OpenPoint open = {};                  // where the law is open: both readings
  Confidence confidence = Confidence::kUnstated;
};

// Every rule that matches speaks, and the strictest verdict decides (refuse, then human, then release): no
// order of the rules in a file can widen a release. An item or instrument that no rule knows is kHuman, and
// so is every item of a decision older than the law that the regime describes.
LineVerdict EvaluateItem(const Regime& regime, const Facts& facts, const std::string& item);

// What the regime gives as reason for not judging at all, or empty: the decision is older than the law
// described, or than its instrument, or later than its instrument's end.
std::string NotDescribed(const Regime& regime, const Facts& facts);

// Every rule that could speak of the item, in the order of the file, for whoever explains the regime.
std::vector<const DisclosureRule*> RulesFor(const Regime& regime, const Facts& facts,
                                            const std::string& item);

// Whether an injunction to keep the category was in force on that day.
bool IsEnjoined(const Regime& regime, const std::string& category, const CivilDate& event);

// The retention that applies to a category at an event's date, or nothing: then it may not be kept at all.
const RetentionRule* RetentionFor(const Regime& regime, const std::string& category,
                                  const std::string& profile, const CivilDate& event);

// The first instant at which a record whose clock started at `start` may no longer be used. Calendar
// arithmetic in Paris, to the end of the last day: deletion must be neither early nor late (CPCE L39-3).
Instant RetentionEnd(const RetentionRule& rule, Instant start);

}  // namespace probatio::law
