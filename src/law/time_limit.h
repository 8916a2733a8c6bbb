// Time limits: how long, counted how, until when, each step with its text and in words. French limits follow
// the Code of Civil Procedure, articles 640 to 647-1; limits of the Union follow Regulation (EEC, Euratom)
// 1182/71, article 3. Where the law is open both readings are given and the one that is safe for us binds.
// All in Europe/Paris, on instants in UTC. Pure; thread-safe.
#pragma once

#include <vector>

#include "law/holidays.h"
#include "law/limit_span.h"

namespace probatio::law {

enum class Counting : std::uint8_t { kCpc, kEu };

// What the limit is for. The distance extensions of CPC 643 and 644 are for remedies alone: appearance,
// appeal, opposition, third-party opposition (586 al. 3), revision, cassation.
enum class Matter : std::uint8_t { kCompliance, kRemedy };

// Where the addressee lives, seen from the court.
enum class Distance : std::uint8_t { kNone, kOverseas, kAbroad };

// Whoever must act is safe with the earlier reading; whoever must keep is safe with the later one.
enum class Duty : std::uint8_t { kAct, kKeep };

struct LimitQuestion {
  Instant served;  // what starts it: service or, for limits of the Union, reception
  LimitSpan span;
  Counting counting = Counting::kCpc;
  Matter matter = Matter::kCompliance;
  Distance distance = Distance::kNone;
  bool court_overseas = false;      // then 644, not 643
  bool served_near_court = false;   // in person, where no extension applies (647)
  bool extension_excluded = false;  // by a text (645)
  Calendar calendar = Calendar::kMetropolitan;
  Duty duty = Duty::kAct;
};

struct Reading {
  Instant expires;        // the first instant that is too late
  std::string rule;       // "48 hours from service, hour to hour", ...
  std::string reference;  // "CPC 642", or "practice" where the code is silent
  std::string rule_fr;
};

// One step of the reckoning: what was done, under which text.
struct Step {
  Words what;
  std::string reference;
};

struct TimeLimit {
  Instant served;
  std::vector<Reading> readings;  // earliest first; never empty
  Duty duty = Duty::kAct;
  std::vector<Step> steps;

  const Reading& binding_reading() const { return duty == Duty::kKeep ? readings.back() : readings.front(); }
  Instant binding() const { return binding_reading().expires; }
};

// kInvalid when the span is no span (CheckSpan), or ends after the year kLimitYearMax.
Result<TimeLimit> CountTimeLimit(const LimitQuestion& question);
inline constexpr int kLimitYearMax = 2260;

// What an order itself grants for compliance, counted by the Code of Civil Procedure.
Result<TimeLimit> ComputeTimeLimit(Instant served, const TimeLimitRule& rule);

}  // namespace probatio::law
