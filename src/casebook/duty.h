// Who may do what on an order: the one place where roles are told apart (docs/operate/people.md). What one
// person may not do twice (confirm the own transcription, approve twice) is a rule of the order's life
// (order/life.h). Values; thread-safe.
#pragma once

#include "casebook/person.h"
#include "order/life.h"

namespace probatio::casebook {

// What a person does, told apart as far as different people must do it.
enum class Duty : std::uint8_t {
  kTakeIn,   // receive, confirm a transcription, write down service, stay, withdrawal
  kJudge,    // authenticate, find enforceable, assess, decide, refuse, close
  kApprove,  // sign a scope
  kExecute,  // have an approved scope executed
};
std::string_view ToText(Duty duty);  // "take in orders", "judge orders", ...
Duty DutyOf(order::EventKind kind);

struct DutyRules {
  // For a house too small for more people: approvers may take in and judge orders too. Two different people
  // still approve.
  bool approvers_judge = false;
};

// kDenied "administrator-1 is administrator: to judge orders takes legal"; also for a person who left.
Status CheckDuty(const Person& person, Duty duty, const DutyRules& rules);

}  // namespace probatio::casebook
