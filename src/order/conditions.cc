#include "order/conditions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace probatio::order {
namespace {

using law::Answer;

ConditionAssessment Begin(const std::string& condition, const Finding& finding) {
  ConditionAssessment result;
  result.condition = condition;
  result.court = finding.met;
  result.quote = finding.quote;
  result.page = finding.page;
  return result;
}

ConditionAssessment NoTrial(const Order& order) {
  ConditionAssessment result = Begin("no_trial", order.no_trial);
  if (order.pending_merits == Answer::kYes) {
    result.our_check = Answer::kNo;
    result.note = "the transcription says that a trial on the merits is pending";
  } else if (order.pending_merits == Answer::kNo) {
    result.our_check = Answer::kYes;
  } else {
    result.note = "the transcription does not say whether a trial on the merits is pending";
  }
  if (order.complaint) {
    result.note += fmt::format("{}the complaint to {} of {} is not a trial on the merits",
                               result.note.empty() ? "" : "; ",
                               order.said.complaint_to.empty() ? "the prosecutor" : order.said.complaint_to,
                               law::ToText(*order.complaint));
  }
  return result;
}

ConditionAssessment LegitimateReason(const Order& order) {
  ConditionAssessment result = Begin("legitimate_reason", order.legitimate_reason);
  std::vector<std::string> articles;
  for (const Offence& offence : order.offences) articles.push_back(offence.article);
  if (articles.empty()) {
    result.note = "no offence is named";
    return result;
  }
  result.our_check = Answer::kYes;
  result.note = fmt::format("offences named: {}", fmt::join(articles, ", "));
  return result;
}

ConditionAssessment EvidentialInterest(const Order& order) {
  ConditionAssessment result = Begin("evidential_interest", order.evidential_interest);
  std::vector<std::string> open;
  std::vector<std::string> unlinked;
  for (const Line& line : order.lines) {
    if (line.subject.kind == SubjectKind::kOtherAccounts) open.push_back(line.id);
    if (line.linked == Answer::kNo) unlinked.push_back(line.id);
  }
  if (!unlinked.empty()) {
    result.our_check = Answer::kNo;
    result.note = fmt::format("no link to the dispute is stated in: {}", fmt::join(unlinked, ", "));
  } else if (open.empty()) {
    result.our_check = Answer::kYes;
    result.note = "every line is tied to a subject that the order names";
  } else {
    result.note = fmt::format("no subject is named in: {}", fmt::join(open, ", "));
  }
  return result;
}

ConditionAssessment Admissible(const Order& order, const std::vector<ItemAssessment>& items) {
  ConditionAssessment result = Begin("admissible", order.admissible);
  result.our_check = Answer::kYes;
  std::vector<std::string> doubtful;
  for (const ItemAssessment& item : items) {
    if (item.law.verdict == law::Verdict::kRelease || item.granted == Answer::kNo) continue;
    doubtful.push_back(fmt::format("{} {} {}", item.line, item.item, law::ToText(item.law.verdict)));
    const bool refused = item.law.verdict == law::Verdict::kRefuse || item.by_rule == law::Verdict::kRefuse;
    if (refused) result.our_check = Answer::kNo;
    if (!refused && result.our_check == Answer::kYes) result.our_check = Answer::kUnknown;
  }
  result.note = doubtful.empty() ? "every item is released by a rule"
                                 : fmt::format("not released by a rule: {}", fmt::join(doubtful, ", "));
  return result;
}

// Whether a rule of the instrument asks for the request that it was made on.
bool NeedsTheRequest(const law::Regime& regime, const law::Instrument& instrument) {
  const auto names = [](const std::vector<std::string>& list, const std::string& word) {
    return std::find(list.begin(), list.end(), word) != list.end();
  };
  return std::any_of(regime.rules.begin(), regime.rules.end(), [&](const law::DisclosureRule& rule) {
    return rule.gate && names(rule.instruments, instrument.id) &&
           names(regime.gates.at(*rule.gate).needs, "request_attached");
  });
}

}  // namespace

std::vector<ConditionAssessment> CheckConditions(const Order& order,
                                                 const std::vector<ItemAssessment>& items) {
  return {NoTrial(order), LegitimateReason(order), EvidentialInterest(order), Admissible(order, items)};
}

bool IsServed(const Order& order, Instant now) {
  return order.service.at && *order.service.at <= now;
}

std::string_view ConditionAssessment::Verdict() const {
  if (court == Answer::kNo) return "not_met";
  if (court == Answer::kYes) return our_check == Answer::kNo ? "human" : "met";
  if (our_check == Answer::kUnknown) return "human";
  return our_check == Answer::kYes ? "met" : "not_met";
}

std::vector<std::string> FindDefects(const Order& order, const law::Regime& regime, Instant now) {
  const law::Instrument* instrument = regime.FindInstrument(order.instrument);
  const bool needs_service = instrument == nullptr || instrument->needs_service;
  std::vector<std::string> defects;
  if (order.register_number.empty()) defects.emplace_back("register number: missing");
  if (law::ParisDate(now) < order.date) defects.emplace_back("date: the decision is dated after today");
  if (!order.service.at) {
    if (needs_service) defects.emplace_back("service: the order has not been served");
  } else if (!IsServed(order, now)) {
    defects.emplace_back("service: the instant of service is still to come");
  } else if (law::ParisDate(*order.service.at) < order.date) {
    defects.emplace_back("service: earlier than the decision");
  }
  if (needs_service && !order.provisionally_enforceable) {
    defects.emplace_back("enforceability: neither provisional enforceability nor final force is stated");
  }
  if (instrument != nullptr && NeedsTheRequest(regime, *instrument) && !HasRequest(order)) {
    defects.emplace_back("papers: an order made without hearing the other side needs a copy of the request");
  }
  if (instrument == nullptr) {
    defects.push_back(fmt::format("instrument: the regime {} has no rule for it", regime.id));
  }
  return defects;
}

}  // namespace probatio::order
