// Who is told what about an order, and when: at reception, when half and four fifths of its time limit have
// passed, when it is overdue, and again and again while it stays so. Everything is reckoned in instants, so
// that a limit of 48 hours that begins on a Friday evening wakes people on Saturday. Which of it was sent
// already the caller knows. Pure; thread-safe.
#pragma once

#include "order/enforceability.h"

namespace probatio::order {

inline constexpr std::size_t kSubstitutesMax = 8;  // how far one substitute leads to the next
inline constexpr std::int64_t kFirstRetryNs = kNsPerMinute;
inline constexpr std::int64_t kRetryMaxNs = 30 * kNsPerMinute;  // the shortest limit of the law is 8 hours

enum class NoticeKind : std::uint8_t {
  kReceived,
  kHalf,
  kEighty,
  kOverdue,
  kUnconfirmed,         // urgent: authenticated by one person, a second must confirm
  kUnconfirmedOverdue,  // and did not in time
  kRecalled,            // what was disclosed rests on a fault: to be answered again
};
std::string_view ToText(NoticeKind kind);  // "received", "half", "eighty", "overdue", "unconfirmed",
                                           // "unconfirmed_overdue", "recalled"

struct Notice {
  OrderId order;
  NoticeKind kind = NoticeKind::kReceived;
  std::int64_t repeat = 0;       // of what is overdue: how many times before
  std::optional<Instant> limit;  // when the order must be answered, or confirmed; absent when nothing tells
  Instant since;                 // from when it was due

  std::string Key() const;  // "rg-24-57625/overdue/3": what was sent under it is not sent again
};

// The latest notice that is due, or none: the order has been answered or ended, or is stayed. Earlier ones
// that nobody sent are overtaken by it, so a machine that stood still wakes nobody twice. `repeat_ns` is at
// least a minute.
std::optional<Notice> NoticeDue(const Order& order, const Life& life, std::int64_t repeat_ns, Instant now);

// Of an urgent order that waits for its second person, whatever became of it meanwhile: once when it was
// authenticated, and again and again from its limit on.
std::optional<Notice> ConfirmationDue(const Order& order, const Life& life, std::int64_t repeat_ns,
                                      Instant now);

// Of an order that was recalled and not yet answered again.
std::optional<Notice> RecallDue(const Order& order, const Life& life);
// All that is due of one order.
std::vector<Notice> NoticesDue(const Order& order, const Life& life, std::int64_t repeat_ns, Instant now);

// One person who may be told.
struct OnCall {
  PersonId person;
  bool on_call = false;
  std::optional<PersonId> substitute;
  std::vector<Period> absences;

  bool AbsentAt(Instant at) const;
};

// Whoever is on call and there; for whoever is absent the substitute, and the substitute's, up to the first
// who is there. Where that leads to nobody, the absent person all the same: better told away than nobody
// told. What is overdue, either way, goes to those on call and to their substitutes, absent or not. Each
// person once, in the order of `people`.
std::vector<PersonId> WhoIsTold(const std::vector<OnCall>& people, NoticeKind kind, Instant now);

// When a notice that failed `attempts` times, the last at `last`, is tried again: after a minute, then twice
// as long each time, up to kRetryMaxNs.
Instant NextTry(std::int64_t attempts, Instant last);

}  // namespace probatio::order
