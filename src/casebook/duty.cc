#include "casebook/duty.h"

#include <fmt/format.h>

#include <vector>

namespace probatio::casebook {
namespace {

// Administrators, custodians, auditors and applicants do nothing to an order: whoever runs the machine, holds
// keys, checks or asks must not be the one who decides that data leave.
std::vector<Role> RolesFor(Duty duty, const DutyRules& rules) {
  std::vector<Role> roles;
  switch (duty) {
    case Duty::kTakeIn:
      roles = {Role::kIntake, Role::kLegal};
      break;
    case Duty::kJudge:
      roles = {Role::kLegal};
      break;
    case Duty::kApprove:
      return {Role::kApprover};
    case Duty::kExecute:
      return {Role::kLegal, Role::kApprover};
  }
  if (rules.approvers_judge) roles.push_back(Role::kApprover);
  return roles;
}

}  // namespace

std::string_view ToText(Duty duty) {
  switch (duty) {
    case Duty::kTakeIn:
      return "take in orders";
    case Duty::kJudge:
      return "judge orders";
    case Duty::kApprove:
      return "approve a scope";
    case Duty::kExecute:
      return "execute an order";
  }
  CHECK(false);
}

Duty DutyOf(order::EventKind kind) {
  using order::EventKind;
  switch (kind) {
    case EventKind::kReceived:
    case EventKind::kConfirmed:
    case EventKind::kServed:
    case EventKind::kStayed:
    case EventKind::kWithdrawn:
    case EventKind::kExtended:
    case EventKind::kCost:
      return Duty::kTakeIn;
    case EventKind::kApproved:
      return Duty::kApprove;
    case EventKind::kExecuted:
    case EventKind::kDelivered:
    case EventKind::kPartial:
      return Duty::kExecute;
    case EventKind::kAuthenticated:
    case EventKind::kFoundEnforceable:
    case EventKind::kAssessed:
    case EventKind::kDecided:
    case EventKind::kClosed:
    case EventKind::kRefused:
    case EventKind::kStayLifted:
    case EventKind::kCured:
    case EventKind::kRecalled:
    case EventKind::kUserNotified:
    case EventKind::kUserNoticeDelayed:
      return Duty::kJudge;
  }
  CHECK(false);
}

Status CheckDuty(const Person& person, Duty duty, const DutyRules& rules) {
  if (!person.active) return Denied(person.id.text() + ": no longer active");
  std::string takes;
  for (const Role role : RolesFor(duty, rules)) {
    if (role == person.role) return Done{};
    takes += (takes.empty() ? "" : " or ") + std::string(ToText(role));
  }
  return Denied(
      fmt::format("{} is {}: to {} takes {}", person.id.text(), ToText(person.role), ToText(duty), takes));
}

}  // namespace probatio::casebook
