#include "order/life.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "order/event_check.h"

namespace probatio::order {
namespace {

constexpr std::uint32_t In(State state) {
  return 1U << static_cast<unsigned>(state);
}
template <class... States>
constexpr std::uint32_t In(State first, States... more) {
  return In(first) | In(more...);
}

// Which event may happen in which state, and the state that follows (none: it stays). The moves are drawn in
// docs/formats/order.md; what a move needs besides the state is checked in Apply.
struct Move {
  EventKind event;
  std::uint32_t from;
  std::optional<State> to;
};

constexpr std::uint32_t kOpen = In(State::kReceived, State::kAuthenticated, State::kEnforceable,
                                   State::kAssessed, State::kApproved, State::kExecuted, State::kDelivered);
constexpr std::uint32_t kNotExecuted =
    In(State::kReceived, State::kAuthenticated, State::kEnforceable, State::kAssessed, State::kApproved);

constexpr std::uint32_t kAnyTime =
    kOpen | In(State::kClosed, State::kRefused, State::kContested, State::kWithdrawn);

constexpr std::array<Move, 21> kMoves{{
    {EventKind::kConfirmed, kOpen | In(State::kContested), std::nullopt},
    {EventKind::kAuthenticated, In(State::kReceived), State::kAuthenticated},
    {EventKind::kFoundEnforceable, In(State::kAuthenticated), State::kEnforceable},
    {EventKind::kAssessed, In(State::kAuthenticated, State::kEnforceable, State::kAssessed, State::kApproved),
     State::kAssessed},
    {EventKind::kDecided, In(State::kAssessed), std::nullopt},
    {EventKind::kApproved, In(State::kAssessed), std::nullopt},
    {EventKind::kExecuted, In(State::kApproved), State::kExecuted},
    {EventKind::kDelivered, In(State::kExecuted), State::kDelivered},
    {EventKind::kClosed, In(State::kDelivered, State::kRefused, State::kWithdrawn), State::kClosed},
    {EventKind::kRefused, kNotExecuted | In(State::kContested), State::kRefused},
    {EventKind::kStayed, kOpen, State::kContested},
    {EventKind::kStayLifted, In(State::kContested), std::nullopt},
    {EventKind::kWithdrawn, kOpen | In(State::kContested), State::kWithdrawn},
    {EventKind::kServed, kNotExecuted | In(State::kContested), std::nullopt},
    {EventKind::kCured, kNotExecuted | In(State::kContested), std::nullopt},
    {EventKind::kRecalled, In(State::kExecuted, State::kDelivered, State::kClosed), State::kApproved},
    {EventKind::kPartial, In(State::kExecuted, State::kDelivered), std::nullopt},
    {EventKind::kExtended, kOpen | In(State::kContested), std::nullopt},
    {EventKind::kUserNotified, kAnyTime, std::nullopt},
    {EventKind::kUserNoticeDelayed, kAnyTime, std::nullopt},
    {EventKind::kCost, kAnyTime, std::nullopt},
}};

// A decision or a new assessment changes what is approved, so approvals before it no longer count.
std::vector<PersonId> CurrentApprovers(const Life& life) {
  std::vector<PersonId> approvers;
  for (const Event& event : life.events) {
    if (event.kind == EventKind::kAssessed || event.kind == EventKind::kDecided) approvers.clear();
    if (event.kind == EventKind::kApproved) approvers.push_back(event.person);
  }
  return approvers;
}

Status CheckAuthentication(const Life& life, const Event& event) {
  if (life.confirmed) {
    if (event.until) return Cannot(event.kind, "a second person has confirmed already: it is not urgent");
    return Done{};
  }
  if (!event.until) return Cannot(event.kind, "a second person has not confirmed the transcription");
  if (event.item != kByCallBack)
    return Cannot(event.kind, "urgent: only a call back to a number known before can stand alone");
  if (*event.until <= event.at || event.at + kUrgentConfirmNs < *event.until)
    return Cannot(event.kind, "urgent: a second person confirms within 24 hours");
  return Done{};
}

Status CheckMove(const Life& life, const Event& event) {
  if (event.kind == EventKind::kConfirmed) {
    if (life.confirmed) return Cannot(event.kind, "already confirmed");
    if (event.person == life.transcriber)
      return Cannot(event.kind, "the transcriber cannot confirm the transcription");
    if (event.person == life.authenticator)
      return Cannot(event.kind, "whoever authenticated it alone is not the second person");
  }
  if (event.kind == EventKind::kAuthenticated) TRY(CheckAuthentication(life, event));
  const bool leaves = event.kind == EventKind::kApproved || event.kind == EventKind::kExecuted ||
                      event.kind == EventKind::kDelivered;
  if (leaves) TRY_IN(std::string(ToText(event.kind)), CheckConfirmed(life, event.at));
  if (event.kind == EventKind::kClosed && life.state == State::kDelivered && life.IsUnconfirmed()) {
    return Cannot(event.kind, "a second person has not confirmed the transcription");
  }
  if (event.kind == EventKind::kRecalled && !life.executed) return Cannot(event.kind, "nothing was executed");
  if (event.kind == EventKind::kUserNotified && life.user_notice_from && event.at < *life.user_notice_from) {
    return Cannot(event.kind, "delayed until " + life.user_notice_from->ToRfc3339());
  }
  if (event.kind == EventKind::kExtended && event.item == kPreservationExtended) {
    const bool before = std::any_of(life.events.begin(), life.events.end(), [](const Event& other) {
      return other.kind == EventKind::kExtended && other.item == kPreservationExtended;
    });
    if (before) return Cannot(event.kind, "the preservation was extended before, and only once");
  }
  if (event.kind == EventKind::kApproved) {
    const std::vector<PersonId> approvers = CurrentApprovers(life);
    if (std::find(approvers.begin(), approvers.end(), event.person) != approvers.end()) {
      return Cannot(event.kind, "this person has already approved");
    }
  }
  return Done{};
}

// What the event leaves in the life besides its state.
void Note(const Event& event, Life* life) {
  switch (event.kind) {
    case EventKind::kConfirmed:
      life->confirmed = true;
      return;
    case EventKind::kAuthenticated:
      life->authenticator = event.person;
      life->confirm_until = event.until;
      return;
    case EventKind::kExecuted:
      life->executed = true;
      life->partial = false;
      life->recalled = false;
      life->package = event.package;
      return;
    case EventKind::kPartial:
      life->partial = true;
      return;
    case EventKind::kRecalled:
      life->recalled = true;
      return;
    case EventKind::kUserNoticeDelayed:
      life->user_notice_from = event.until;
      return;
    default:
      return;
  }
}

Result<Life> Receive(Life life, const Event& event) {
  if (!life.events.empty()) return Cannot(event.kind, "the order has been received before");
  life.state = State::kReceived;
  life.transcriber = event.person;
  life.events.push_back(event);
  return life;
}

}  // namespace

const Event* Life::DecisionOn(const std::string& line, const std::string& item) const {
  const Event* last = nullptr;
  for (const Event& event : events) {
    if (event.kind == EventKind::kDecided && event.line == line && event.item == item) last = &event;
  }
  return last;
}

std::map<std::string, std::int64_t> Life::Costs() const {
  std::map<std::string, std::int64_t> costs;
  for (const Event& event : events) {
    if (event.cost) costs[event.cost->currency] += event.cost->cents;
  }
  return costs;
}

Result<Life> Apply(Life life, const Event& event) {
  TRY(CheckEvent(event));
  if (event.kind == EventKind::kReceived) return Receive(std::move(life), event);
  if (life.events.empty()) return Cannot(event.kind, "the order has not been received");
  if (life.events.size() >= kLifeEventsMax) {
    return Cannot(event.kind, fmt::format("the order has {} events already", kLifeEventsMax));
  }
  const auto move = std::find_if(kMoves.begin(), kMoves.end(),
                                 [&](const Move& known) { return known.event == event.kind; });
  CHECK(move != kMoves.end());
  if ((move->from & In(life.state)) == 0) {
    return Cannot(event.kind, fmt::format("the order is {}", ToText(life.state)));
  }
  TRY(CheckMove(life, event));

  Note(event, &life);
  if (event.kind == EventKind::kStayed) {
    life.stayed = true;
    life.before_stay = life.state;
  }
  if (event.kind == EventKind::kStayLifted) {
    life.stayed = false;
    life.state = life.before_stay;
  }
  life.events.push_back(event);
  const bool assessed_early = event.kind == EventKind::kAssessed && life.state == State::kAuthenticated;
  if (move->to && !assessed_early) life.state = *move->to;
  if (event.kind == EventKind::kApproved && CurrentApprovers(life).size() >= 2) life.state = State::kApproved;
  return life;
}

Status CheckConfirmed(const Life& life, Instant now) {
  if (!life.IsUnconfirmed() || now < *life.confirm_until) return Done{};
  return Denied(fmt::format("a second person should have confirmed this urgent order before {}",
                            life.confirm_until->ToRfc3339()));
}

Result<Life> Replay(const std::vector<Event>& events) {
  Life life;
  for (const Event& event : events) {
    life = TRY(Apply(std::move(life), event));
  }
  return life;
}

}  // namespace probatio::order
