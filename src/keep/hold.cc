#include "keep/hold.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "resolve/resolver.h"

namespace probatio::keep {
namespace {

constexpr std::int64_t kNsMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kNsMin = std::numeric_limits<std::int64_t>::min();

// Instants of an order come from outside: at the ends of time they stop instead of wrapping around.
Instant Later(Instant at, std::int64_t ns) {
  return at.unix_ns() > kNsMax - ns ? Instant::FromUnixNs(kNsMax) : at + ns;
}
Instant Earlier(Instant at, std::int64_t ns) {
  return at.unix_ns() < kNsMin + ns ? Instant::FromUnixNs(kNsMin) : at - ns;
}

// Items of the regime whose rows lie in one stream alone (docs/formats/order.md). Any other item that is not
// of a connection pins both: before the law is applied too much is held rather than too little.
const std::set<std::string> kIdentityItems{"surname",        "first_name", "birth", "company_name",
                                           "postal_address", "email",      "phone"};
const std::set<std::string> kAccountItems{"identifier_used", "pseudonyms", "payment"};
const std::set<std::string> kPasswordItems{"password_verification"};
const std::set<std::string> kConnectionItems{"source_ip", "source_port", "user_id_number", "terminal_id",
                                             "connection_time"};

struct Wanted {
  bool account = false;
  bool identity = false;
  bool password = false;
};

Wanted WantedBy(const order::Line& line) {
  // No open-ended line ever reaches a password item (express_only in the regime).
  Wanted wanted{line.open_ended, line.open_ended, false};
  for (const std::string& item : line.items) {
    if (kConnectionItems.count(item) > 0) continue;
    const bool password = kPasswordItems.count(item) > 0;
    wanted.password = wanted.password || password;
    wanted.account = wanted.account || (!password && kIdentityItems.count(item) == 0);
    wanted.identity = wanted.identity || (!password && kAccountItems.count(item) == 0);
  }
  return wanted;
}

// Rows of subjects lie under the day of their arrival.
Period ArrivedUntilTheOrder(const order::Order& order, const order::Line& line) {
  const Instant issued = law::ParisMidnight(law::AddDays(order.date, 1));
  const Instant known = std::max({line.period.end, issued, order.service.at.value_or(issued)});
  return {Instant(), Later(known, kNsPerDay)};
}

void PinTuple(const order::Tuple& tuple, std::vector<Pin>* pins) {
  const std::int64_t error = std::max<std::int64_t>(tuple.error_ns, 0);
  const Instant end = Later(Later(tuple.at, error), kNsPerDay);
  const auto pin = [&](seal::Stream stream, std::int64_t look_back) {
    pins->push_back({stream, {Earlier(Earlier(tuple.at, error), look_back), end}});
  };
  const resolve::Limits limits;
  pin(seal::Stream::kNatSession, limits.session_age_max_ns);
  pin(seal::Stream::kNatBlock, limits.block_age_max_ns);
  pin(seal::Stream::kAccess, limits.access_age_max_ns);
}

void PinLine(const order::Order& order, const order::Line& line, std::vector<Pin>* pins) {
  if (line.subject.tuple) {
    PinTuple(*line.subject.tuple, pins);
  } else {
    pins->push_back({seal::Stream::kActivity, line.period});
  }
  const Wanted wanted = WantedBy(line);
  if (wanted.account) pins->push_back({seal::Stream::kAccount, ArrivedUntilTheOrder(order, line)});
  if (wanted.password) pins->push_back({seal::Stream::kPassword, ArrivedUntilTheOrder(order, line)});
  if (wanted.identity) pins->push_back({seal::Stream::kIdentity, ArrivedUntilTheOrder(order, line)});
}

// Overlapping or touching periods of one stream become one.
std::vector<Pin> Merged(std::vector<Pin> pins) {
  std::sort(pins.begin(), pins.end());
  std::vector<Pin> merged;
  for (const Pin& pin : pins) {
    const bool joins =
        !merged.empty() && merged.back().stream == pin.stream && pin.period.begin <= merged.back().period.end;
    if (joins) {
      merged.back().period.end = std::max(merged.back().period.end, pin.period.end);
    } else {
      merged.push_back(pin);
    }
  }
  return merged;
}

std::uint64_t WindowsOf(const Pin& pin) {
  if (pin.period.end <= pin.period.begin) return 0;
  const std::int64_t length = seal::WindowLengthNs(pin.stream);
  const std::int64_t first = seal::WindowOf(pin.stream, pin.period.begin).period.begin.unix_ns() / length;
  const std::int64_t last = seal::WindowOf(pin.stream, pin.period.end - 1).period.begin.unix_ns() / length;
  return static_cast<std::uint64_t>(last - first) + 1;
}

}  // namespace

Result<std::vector<Pin>> PinsFor(const order::Order& order) {
  std::vector<Pin> pins;
  for (const order::Line& line : order.lines) PinLine(order, line, &pins);
  pins = Merged(std::move(pins));
  std::uint64_t windows = 0;
  for (const Pin& pin : pins) windows += WindowsOf(pin);
  if (windows > kPinnedWindowsMax) {
    return Invalid(
        fmt::format("hold: the lines touch {} windows; at most {} are pinned without a person's decision",
                    windows, kPinnedWindowsMax));
  }
  return pins;
}

}  // namespace probatio::keep
