// The people of the provider who act on orders. Values; thread-safe.
#pragma once

#include "base/id.h"

namespace probatio::casebook {

inline constexpr std::size_t kPersonNameBytesMax = 200;

enum class Role : std::uint8_t { kCounsel, kApprover, kCustodian, kEngineer };
std::string_view ToText(Role role);  // "counsel", "approver", "custodian", "engineer"
Result<Role> ParseRole(std::string_view text);

struct Person {
  PersonId id;
  std::string display_name;
  Role role = Role::kCounsel;
  std::string certificate_pem;  // what the person signs or opens with; empty when the person does neither
  bool active = true;
  bool operator==(const Person&) const = default;
};

}  // namespace probatio::casebook
