#include "order/assessment.h"

#include <fmt/format.h>

#include <algorithm>

#include "order/conditions.h"
#include "order/doubts.h"
#include "order/holding.h"
#include "order/paper.h"

namespace probatio::order {
namespace {

using law::Answer;
using law::Effect;
using law::LineVerdict;
using law::Verdict;

constexpr std::string_view kConnectionCategory = "CON";
// The item whose gate stands before whatever is found by way of an address.
constexpr const char* kAddressItem = "source_ip";
constexpr const char* kPortItem = "source_port";
constexpr const char* kTimeItem = "connection_time";

class Assessor {
 public:
  Assessor(const Order& order, const law::Regime& regime, const std::string& profile, Instant now,
           const OwnHold& hold)
      : order_(order),
        regime_(regime),
        instrument_(regime.FindInstrument(order.instrument)),
        profile_(profile),
        now_(now),
        hold_(hold) {}

  ItemAssessment Judge(const Line& line, const std::string& item) const {
    ItemAssessment result;
    result.line = line.id;
    result.item = item;
    result.granted = line.granted;
    result.effect = instrument_ == nullptr ? Effect::kDisclose : instrument_->effect;
    law::Facts facts = FactsFor(order_, regime_, profile_, line);
    result.not_before = ReleaseNotBefore();
    if (result.not_before && *result.not_before <= now_)
      facts.said.emplace("notification_cleared", Answer::kYes);
    result.law = law::EvaluateItem(regime_, facts, item);
    result.by_rule = result.law.verdict;
    if (!Asks(result.law, "notification_cleared")) result.not_before.reset();
    Temper(line, facts, &result);
    Hold(line, &result);
    AddNotes(line, &result);
    return result;
  }

 private:
  // The order of these steps is the policy: what can never be released first, then what only a person may
  // release, last what an enforceable decision grants against the rules.
  void Temper(const Line& line, const law::Facts& facts, ItemAssessment* result) const {
    const auto known = regime_.items.find(result->item);
    if (known == regime_.items.end() || result->law.absolute) return;
    if (line.granted == Answer::kNo) return Refuse("operative_part=not_granted", kNotGranted, result);
    if (line.open_ended && known->second.express_only) return Refuse("line=open_ended", kNotExpress, result);
    if (result->effect == Effect::kPreserve) return PreserveOnly(line, facts, result);
    if (line.subject.kind == SubjectKind::kTuple && known->second.category != kConnectionCategory)
      AlsoThroughTheAddress(facts, &result->law);
    LeaveDoubtsToAPerson(line, facts, result);
    if (line.subject.kind == SubjectKind::kOtherAccounts) LeaveToAPerson(&result->law);
    if (result->law.verdict == Verdict::kRefuse && IsEnforceable()) StateDivergence(result);
    if (result->law.verdict == Verdict::kHuman && result->choices.empty())
      result->choices = {"comply", "decline", "ask_interpretation"};
  }

  static constexpr std::string_view kNotGranted =
      "a grant of the operative part: what was asked for and not granted is not released";
  static constexpr std::string_view kNotExpress =
      "an express line of the order: this item never comes in through an open-ended one";

  static void Refuse(std::string_view fact, std::string_view missing, ItemAssessment* result) {
    result->law.verdict = Verdict::kRefuse;
    result->law.absolute = true;
    result->law.facts_used.emplace_back(fact);
    result->law.missing = missing;
  }

  // Keeps from deletion; to give anything out takes another instrument.
  void PreserveOnly(const Line& line, const law::Facts& facts, ItemAssessment* result) const {
    LeaveDoubtsToAPerson(line, facts, result);
    if (line.subject.kind == SubjectKind::kOtherAccounts) LeaveToAPerson(&result->law);
    result->by_rule = result->law.verdict;
    const std::string doubt = result->law.missing;
    Refuse("effect=preserve", "an order to produce: this instrument only preserves", result);
    if (!doubt.empty()) result->notes.push_back("to preserve, what is missing is: " + doubt);
  }

  void LeaveDoubtsToAPerson(const Line& line, const law::Facts& facts, ItemAssessment* result) const {
    for (Doubt& doubt : DoubtsAbout(order_, regime_, facts, line)) {
      result->law.facts_used.push_back(std::move(doubt.fact));
      if (result->law.verdict != Verdict::kRelease) continue;
      result->law.verdict = Verdict::kHuman;
      result->law.missing = std::move(doubt.missing);
      if (!doubt.reference.empty()) result->law.reference += "; " + doubt.reference;
    }
  }

  // What is released is not all that is read: who stands behind an address is found by reading addresses.
  // Whether the stricter gate then applies is an open point of law, so where the two readings differ a person
  // decides.
  void AlsoThroughTheAddress(const law::Facts& facts, LineVerdict* verdict) const {
    if (verdict->verdict != Verdict::kRelease) return;
    const LineVerdict address = law::EvaluateItem(regime_, facts, kAddressItem);
    if (address.verdict == Verdict::kRelease) return;
    verdict->verdict = Verdict::kHuman;
    verdict->facts_used.insert(verdict->facts_used.end(), address.facts_used.begin(),
                               address.facts_used.end());
    verdict->missing = fmt::format("the address's gate, through which this item is found ({}): {}",
                                   address.rule, address.missing);
    verdict->open = {"gate of what is read",
                     {"the gate of the item released is enough",
                      "the gate of the address that must be read to find it stands before it too"}};
  }

  static void LeaveToAPerson(LineVerdict* verdict) {
    verdict->facts_used.push_back(fmt::format("by_rule={}", law::ToText(verdict->verdict)));
    verdict->facts_used.emplace_back("subject=other_accounts");
    verdict->verdict = Verdict::kHuman;
    verdict->missing = "which accounts are the same person's: a person decides which link is certain enough";
    verdict->open = {
        "A6",
        {"accounts that share a number or an address may be linked, as far as the order's words go",
         "linking accounts makes new processing that only an account the order names allows"}};
  }

  // An enforceable decision is obeyed or appealed, never edited by its addressee.
  static void StateDivergence(ItemAssessment* result) {
    LineVerdict& verdict = result->law;
    verdict.verdict = Verdict::kHuman;
    verdict.facts_used.emplace_back("by_rule=refuse");
    verdict.facts_used.emplace_back("operative_part=granted");
    verdict.missing = fmt::format(
        "a person's choice: the enforceable decision grants what the rule '{}' would refuse; comply with the "
        "divergence recorded, appeal, or ask interpretation (CPC 461) or rectification (CPC 462)",
        verdict.rule);
    result->choices = {"comply", "appeal", "ask_interpretation", "ask_rectification"};
  }

  void Hold(const Line& line, ItemAssessment* result) const {
    const auto known = regime_.items.find(result->item);
    result->holding = Holding::kOutside;
    if (known == regime_.items.end()) return;
    if (line.subject.kind == SubjectKind::kOther) {
      result->holding = Holding::kNoData;
      return;
    }
    const std::string& category = known->second.category;
    const Held held = HeldAt(regime_, category, profile_, line.period, now_);
    result->holding = held.holding;
    result->kept = held.kept;
    result->retention_reference = held.reference;
    KeepByOwnHold(line, category, result);
  }

  void KeepByOwnHold(const Line& line, const std::string& category, ItemAssessment* result) const {
    const std::optional<Instant> since = HeldSince(hold_, line, category);
    if (!since || now_ <= *since) return;
    const Held then = HeldAt(regime_, category, profile_, line.period, *since);
    if (!then.kept || then.kept == result->kept) return;
    result->held_since = since;
    result->holding = then.holding;
    result->kept = then.kept;
    result->retention_reference = then.reference;
  }

  void AddNotes(const Line& line, ItemAssessment* result) const {
    const auto known = regime_.items.find(result->item);
    if (known == regime_.items.end()) return;
    const auto asked = [&](const char* item) {
      return std::find(line.items.begin(), line.items.end(), item) != line.items.end();
    };
    const bool travels =
        (result->item == kAddressItem || (result->item == kPortItem && !asked(kAddressItem))) &&
        !asked(kTimeItem) && regime_.items.count(kTimeItem) != 0;
    if (travels)
      result->notes.emplace_back("the instant of each connection travels with it, under the same gate (A2)");
    const law::OpenPoint& open = known->second.open;
    for (const std::string& reading : open.readings)
      result->notes.push_back(fmt::format("{}: {}", open.id, reading));
    if (result->holding == Holding::kNoData)
      result->notes.emplace_back(
          "nothing is filed under such a selector: the answer is that no data are held");
  }

  static bool Asks(const LineVerdict& verdict, std::string_view need) {
    return std::any_of(verdict.facts_used.begin(), verdict.facts_used.end(),
                       [&](const std::string& fact) { return fact.starts_with(need); });
  }

  std::optional<Instant> ReleaseNotBefore() const {
    if (instrument_ == nullptr || instrument_->release_after_days == 0 || !order_.service.at)
      return std::nullopt;
    return EndOfDays(*order_.service.at, instrument_->release_after_days);
  }

  bool IsEnforceable() const {
    if (instrument_ == nullptr) return order_.provisionally_enforceable && IsServed(order_, now_);
    if (!instrument_->decision) return false;
    return !instrument_->needs_service || (order_.provisionally_enforceable && IsServed(order_, now_));
  }

  const Order& order_;
  const law::Regime& regime_;
  const law::Instrument* instrument_;
  const std::string& profile_;
  Instant now_;
  const OwnHold& hold_;
};

}  // namespace

std::string_view ToText(Holding holding) {
  switch (holding) {
    case Holding::kRetained:
      return "retained";
    case Holding::kPartly:
      return "partly";
    case Holding::kOutside:
      return "outside";
    case Holding::kNotDescribed:
      return "not_described";
    case Holding::kNoData:
      return "no_data_held";
  }
  return "unknown";
}

Assessment Assess(const Order& order, const law::Regime& regime, const std::string& provider_profile,
                  Instant now, const OwnHold& hold) {
  const Assessor assessor(order, regime, provider_profile, now, hold);
  const law::Instrument* instrument = regime.FindInstrument(order.instrument);
  CHECK(!order.lines.empty());
  const law::Facts facts = FactsFor(order, regime, provider_profile, order.lines.front());
  Assessment result;
  result.instrument = facts.instrument;
  result.profile = provider_profile;
  result.issuer = facts.issuer;
  result.at = now;
  for (const Line& line : order.lines) {
    for (const std::string& item : line.items) result.items.push_back(assessor.Judge(line, item));
  }
  if (instrument == nullptr || instrument->four_conditions)
    result.conditions = CheckConditions(order, result.items);
  result.defects = FindDefects(order, regime, now);
  result.warnings = FindWarnings(order, regime, facts);
  result.mentions = MentionsOf(order);
  result.preservation = PreservationBy(order, instrument, facts);
  if (order.time_limit && IsServed(order, now)) {
    auto limit = law::ComputeTimeLimit(*order.service.at, *order.time_limit);
    if (limit.ok()) {
      result.time_limit = std::move(limit).value();
    } else {
      result.defects.push_back(limit.error().what());
    }
  }
  return result;
}

}  // namespace probatio::order
