// The people of the provider who act on orders. Values; thread-safe.
#pragma once

#include <array>

#include "base/id.h"

namespace probatio::casebook {

inline constexpr std::size_t kPersonNameBytesMax = 200;

enum class Role : std::uint8_t {
  kIntake,         // takes orders in
  kLegal,          // judges them
  kApprover,       // signs scopes
  kCustodian,      // holds a share of the keys
  kAuditor,        // reads the ledger
  kAdministrator,  // runs the machines, sees no data
  kApplicant,      // asks, and receives
};
inline constexpr std::array kRoles{Role::kIntake,  Role::kLegal,         Role::kApprover, Role::kCustodian,
                                   Role::kAuditor, Role::kAdministrator, Role::kApplicant};
std::string_view ToText(Role role);  // "intake", "legal", ...
Result<Role> ParseRole(std::string_view text);

struct Person {
  PersonId id;
  std::string display_name;
  Role role = Role::kLegal;
  std::string certificate_pem;  // what the person signs or opens with; empty when the person does neither
  bool active = true;
  bool operator==(const Person&) const = default;
};

}  // namespace probatio::casebook
