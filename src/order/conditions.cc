#include "order/conditions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <set>

namespace probatio::order {
namespace {

using law::Answer;

// The one instrument whose order must come with the request it was made on, because nobody was heard.
constexpr std::string_view kExParteInstrument = "fr.cpc145.requete";

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
    result.note += fmt::format("{}the complaint to the prosecutor of {} is not a trial on the merits",
                               result.note.empty() ? "" : "; ", law::ToText(*order.complaint));
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
  for (const Line& line : order.lines) {
    if (line.subject.kind == SubjectKind::kOtherAccounts) open.push_back(line.id);
  }
  if (open.empty()) {
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
    if (item.law.verdict == law::Verdict::kRelease) continue;
    doubtful.push_back(fmt::format("{} {} {}", item.line, item.item, law::ToText(item.law.verdict)));
    const bool refused = item.law.verdict == law::Verdict::kRefuse;
    if (refused) result.our_check = Answer::kNo;
    if (!refused && result.our_check == Answer::kYes) result.our_check = Answer::kUnknown;
  }
  result.note = doubtful.empty() ? "every item is released by a rule"
                                 : fmt::format("not released by a rule: {}", fmt::join(doubtful, ", "));
  return result;
}

// "requête", in either case and with or without its accent, or "request".
bool NamesTheRequest(const Paper& paper) {
  std::string name;
  for (const char c : paper.name) name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (const char* word : {"requête", "requÊte", "requete", "request"}) {
    if (name.find(word) != std::string::npos) return true;
  }
  return false;
}

bool KnowsInstrument(const law::Regime& regime, const std::string& instrument) {
  return std::any_of(regime.rules.begin(), regime.rules.end(), [&](const law::DisclosureRule& rule) {
    return std::find(rule.instruments.begin(), rule.instruments.end(), instrument) != rule.instruments.end();
  });
}

}  // namespace

std::vector<ConditionAssessment> CheckConditions(const Order& order,
                                                 const std::vector<ItemAssessment>& items) {
  return {NoTrial(order), LegitimateReason(order), EvidentialInterest(order), Admissible(order, items)};
}

bool HasRequestAttached(const Order& order) {
  return std::any_of(order.papers.begin(), order.papers.end(), NamesTheRequest);
}

bool IsServed(const Order& order, Instant now) {
  return order.service.at && *order.service.at <= now;
}

std::vector<std::string> FindDefects(const Order& order, const law::Regime& regime, Instant now) {
  std::vector<std::string> defects;
  if (order.register_number.empty()) defects.emplace_back("register number: missing");
  if (law::ParisDate(now) < order.date) defects.emplace_back("date: the decision is dated after today");
  if (!order.service.at) {
    defects.emplace_back("service: the order has not been served");
  } else if (!IsServed(order, now)) {
    defects.emplace_back("service: the instant of service is still to come");
  } else if (law::ParisDate(*order.service.at) < order.date) {
    defects.emplace_back("service: earlier than the decision");
  }
  if (!order.provisionally_enforceable) {
    defects.emplace_back("enforceability: neither provisional enforceability nor final force is stated");
  }
  if (order.instrument == kExParteInstrument && !HasRequestAttached(order)) {
    defects.emplace_back("papers: an order made without hearing the other side needs a copy of the request");
  }
  if (!KnowsInstrument(regime, order.instrument)) {
    defects.push_back(fmt::format("instrument: the regime {} has no rule for it", regime.id));
  }
  return defects;
}

}  // namespace probatio::order
