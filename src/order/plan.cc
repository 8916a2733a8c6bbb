#include "order/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "order/fate.h"
#include "order/subject_json.h"

namespace probatio::order {
namespace {

using nlohmann::json;
using record::RecordClass;

// What the items of a line are found in; the law's categories, not the words of a law.
struct Wanted {
  bool identity = false;
  bool account = false;
  bool events = false;
};

// As the items are filed (record/): identity, account and payment, and for all else the events.
Wanted WantedBy(const PlanLine& line) {
  static const std::vector<std::string> identity{"surname",        "first_name", "birth", "company_name",
                                                 "postal_address", "email",      "phone"};
  static const std::vector<std::string> account{"identifier_used", "pseudonyms", "payment",
                                                "password_verification"};
  const auto in = [](const std::vector<std::string>& list, const std::string& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
  };
  Wanted wanted;
  for (const PlanItem& item : line.items) {
    const bool of_identity = in(identity, item.item);
    const bool of_account = in(account, item.item);
    wanted.identity = wanted.identity || of_identity;
    wanted.account = wanted.account || of_account;
    wanted.events = wanted.events || (!of_identity && !of_account);
  }
  return wanted;
}

void AddSubjectSteps(const Wanted& wanted, const std::string& by, std::vector<PlanStep>& steps) {
  if (wanted.account) steps.push_back({RecordClass::kAccount, by, "account items"});
  if (wanted.identity) steps.push_back({RecordClass::kIdentity, by, "identity items"});
}

// The fewest look-ups that answer the line: the result of each names the windows of the next.
void AddSteps(PlanLine& line) {
  const Wanted wanted = WantedBy(line);
  switch (line.subject.kind) {
    case SubjectKind::kMessage:
      line.steps.push_back({RecordClass::kActivity, "message", "the account that sent it"});
      if (wanted.events) line.steps.push_back({RecordClass::kActivity, "account", "the events ordered"});
      AddSubjectSteps(wanted, "account", line.steps);
      return;
    case SubjectKind::kAccount:
      if (wanted.events) line.steps.push_back({RecordClass::kActivity, "account", "the events ordered"});
      AddSubjectSteps(wanted, "account", line.steps);
      return;
    case SubjectKind::kSubscriber:
      if (wanted.events) line.gaps.emplace_back("connection data are found by address, never by subscriber");
      AddSubjectSteps(wanted, "subscriber", line.steps);
      return;
    case SubjectKind::kTuple:
      line.steps.push_back(
          {RecordClass::kNetwork, "address, port, protocol, instant", "inside address, or subscriber"});
      line.steps.push_back({RecordClass::kNetwork, "inside address, instant", "access session, subscriber"});
      AddSubjectSteps(wanted, "subscriber", line.steps);
      return;
    case SubjectKind::kPhone:
    case SubjectKind::kEmail:
      line.gaps.push_back(fmt::format("a look-up by {} needs an index that this version does not have",
                                      ToText(line.subject.kind)));
      return;
    case SubjectKind::kOtherAccounts:
      line.gaps.emplace_back(
          "other accounts are never looked up: a person names them, as lines of their own");
      return;
    case SubjectKind::kOther:
      return;
  }
}

void AddLine(const Line& line,
             const std::map<std::pair<std::string, std::string>, const ItemAssessment*>& items,
             const Life& life, Plan& plan) {
  PlanLine result{line.id, line.subject, line.events, line.period, line.period, {}, {}, {}};
  for (const std::string& name : line.items) {
    const auto found = items.find({line.id, name});
    CHECK(found != items.end());  // the assessment is of this order
    const ItemAssessment& item = *found->second;
    Fate fate = FateOf(item, life, plan.kind);
    if (!fate.out.empty()) {
      plan.left_out.push_back(std::move(fate.out));
      continue;
    }
    result.kept.begin = std::max(result.kept.begin, item.kept->begin);
    result.kept.end = std::min(result.kept.end, item.kept->end);
    if (item.not_before)
      result.gaps.push_back(fmt::format("{}: not before {}", name, item.not_before->ToRfc3339()));
    plan.decided = plan.decided && fate.in;
    result.items.push_back(
        {name, fate.in ? fate.in->basis : "", fate.waits, item.law.reference, item.retention_reference});
  }
  if (result.items.empty()) return;
  if (result.kept.end <= result.kept.begin) {
    plan.left_out.push_back(line.id + ": no part of the period may still be kept for all its items");
    return;
  }
  if (result.kept != line.period) plan.left_out.push_back(CutText(line.id, result.kept));
  AddSteps(result);
  plan.lines.push_back(std::move(result));
}

json ToJsonValue(const Period& period) {
  return {{"from", period.begin.ToRfc3339()}, {"to", period.end.ToRfc3339()}};
}

json ToJsonValue(const PlanLine& line) {
  json items = json::array();
  for (const PlanItem& item : line.items) {
    items.push_back({{"item", item.item},
                     {"basis", item.basis},
                     {"waits", item.waits},
                     {"reference", item.reference},
                     {"retention_reference", item.retention_reference}});
  }
  json steps = json::array();
  for (const PlanStep& step : line.steps) {
    steps.push_back({{"reads", record::ToText(step.reads)}, {"by", step.by}, {"gives", step.gives}});
  }
  return {{"line", line.id},
          {"subject", json::parse(SubjectToJson(line.subject))},
          {"events", line.events},
          {"asked", ToJsonValue(line.asked)},
          {"kept", ToJsonValue(line.kept)},
          {"items", std::move(items)},
          {"steps", std::move(steps)},
          {"gaps", line.gaps}};
}

}  // namespace

Plan MakePlan(const Order& order, const Life& life, const Assessment& assessment, GrantKind kind) {
  std::map<std::pair<std::string, std::string>, const ItemAssessment*> items;
  for (const ItemAssessment& item : assessment.items) items[{item.line, item.item}] = &item;
  Plan plan;
  plan.kind = kind;
  for (const Line& line : order.lines) AddLine(line, items, life, plan);
  return plan;
}

std::string ToJson(const Plan& plan) {
  json lines = json::array();
  for (const PlanLine& line : plan.lines) lines.push_back(ToJsonValue(line));
  const json result = {{"schema", "probatio-plan/1"},
                       {"kind", ToText(plan.kind)},
                       {"decided", plan.decided},
                       {"lines", std::move(lines)},
                       {"left_out", plan.left_out}};
  return result.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace probatio::order
