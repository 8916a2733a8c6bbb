// The life of an order: what happened to it, in order, and the state that follows. The casebook keeps the
// events; the state is always recomputed from them. Pure; thread-safe.
#pragma once

#include "order/assessment.h"
#include "order/source.h"

namespace probatio::order {

inline constexpr std::size_t kLifeEventsMax = 10'000;
inline constexpr std::size_t kReasonBytesMax = 2'048;
// No text says when the second person looks at what was urgent; within a day whoever slept is awake.
inline constexpr std::int64_t kUrgentConfirmNs = 24 * kNsPerHour;
inline constexpr std::string_view kByCallBack = "call_back";  // item of kAuthenticated

enum class State : std::uint8_t {
  kReceived,
  kAuthenticated,
  kEnforceable,
  kAssessed,
  kApproved,
  kExecuted,
  kDelivered,
  kClosed,
  kRefused,
  kContested,
  kWithdrawn,
};
std::string_view ToText(State state);  // "received", ...

enum class EventKind : std::uint8_t {
  kReceived,
  kConfirmed,  // a second person compared the transcription with the paper
  kAuthenticated,
  kFoundEnforceable,
  kAssessed,
  kDecided,  // a human verdict on one line item, with its reason
  kApproved,
  kExecuted,
  kDelivered,
  kClosed,
  kRefused,
  kStayed,
  kStayLifted,
  kWithdrawn,
  kServed,             // served, or served anew, after it was received
  kCured,              // what closed a gate of its enforceability has been made good (enforceability.h)
  kRecalled,           // a fault found later touches what was disclosed: it is to be answered again
  kPartial,            // a line was executed in part: what was left undone
  kExtended,           // more time to answer, or to preserve
  kUserNotified,       // the person concerned was told
  kUserNoticeDelayed,  // and may not be before an instant
  kCost,
};
std::string_view ToText(EventKind kind);  // "received", "confirmed", ...
Result<EventKind> ParseEventKind(std::string_view text);

// A named person's answer to a kHuman verdict.
enum class Choice : std::uint8_t { kComply, kDecline, kAppeal, kAskInterpretation, kAskRectification };
std::string_view ToText(
    Choice choice);  // "comply", "decline", "appeal", "ask_interpretation", "ask_rectification"
Result<Choice> ParseChoice(std::string_view text);

inline constexpr std::int64_t kCostCentsMax = 100'000'000'000;
struct Cost {
  std::int64_t cents = 0;  // 1 to kCostCentsMax
  std::string currency;    // ISO 4217
};

struct Event {
  EventKind kind = EventKind::kReceived;
  Instant at;
  PersonId person;
  std::string reason;             // why, or how it was checked; required for kDecided, kRefused,
                                  // kAuthenticated, kServed (what proves it), kCured
  std::string line;               // kDecided: line id
  std::string item;               // kDecided: item id; kServed: the mode; kCured: the gate; kRefused:
                                  // the ground of the regime, where it has some
  std::optional<Choice> choice;   // kDecided
  std::optional<Instant> served;  // kServed: when it was, which is not when we wrote it down
  std::optional<Instant> until;   // kAuthenticated, urgent: until when a second person must confirm;
                                  // kExtended: the new limit; kUserNoticeDelayed: from when it is allowed
  std::string authority;          // kExtended, kUserNoticeDelayed: who granted it; kUserNotified: gave leave
  std::string paper;              // SHA-256 of the paper that says so, hexadecimal
  std::string package;  // kExecuted: digest of the disclosure as the ledger has it; kRecalled: that one
  std::vector<Source> sources;  // kExecuted: what was disclosed came from; kRecalled: what the fault touches
  std::optional<Cost> cost;     // kCost; its basis is the reason
};

// Items of kExtended.
inline constexpr std::string_view kTimeLimitExtended = "time_limit";
inline constexpr std::string_view kPreservationExtended = "preservation";

std::string EventToJson(const Event& event);
Result<Event> EventFromJson(std::string_view json);

struct Life {
  State state = State::kReceived;
  bool confirmed = false;
  bool stayed = false;                      // a stay by the first president (CPC 514-3)
  State before_stay = State::kReceived;     // where a lifted stay returns to; meaningless unless stayed
  PersonId transcriber;                     // who received it
  PersonId authenticator;                   // empty before
  std::optional<Instant> confirm_until;     // urgent: authenticated before a second person confirmed
  bool executed = false;                    // once at least
  bool partial = false;                     // the last execution left something undone
  bool recalled = false;                    // and was not answered again yet
  std::string package;                      // of the last execution; the next one supersedes it when recalled
  std::optional<Instant> user_notice_from;  // before that the person concerned is not told
  std::vector<Event> events;

  std::map<std::string, std::int64_t> Costs() const;  // cents by currency

  bool IsUnconfirmed() const { return confirm_until && !confirmed; }

  const Event* DecisionOn(const std::string& line, const std::string& item) const;  // the last one, or null
};

// Applies one event. kDenied says why it cannot happen in this state: "approve: the order is received, not
// assessed". The confirmer must not be the transcriber. kDecided needs a reason. Approval counting is
// Authorize's business: the first kApproved leaves the state at assessed, the second by another person moves
// it to approved; a decision or a new assessment in between makes both necessary again. A lifted stay returns
// the order to the state in which it found it. An urgent order may be confirmed later, by somebody who
// neither transcribed nor authenticated it: past its limit it is neither approved, executed nor delivered
// until then, and without it never closed. What was executed may be recalled, even when closed: it is
// approved again, and as long as the signed scope has not expired the same approvals bear the answer that
// supersedes it. An order that nobody found enforceable may be assessed too; it stays where it is.
Result<Life> Apply(Life life, const Event& event);
// kDenied when an urgent order should have been confirmed by now.
Status CheckConfirmed(const Life& life, Instant now);
Result<Life> Replay(const std::vector<Event>& events);

}  // namespace probatio::order
