// A selector of somebody whom professional secrecy protects, as a deployment keeps it: without the selector.
// Values; thread-safe.
#pragma once

#include "order/order.h"

namespace probatio::casebook {

inline constexpr std::size_t kProtectionsMax = 100'000;
inline constexpr std::size_t kProfessionBytesMax = 64;

struct Protection {
  std::uint64_t id = 0;    // the ledger index of its entry
  std::string profession;  // an id of the regime's privileges ("lawyer"), or another word
  PersonId added_by;
  Instant added_at;
};

// One way of writing for one selector: a telephone number without spaces, dots, dashes and brackets, an
// e-mail address in lower case, of a tuple the address alone. kInvalid for a subject that is no selector
// (other_accounts, other).
Result<std::string> CanonicalSelector(const order::Subject& subject);

}  // namespace probatio::casebook
