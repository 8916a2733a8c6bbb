// message -> account -> events -> account and identity items. Each step is opened by the row of the step
// before.
#include <algorithm>
#include <map>

#include "resolve/items.h"
#include "resolve/look_up_period.h"
#include "resolve/plan.h"

namespace probatio::resolve {
namespace {

using order::SubjectKind;
using seal::ProvenRow;
using seal::Stream;

const record::Activity* ActivityOf(const ProvenRow& row) {
  return std::get_if<record::Activity>(&row.record);
}

void AddFound(Found& sum, const Found& found) {
  sum.rows.insert(sum.rows.end(), found.rows.begin(), found.rows.end());
  sum.gaps.insert(sum.gaps.end(), found.gaps.begin(), found.gaps.end());
  sum.segments_searched += found.segments_searched;
}

// The row that opens the next step: a proved one where there is one.
const ProvenRow& BestOf(const std::vector<Support>& supports) {
  CHECK(!supports.empty());
  const auto proved = std::find_if(supports.begin(), supports.end(),
                                   [](const Support& support) { return support.row.proof.has_value(); });
  return proved == supports.end() ? supports.front().row : proved->row;
}

// Step 1. Two accounts under one message id are two candidates.
Result<Found> FindAccounts(Plan& plan) {
  const std::string& message = plan.line().subject.value;
  Found found = TRY(plan.Read({plan.LookUpIn(Stream::kActivity, seal::ForMessage(message),
                                             AllowedPeriod(plan.line(), Stream::kActivity), std::nullopt)}));
  std::map<std::string, std::vector<Support>> accounts;
  for (const ProvenRow& row : found.rows) {
    const record::Activity* activity = ActivityOf(row);
    if (activity == nullptr || activity->message != message) continue;
    std::vector<Support>& supports = accounts[activity->account];
    const auto same = [&](const Support& known) { return known.row.record == row.record; };
    if (std::any_of(supports.begin(), supports.end(), same)) continue;
    supports.push_back({row, EventFaces(), "the account that sent the message"});
  }
  for (auto& [account, supports] : accounts)
    plan.answer().candidates.push_back({account, std::move(supports), {}});
  return found;
}

// Rule "only what was asked for": an event kind the line names; and of messages, under a message line, that
// one alone.
bool IsAskedFor(const order::ScopeLine& line, const record::Activity& activity) {
  const std::string event(ToText(activity.event));
  const bool named =
      line.events.empty() || std::find(line.events.begin(), line.events.end(), event) != line.events.end();
  if (!named) return false;
  const bool other_message = activity.message.has_value() && activity.message != line.subject.value;
  return line.subject.kind != SubjectKind::kMessage || !other_message;
}

// Step 2. The account's events with address, port and instant.
Result<Found> AddEvents(Plan& plan, Candidate& candidate, const std::optional<ProvenRow>& because) {
  if (!Grants(plan.line(), ItemGroup::kConnection)) return Found{};
  Found found = TRY(plan.Read({plan.LookUpIn(Stream::kActivity, seal::ForAccount(candidate.name),
                                             AllowedPeriod(plan.line(), Stream::kActivity), because)}));
  const std::size_t before = candidate.supports.size();
  for (const ProvenRow& row : found.rows) {
    const record::Activity* activity = ActivityOf(row);
    if (activity == nullptr || activity->account != candidate.name || !IsAskedFor(plan.line(), *activity))
      continue;
    candidate.supports.push_back(
        {row, EventFaces(), "event of the account: " + std::string(ToText(activity->event))});
  }
  if (candidate.supports.size() == before) plan.Explain("no event of the kinds asked for was found");
  return found;
}

// Steps 2 and 3 for one account.
Result<Found> Complete(Plan& plan, Candidate& candidate, const std::optional<ProvenRow>& because) {
  Found found = TRY(AddEvents(plan, candidate, because));
  const Found versions = TRY(AddSubjectRows(plan, candidate, candidate.name, because));
  AddFound(found, versions);
  return found;
}

void ExplainOutcome(Plan& plan) {
  switch (plan.answer().certainty) {
    case Certainty::kUnique:
      return plan.Explain("one candidate was found");
    case Certainty::kAmbiguous:
      return plan.Explain("several candidates were found and none was chosen");
    case Certainty::kNone:
      return plan.Explain("no data held");
    case Certainty::kOutsideRetention:
      return plan.Explain("nothing was found, and part of the period may no longer be read");
    case Certainty::kLogGap:
      return plan.Explain("records are missing or not yet readable for part of the period");
  }
}

Status AnswerMessage(Plan& plan) {
  const Found found = TRY(FindAccounts(plan));
  std::vector<Candidate>& candidates = plan.answer().candidates;
  // A message id is its platform's own key: a gap elsewhere does not make a second account of it, so gaps
  // count only where no account was found.
  plan.answer().certainty =
      candidates.size() == 1 ? Certainty::kUnique
                             : CertaintyOf(candidates.size(), found, plan.line().period, plan.line().period);
  ExplainOutcome(plan);
  if (candidates.size() > 1 && !plan.limits().identify_every_candidate) {
    plan.Explain("no candidate's events, account or identity were opened");
    return Done{};
  }
  for (Candidate& candidate : candidates) {
    const ProvenRow because = BestOf(candidate.supports);
    TRY(Complete(plan, candidate, because));
  }
  return Done{};
}

// The subject itself names the account or subscriber.
Status AnswerNamed(Plan& plan) {
  Candidate candidate{plan.line().subject.value, {}, {}};
  const Found found = TRY(Complete(plan, candidate, std::nullopt));
  const Period period = plan.line().period;
  if (candidate.supports.empty()) {
    plan.answer().explanation.clear();
    plan.answer().certainty = CertaintyOf(0, found, period, period);
  } else {
    plan.answer().candidates.push_back(std::move(candidate));
    plan.answer().certainty = Certainty::kUnique;
  }
  ExplainOutcome(plan);
  return Done{};
}

}  // namespace

Result<LineAnswer> AnswerPlatformLine(Plan plan) {
  const bool by_message = plan.line().subject.kind == SubjectKind::kMessage;
  TRY(by_message ? AnswerMessage(plan) : AnswerNamed(plan));
  plan.ExplainGaps();
  return std::move(plan.answer());
}

}  // namespace probatio::resolve
