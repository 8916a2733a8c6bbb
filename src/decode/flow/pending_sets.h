// Data sets that came before their template: kept for a short time (RFC 7011, section 9.3; RFC 3954, section
// 9), and read when it comes. Bounded, since whoever can send a datagram can send such a set. Not
// thread-safe.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "decode/flow/message.h"

namespace probatio::decode {

inline constexpr std::size_t kPendingBytesMax = 4U << 20;  // of one exporter; the oldest give way
inline constexpr std::size_t kPendingSetsMax = 16'384;
// Between the data and the template, by the exporter's clock. Exporters repeat templates every half hour at
// the least; after two of these periods an id may mean something else.
inline constexpr std::int64_t kPendingAgeMaxNs = kNsPerHour;

struct PendingSet {
  MessageHeader header;
  std::uint16_t id = 0;
  std::size_t offset = 0;                 // of the body in its message
  std::optional<std::uint32_t> sequence;  // of its first record
  Buffer body;
};

class PendingSets {
 public:
  void Hold(PendingSet set);

  // Takes out, in the order of arrival, what waited for a template of this domain that a message of `now`
  // brings. What is older than kPendingAgeMaxNs, or from before a restart that the uptime shows, is dropped.
  std::vector<PendingSet> Take(std::uint32_t domain, std::uint16_t id, const MessageHeader& now);

  // Everything that still waits, for whoever puts it aside.
  std::vector<PendingSet> TakeAll();

  std::uint64_t dropped() const { return dropped_; }  // sets that gave way or grew too old
  std::size_t size() const { return sets_.size(); }

 private:
  void DropOldest();

  std::deque<PendingSet> sets_;
  std::size_t bytes_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace probatio::decode
