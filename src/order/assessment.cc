#include "order/assessment.h"

#include <fmt/format.h>

#include "order/conditions.h"
#include "order/holding.h"

namespace probatio::order {
namespace {

using law::LineVerdict;
using law::Verdict;

// Content is never among retained data, so no order can be answered with it, whatever it grants.
constexpr std::string_view kContentCategory = "CNT";
constexpr std::string_view kConnectionCategory = "CON";
// The item whose gate stands before whatever is found by way of an address.
constexpr const char* kAddressItem = "source_ip";

class Assessor {
 public:
  Assessor(const Order& order, const law::Regime& regime, const std::string& profile, Instant now,
           const OwnHold& hold)
      : order_(order), regime_(regime), facts_(FactsOf(order, profile)), now_(now), hold_(hold) {}

  ItemAssessment Judge(const Line& line, const std::string& item) const {
    ItemAssessment result;
    result.line = line.id;
    result.item = item;
    result.law = VerdictOn(line, item);
    const auto known = regime_.items.find(item);
    if (known == regime_.items.end()) {
      result.holding = Holding::kOutside;
      return result;
    }
    const std::string& category = known->second.category;
    const Held held = HeldAt(regime_, category, facts_.profile, line.period, now_);
    result.holding = held.holding;
    result.kept = held.kept;
    result.retention_reference = held.reference;
    KeepByOwnHold(line, category, &result);
    return result;
  }

 private:
  void KeepByOwnHold(const Line& line, const std::string& category, ItemAssessment* result) const {
    const std::optional<Instant> since = HeldSince(hold_, line, category);
    if (!since || now_ <= *since) return;
    const Held then = HeldAt(regime_, category, facts_.profile, line.period, *since);
    if (!then.kept || then.kept == result->kept) return;
    result->held_since = since;
    result->holding = then.holding;
    result->kept = then.kept;
    result->retention_reference = then.reference;
  }

  // The order of these steps is the policy: what can never be released first, then what only a person may
  // release.
  LineVerdict VerdictOn(const Line& line, const std::string& item) const {
    LineVerdict verdict = law::EvaluateItem(regime_, facts_, item);
    const auto known = regime_.items.find(item);
    if (known == regime_.items.end()) return verdict;
    if (known->second.category == kContentCategory) return verdict;
    if (line.open_ended && known->second.express_only) return RefuseUnexpressed(std::move(verdict));
    if (line.subject.kind == SubjectKind::kTuple && known->second.category != kConnectionCategory) {
      verdict = AlsoThroughTheAddress(std::move(verdict));
    }
    if (line.subject.kind == SubjectKind::kOtherAccounts) verdict = LeaveToAPerson(std::move(verdict));
    if (verdict.verdict == Verdict::kRefuse && IsEnforceable()) verdict = StateDivergence(std::move(verdict));
    return verdict;
  }

  static LineVerdict RefuseUnexpressed(LineVerdict verdict) {
    verdict.verdict = Verdict::kRefuse;
    verdict.facts_used.emplace_back("line=open_ended");
    verdict.missing = "an express line of the order: this item never comes in through an open-ended one";
    return verdict;
  }

  // What is released is not all that is read: who stands behind an address is found by reading addresses.
  // Whether the stricter gate then applies is an open point of law, so where the two readings differ a person
  // decides.
  LineVerdict AlsoThroughTheAddress(LineVerdict verdict) const {
    if (verdict.verdict != Verdict::kRelease) return verdict;
    const LineVerdict address = law::EvaluateItem(regime_, facts_, kAddressItem);
    if (address.verdict == Verdict::kRelease) return verdict;
    verdict.verdict = Verdict::kHuman;
    verdict.facts_used.insert(verdict.facts_used.end(), address.facts_used.begin(), address.facts_used.end());
    verdict.missing = fmt::format("the address's gate, through which this item is found ({}): {}",
                                  address.rule, address.missing);
    return verdict;
  }

  static LineVerdict LeaveToAPerson(LineVerdict verdict) {
    verdict.facts_used.push_back(fmt::format("by_rule={}", law::ToText(verdict.verdict)));
    verdict.facts_used.emplace_back("subject=other_accounts");
    verdict.verdict = Verdict::kHuman;
    verdict.missing = "which accounts are the same person's: a person decides which link is certain enough";
    return verdict;
  }

  // An enforceable decision is obeyed or appealed, never edited by its addressee.
  static LineVerdict StateDivergence(LineVerdict verdict) {
    verdict.verdict = Verdict::kHuman;
    verdict.facts_used.emplace_back("by_rule=refuse");
    verdict.facts_used.emplace_back("operative_part=granted");
    verdict.missing = fmt::format(
        "a person's choice: the enforceable decision grants what the rule '{}' would refuse; comply with the "
        "divergence recorded, appeal, or ask interpretation or rectification",
        verdict.rule);
    return verdict;
  }

  bool IsEnforceable() const { return order_.provisionally_enforceable && IsServed(order_, now_); }

  const Order& order_;
  const law::Regime& regime_;
  law::Facts facts_;
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
  }
  return "unknown";
}

Assessment Assess(const Order& order, const law::Regime& regime, const std::string& provider_profile,
                  Instant now, const OwnHold& hold) {
  const Assessor assessor(order, regime, provider_profile, now, hold);
  Assessment result;
  for (const Line& line : order.lines) {
    for (const std::string& item : line.items) result.items.push_back(assessor.Judge(line, item));
  }
  result.conditions = CheckConditions(order, result.items);
  result.defects = FindDefects(order, regime, now);
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
