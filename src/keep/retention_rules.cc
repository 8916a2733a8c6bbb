#include "keep/retention_rules.h"

#include <algorithm>
#include <limits>

namespace probatio::keep {
namespace {

constexpr Instant kBeginningOfTime = Instant::FromUnixNs(std::numeric_limits<std::int64_t>::min());
constexpr Instant kEndOfTime = Instant::FromUnixNs(std::numeric_limits<std::int64_t>::max());

// The data category of the law that a stream's rows belong to.
std::string CategoryOf(seal::Stream stream) {
  switch (stream) {
    case seal::Stream::kNatSession:
    case seal::Stream::kNatBlock:
    case seal::Stream::kAccess:
    case seal::Stream::kActivity:
      return "CON";
    case seal::Stream::kAccount:
    case seal::Stream::kPassword:
      return "ACC";
    case seal::Stream::kIdentity:
      return "ID";
  }
  CHECK(false);
  return {};
}

bool Applies(const law::RetentionRule& rule, const std::string& category, const std::string& profile) {
  const bool named = rule.profiles.empty() ||
                     std::find(rule.profiles.begin(), rule.profiles.end(), profile) != rule.profiles.end();
  return rule.category == category && rule.start == law::RetentionStart::kEvent && named;
}

bool KeptOn(const law::RetentionRule& rule, const law::CivilDate& date, Instant now) {
  return now < law::RetentionEnd(rule, law::ParisMidnight(date));
}

// The first day whose events the rule still keeps. Months have no fixed length, so the first guess is moved
// day by day.
law::CivilDate OldestDay(const law::RetentionRule& rule, Instant now) {
  law::CivilDate day = law::AddMonths(law::ParisDate(now), -(12 * rule.years + rule.months));
  while (KeptOn(rule, law::AddDays(day, -1), now)) day = law::AddDays(day, -1);
  while (!KeptOn(rule, day, now)) day = law::AddDays(day, 1);
  return std::max(day, rule.in_force_from);
}

// The end of the contract or account as its latest version states it: a corrected end replaces a wrong one,
// and a version without an end lifts it.
std::optional<Instant> EndOf(std::span<const seal::ProvenRow> versions, const seal::ProvenRow& row) {
  StatedEnd latest = StatedEndOf(row.record);
  for (const seal::ProvenRow& version : versions) {
    const StatedEnd stated = StatedEndOf(version.record);
    if (Supersedes(stated, latest)) latest = stated;
  }
  return latest.end;
}

}  // namespace

StatedEnd StatedEndOf(const record::Record& record) {
  StatedEnd stated{record::OriginOf(record).at.at, std::nullopt};
  if (const auto* account = std::get_if<record::Account>(&record)) stated.end = account->closed_at;
  if (const auto* identity = std::get_if<record::Identity>(&record)) stated.end = identity->contract_end;
  return stated;
}

// Of two versions of one instant the one with an end speaks, and the later end.
bool Supersedes(const StatedEnd& a, const StatedEnd& b) {
  return a.stated_at != b.stated_at ? b.stated_at < a.stated_at : b.end < a.end;
}

RetentionRules::RetentionRules(const law::Regime& regime, std::string provider_profile)
    : regime_(regime), profile_(std::move(provider_profile)) {}

Instant RetentionRules::OldestKept(seal::Stream stream, Instant now) const {
  if (seal::IsSubjectStream(stream)) return kBeginningOfTime;
  Instant oldest = kEndOfTime;  // without a rule nothing may be kept
  const std::string category = CategoryOf(stream);
  for (const law::RetentionRule& rule : regime_.retention) {
    if (!Applies(rule, category, profile_)) continue;
    const law::CivilDate day = OldestDay(rule, now);
    if (rule.in_force_to && *rule.in_force_to < day) continue;
    oldest = std::min(oldest, law::ParisMidnight(day));
  }
  return oldest;
}

std::optional<law::CivilDate> RetentionRules::ExpiryOf(const seal::Window& window) const {
  if (seal::IsSubjectStream(window.stream)) return std::nullopt;
  // A window is a day at most and a day of UTC touches two of Paris. Rules change at midnight in Paris.
  std::optional<law::CivilDate> expiry;
  for (const Instant at : {window.period.begin, window.period.end - 1}) {
    const law::RetentionRule* rule =
        law::RetentionFor(regime_, CategoryOf(window.stream), profile_, law::ParisDate(at));
    if (rule == nullptr || rule->start != law::RetentionStart::kEvent) continue;
    const law::CivilDate day = law::ParisDate(law::RetentionEnd(*rule, at));
    expiry = expiry ? std::max(*expiry, day) : day;
  }
  return expiry;
}

std::optional<law::CivilDate> RetentionRules::SubjectExpiry(record::RecordClass record_class,
                                                            Instant end) const {
  const bool identity = record_class == record::RecordClass::kIdentity;
  const std::string category = CategoryOf(identity ? seal::Stream::kIdentity : seal::Stream::kAccount);
  const law::RetentionRule* rule = law::RetentionFor(regime_, category, profile_, law::ParisDate(end));
  if (rule == nullptr || rule->start == law::RetentionStart::kEvent) return std::nullopt;
  return law::ParisDate(law::RetentionEnd(*rule, end));
}

bool RetentionRules::Kept(std::span<const seal::ProvenRow> all, const seal::ProvenRow& row,
                          Instant now) const {
  const seal::Stream stream = seal::StreamOf(row.record);
  const bool subject = seal::IsSubjectStream(stream);
  std::optional<Instant> start = record::OriginOf(row.record).at.at;
  if (subject) start = EndOf(all, row);
  // While the contract or the account lives the clock has not started, but a rule must allow the keeping all
  // the same.
  const law::CivilDate date = law::ParisDate(start.value_or(now));
  const law::RetentionRule* rule = law::RetentionFor(regime_, CategoryOf(stream), profile_, date);
  if (rule == nullptr) return false;
  if ((rule->start == law::RetentionStart::kEvent) == subject)
    return false;  // a clock that such a row does not have
  return !start || now < law::RetentionEnd(*rule, *start);
}

}  // namespace probatio::keep
