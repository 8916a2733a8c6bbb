// tuple -> holder -> inside address -> access session -> subscriber -> identity. Each step is opened by the
// row of the step before; a step that finds nobody ends the candidate there, and the answer says so.
#include <algorithm>

#include "resolve/access_sessions.h"
#include "resolve/items.h"
#include "resolve/look_up_period.h"
#include "resolve/nat_match.h"
#include "resolve/plan.h"
#include "resolve/time_bounds.h"

namespace probatio::resolve {
namespace {

using record::AccessSession;
using record::NatEvent;
using seal::ProvenRow;
using seal::Stream;

const order::Tuple& TupleOf(const Plan& plan) {
  return *plan.line().subject.tuple;
}

// The deployment's age, never wider than what the custodians allow.
Period Reach(const Plan& plan, Stream stream, std::int64_t before, std::int64_t after) {
  const Period wanted = Around(TupleOf(plan), before, after);
  const Period allowed = AllowedPeriod(plan.line(), stream);
  return {std::max(wanted.begin, allowed.begin), std::min(wanted.end, allowed.end)};
}

// `nearby`: only what can hold who had the tuple around the instant. Everybody is found there, but an end may
// lie farther away.
Result<Found> FindNatEvents(Plan& plan, bool nearby) {
  const order::Tuple& tuple = TupleOf(plan);
  const Limits& limits = plan.limits();
  const Period sessions =
      Reach(plan, Stream::kNatSession, limits.session_age_max_ns, limits.session_age_max_ns);
  const Period blocks = Reach(plan, Stream::kNatBlock, limits.block_age_max_ns, limits.block_age_max_ns);
  std::vector<LookUp> look_ups{
      plan.LookUpIn(Stream::kNatSession, seal::ForPublicTuple(tuple.ip, tuple.port), sessions, std::nullopt),
      plan.LookUpIn(Stream::kNatBlock, seal::ForPublicIp(tuple.ip), blocks, std::nullopt)};
  for (LookUp& look_up : look_ups) {
    if (nearby) look_up.asked = Around(tuple, limits.offset_reach_ns, limits.offset_reach_ns);
  }
  Found found = TRY(plan.Read(look_ups));
  std::erase_if(found.rows, [&](const ProvenRow& row) {
    const auto* event = std::get_if<NatEvent>(&row.record);
    // In a journal it may also be a create that another run handed over, which stands nowhere else.
    if (!row.proof.has_value()) return false;
    return nearby && event != nullptr && seal::IsCarriedFromFar(*event, row.window, *look_ups.front().asked);
  });
  return found;
}

// Of what was found near the instant: does it say all of who held the tuple?
bool IsAllOfIt(const Plan& plan, const Found& found, const Holders& holders) {
  const auto whole = [](const Holder& holder) { return holder.whole; };
  if (!std::all_of(holders.at_instant.begin(), holders.at_instant.end(), whole)) return false;
  const order::Tuple& tuple = TupleOf(plan);
  const Period asked = Around(tuple, plan.limits().offset_reach_ns, plan.limits().offset_reach_ns);
  return std::none_of(found.rows.begin(), found.rows.end(), [&](const ProvenRow& row) {
    const auto* event = std::get_if<NatEvent>(&row.record);
    return event != nullptr && Covers(*event, tuple) &&
           seal::MayEndElsewhere(*event, row.window, row.proof.has_value(), asked);
  });
}

// Splits rows of one kind from what was found, keeping row and record in step.
template <class T>
struct Rows {
  std::vector<ProvenRow> rows;
  std::vector<T> records;
};
template <class T>
Rows<T> RowsOf(const Found& found) {
  Rows<T> split;
  for (const ProvenRow& row : found.rows) {
    const T* record = std::get_if<T>(&row.record);
    if (record == nullptr) continue;
    split.rows.push_back(row);
    split.records.push_back(*record);
  }
  return split;
}

Candidate CandidateOf(const Holder& holder, const Rows<NatEvent>& nat) {
  Candidate candidate;
  for (const std::size_t index : holder.events) {
    candidate.supports.push_back({nat.rows[index], SupportFaces(nat.rows[index].record),
                                  "holder of the public address and port at the instant"});
  }
  candidate.rules = holder.rules;
  return candidate;
}

// The row that opens the next step: one that names what the step needs, proved where there is such a one.
template <class Names>
std::optional<ProvenRow> RowThat(const std::vector<Support>& supports, const Names& names) {
  std::optional<ProvenRow> found;
  for (const Support& support : supports) {
    if (!names(support.row.record)) continue;
    if (support.row.proof.has_value()) return support.row;
    if (!found.has_value()) found = support.row;
  }
  return found;
}

const NatEvent* NatOf(const record::Record& record) {
  return std::get_if<NatEvent>(&record);
}

std::optional<ProvenRow> RowNaming(const Candidate& candidate, const std::string& subscriber) {
  return RowThat(candidate.supports, [&](const record::Record& record) {
    if (const NatEvent* event = NatOf(record)) return event->subscriber == subscriber;
    const auto* session = std::get_if<AccessSession>(&record);
    return session != nullptr && session->subscriber == subscriber;
  });
}

std::string SubscriberInNat(const Candidate& candidate) {
  const auto names = [](const record::Record& record) { return NatOf(record)->subscriber.has_value(); };
  const std::optional<ProvenRow> row = RowThat(candidate.supports, names);
  return row.has_value() ? *NatOf(row->record)->subscriber : std::string();
}

bool IsOf(const AccessSession& session, const NatEvent& holder) {
  return session.inside_ip == holder.inside_ip &&
         session.inside_realm.value_or("") == holder.inside_realm.value_or("");
}

// One candidate per subscriber who may have had the inside address; the candidate itself when none is named.
std::vector<Candidate> WithSessions(const Plan& plan, const Candidate& candidate,
                                    const Rows<AccessSession>& access) {
  const std::vector<AccessHolder> holders =
      SubscribersAt(access.records, Asked(TupleOf(plan)), plan.limits().access_age_max_ns);
  if (holders.empty()) return {candidate};
  std::vector<Candidate> candidates;
  for (const AccessHolder& holder : holders) {
    Candidate next = candidate;
    next.name = holder.subscriber;
    for (const std::size_t index : holder.events) {
      next.supports.push_back({access.rows[index], EventFaces(), "access session of the inside address"});
    }
    next.rules.insert(next.rules.end(), holder.rules.begin(), holder.rules.end());
    candidates.push_back(std::move(next));
  }
  return candidates;
}

// Step 2 for one holder. The gaps of this step weigh like those of the first: they may hide another
// subscriber.
Result<std::vector<Candidate>> FindSubscribers(Plan& plan, Candidate candidate,
                                               std::vector<Found>& searched) {
  candidate.name = SubscriberInNat(candidate);
  if (!candidate.name.empty()) return std::vector<Candidate>{candidate};
  const auto names = [](const record::Record& record) { return NatOf(record)->inside_ip.has_value(); };
  const std::optional<ProvenRow> because = RowThat(candidate.supports, names);
  if (!because.has_value()) return std::vector<Candidate>{candidate};
  const NatEvent& holder = *NatOf(because->record);
  const seal::Selector selector = seal::ForInside(*holder.inside_ip, holder.inside_realm.value_or(""));
  const Period period = Reach(plan, Stream::kAccess, plan.limits().access_age_max_ns, kAccessLookAheadMaxNs);
  Found found = TRY(plan.Read({plan.LookUpIn(Stream::kAccess, selector, period, because)}));
  std::erase_if(found.rows, [&](const ProvenRow& row) {
    const auto* session = std::get_if<AccessSession>(&row.record);
    return session == nullptr || !IsOf(*session, holder);
  });
  std::vector<Candidate> candidates = WithSessions(plan, candidate, RowsOf<AccessSession>(found));
  searched.push_back(std::move(found));
  return candidates;
}

void AppendNew(std::vector<Support>& supports, const std::vector<Support>& more) {
  for (const Support& support : more) {
    const auto same = [&](const Support& known) {
      return known.row.segment == support.row.segment && known.row.record == support.row.record;
    };
    if (std::none_of(supports.begin(), supports.end(), same)) supports.push_back(support);
  }
}

// Two ways that lead to one subscriber are one candidate.
void Merge(std::vector<Candidate>& candidates, Candidate next) {
  const auto same = [&](const Candidate& known) { return !next.name.empty() && known.name == next.name; };
  const auto known = std::find_if(candidates.begin(), candidates.end(), same);
  if (known == candidates.end()) return candidates.push_back(std::move(next));
  AppendNew(known->supports, next.supports);
  for (const std::string& rule : next.rules) {
    if (std::find(known->rules.begin(), known->rules.end(), rule) == known->rules.end())
      known->rules.push_back(rule);
  }
}

// The gravest finding over the steps: a gap in any of them may hide another candidate.
Certainty Certain(const Plan& plan, const Found& nat, const std::vector<Found>& access) {
  const Period asked = Asked(TupleOf(plan));
  const std::size_t count = plan.answer().candidates.size();
  const Certainty certainty = CertaintyOf(count, nat, asked, WindowsAround(Stream::kNatSession, asked));
  if (certainty != Certainty::kUnique) return certainty;
  for (const Found& found : access) {
    const Certainty step = CertaintyOf(count, found, asked, WindowsAround(Stream::kAccess, asked));
    if (step != Certainty::kUnique) return step;
  }
  return certainty;
}

void ExplainOutcome(Plan& plan) {
  switch (plan.answer().certainty) {
    case Certainty::kUnique:
      return plan.Explain("one customer can have held the address and port at the instant");
    case Certainty::kAmbiguous:
      return plan.Explain(
          "several customers can have held the address and port at the instant and none was chosen");
    case Certainty::kNone:
      return plan.Explain("no event shows a holder of the address and port at the instant");
    case Certainty::kOutsideRetention:
      return plan.Explain("the instant lies outside what may still be read");
    case Certainty::kLogGap:
      return plan.Explain(
          "records around the instant are missing or not yet readable, so another holder is possible");
  }
}

// Rule "ends at an inside address", and gaps farther away: named, though they do not change the certainty.
void ExplainLimits(Plan& plan) {
  const std::vector<Candidate>& candidates = plan.answer().candidates;
  const bool unnamed =
      std::any_of(candidates.begin(), candidates.end(), [](const Candidate& c) { return c.name.empty(); });
  if (unnamed)
    plan.Explain("a candidate ends at an inside address that no access session ties to a subscriber");
  plan.ExplainGaps();
}

Status AddIdentities(Plan& plan) {
  const bool several = plan.answer().candidates.size() > 1;
  if (several && !plan.limits().identify_every_candidate) {
    plan.Explain("no candidate's account or identity was opened");
    return Done{};
  }
  for (Candidate& candidate : plan.answer().candidates) {
    if (candidate.name.empty()) continue;
    const std::optional<ProvenRow> because = RowNaming(candidate, candidate.name);
    CHECK(because.has_value());
    TRY(AddSubjectRows(plan, candidate, candidate.name, because));
  }
  return Done{};
}

}  // namespace

Result<LineAnswer> AnswerOperatorLine(Plan plan) {
  Found found = TRY(FindNatEvents(plan, true));
  Rows<NatEvent> nat = RowsOf<NatEvent>(found);
  Holders holders = HoldersAt(nat.records, TupleOf(plan), plan.limits());
  if (!IsAllOfIt(plan, found, holders)) {
    found = TRY(FindNatEvents(plan, false));
    nat = RowsOf<NatEvent>(found);
    holders = HoldersAt(nat.records, TupleOf(plan), plan.limits());
  }
  plan.answer().offsets = holders.offsets;
  std::vector<Found> access;
  for (const Holder& holder : holders.at_instant) {
    std::vector<Candidate> named = TRY(FindSubscribers(plan, CandidateOf(holder, nat), access));
    for (Candidate& candidate : named) Merge(plan.answer().candidates, std::move(candidate));
  }
  plan.answer().certainty = Certain(plan, found, access);
  ExplainOutcome(plan);
  TRY(AddIdentities(plan));
  ExplainLimits(plan);
  return std::move(plan.answer());
}

}  // namespace probatio::resolve
