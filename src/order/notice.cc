#include "order/notice.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace probatio::order {
namespace {

// Nobody waits for an answer any more, or nobody may give one now.
bool IsQuiet(const Life& life) {
  if (life.stayed) return true;
  switch (life.state) {
    case State::kReceived:
    case State::kAuthenticated:
    case State::kEnforceable:
    case State::kAssessed:
    case State::kApproved:
    case State::kExecuted:
      return false;
    case State::kDelivered:
    case State::kClosed:
    case State::kRefused:
    case State::kContested:
    case State::kWithdrawn:
      return true;
  }
  return true;
}

const OnCall* Find(const std::vector<OnCall>& people, const PersonId& id) {
  const auto found =
      std::find_if(people.begin(), people.end(), [&](const OnCall& one) { return one.person == id; });
  return found == people.end() ? nullptr : &*found;
}

// The first along the chain of substitutes who is there, or null. Substitutes may lead in a circle.
const OnCall* FirstThere(const std::vector<OnCall>& people, const OnCall& absent, Instant now) {
  const OnCall* one = &absent;
  for (std::size_t hop = 0; hop <= kSubstitutesMax; ++hop) {
    if (!one->AbsentAt(now)) return one;
    if (!one->substitute) return nullptr;
    one = Find(people, *one->substitute);
    if (one == nullptr) return nullptr;
  }
  return nullptr;
}

}  // namespace

std::string_view ToText(NoticeKind kind) {
  switch (kind) {
    case NoticeKind::kReceived:
      return "received";
    case NoticeKind::kHalf:
      return "half";
    case NoticeKind::kEighty:
      return "eighty";
    case NoticeKind::kOverdue:
      return "overdue";
    case NoticeKind::kUnconfirmed:
      return "unconfirmed";
    case NoticeKind::kUnconfirmedOverdue:
      return "unconfirmed_overdue";
    case NoticeKind::kRecalled:
      return "recalled";
  }
  return "unknown";
}

std::string Notice::Key() const {
  return fmt::format("{}/{}/{}", order.text(), ToText(kind), repeat);
}

std::optional<Notice> NoticeDue(const Order& order, const Life& life, std::int64_t repeat_ns, Instant now) {
  CHECK(repeat_ns >= kNsPerMinute);
  if (life.events.empty() || IsQuiet(life)) return std::nullopt;
  Notice notice;
  notice.order = order.id;
  notice.since = life.events.front().at;
  const std::optional<law::TimeLimit> limit = TimeLimitOf(WithRecordedService(order, life), now);
  if (!limit) return notice;
  // What must be kept until an instant is not answered by it.
  if (limit->duty == law::Duty::kKeep) return notice;
  notice.limit = limit->binding();
  const std::int64_t length = *notice.limit - limit->served;
  const Instant half = limit->served + length / 2;
  const Instant eighty = limit->served + length / 5 * 4;
  if (now >= *notice.limit) {
    notice.kind = NoticeKind::kOverdue;
    notice.repeat = (now - *notice.limit) / repeat_ns;
    notice.since = *notice.limit + notice.repeat * repeat_ns;
  } else if (now >= eighty) {
    notice.kind = NoticeKind::kEighty;
    notice.since = eighty;
  } else if (now >= half) {
    notice.kind = NoticeKind::kHalf;
    notice.since = half;
  }
  return notice;
}

std::optional<Notice> ConfirmationDue(const Order& order, const Life& life, std::int64_t repeat_ns,
                                      Instant now) {
  CHECK(repeat_ns >= kNsPerMinute);
  const bool ended =
      life.state == State::kRefused || life.state == State::kWithdrawn || life.state == State::kClosed;
  if (!life.IsUnconfirmed() || ended) return std::nullopt;
  Notice notice;
  notice.order = order.id;
  notice.kind = NoticeKind::kUnconfirmed;
  notice.limit = *life.confirm_until;
  for (const Event& event : life.events) {
    if (event.kind == EventKind::kAuthenticated) notice.since = event.at;
  }
  if (now < *notice.limit) return notice;
  notice.kind = NoticeKind::kUnconfirmedOverdue;
  notice.repeat = (now - *notice.limit) / repeat_ns;
  notice.since = *notice.limit + notice.repeat * repeat_ns;
  return notice;
}

std::optional<Notice> RecallDue(const Order& order, const Life& life) {
  if (!life.recalled || life.state == State::kRefused || life.state == State::kClosed) return std::nullopt;
  Notice notice;
  notice.order = order.id;
  notice.kind = NoticeKind::kRecalled;
  notice.repeat = -1;  // each recall is told once, and has its number
  for (const Event& event : life.events) {
    if (event.kind != EventKind::kRecalled) continue;
    notice.since = event.at;
    ++notice.repeat;
  }
  return notice;
}

std::vector<Notice> NoticesDue(const Order& order, const Life& life, std::int64_t repeat_ns, Instant now) {
  std::vector<Notice> due;
  for (const std::optional<Notice>& one :
       {NoticeDue(order, life, repeat_ns, now), ConfirmationDue(order, life, repeat_ns, now),
        RecallDue(order, life)}) {
    if (one) due.push_back(*one);
  }
  return due;
}

bool OnCall::AbsentAt(Instant at) const {
  return std::any_of(absences.begin(), absences.end(),
                     [&](const Period& absence) { return absence.begin <= at && at < absence.end; });
}

std::vector<PersonId> WhoIsTold(const std::vector<OnCall>& people, NoticeKind kind, Instant now) {
  std::set<PersonId> told;
  for (const OnCall& one : people) {
    if (!one.on_call) continue;
    const OnCall* there = FirstThere(people, one, now);
    told.insert(there == nullptr ? one.person : there->person);
    if (kind != NoticeKind::kOverdue && kind != NoticeKind::kUnconfirmedOverdue) continue;
    told.insert(one.person);
    if (one.substitute && Find(people, *one.substitute) != nullptr) told.insert(*one.substitute);
  }
  std::vector<PersonId> ordered;
  for (const OnCall& one : people) {
    if (told.count(one.person) != 0) ordered.push_back(one.person);
  }
  return ordered;
}

Instant NextTry(std::int64_t attempts, Instant last) {
  std::int64_t wait = kFirstRetryNs;
  for (std::int64_t i = 1; i < attempts && wait < kRetryMaxNs; ++i) wait *= 2;
  return last + std::min(wait, kRetryMaxNs);
}

}  // namespace probatio::order
