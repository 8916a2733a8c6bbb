// Holds: reception of an order pins the windows that its lines can touch, at once and without any key.
// Values; pure.
#pragma once

#include "order/order.h"
#include "seal/window.h"

namespace probatio::keep {

inline constexpr std::size_t kPinnedWindowsMax = 200'000;
// Whoever can send a paper can make others' rows be kept: until the order was found genuine, for so long
// only.
inline constexpr std::int64_t kProvisionalHoldMaxNs = 30 * kNsPerDay;

struct Pin {
  seal::Stream stream = seal::Stream::kActivity;
  Period period;
  auto operator<=>(const Pin&) const = default;
};

// The streams and periods that the lines of an order can touch, merged, ascending: platform lines the
// activity of their own period; tuple lines the instant, with the look-back of the resolver; lines that ask
// for account or identity items every version that arrived until the order did, since the one that held may
// be old. kInvalid over kPinnedWindowsMax windows.
Result<std::vector<Pin>> PinsFor(const order::Order& order);

// Is a hold over, of an order that nobody has authenticated?
inline bool HasLapsed(Instant pinned_at, bool authenticated, Instant now) {
  return !authenticated && now - pinned_at > kProvisionalHoldMaxNs;
}

}  // namespace probatio::keep
