// Data sets that came before their template: kept for a short time (RFC 7011, section 9.3; RFC 3954, section
// 9), and read when it comes. Bounded, since whoever can send a datagram can send such a set. Not
// thread-safe.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "decode/flow/message.h"

namespace probatio::decode {

inline constexpr std::size_t kPendingBytesMax = 4U << 20;  // of one exporter; the oldest give way
inline constexpr std::size_t kPendingSetsMax = 16'384;
inline constexpr std::size_t kDroppedDomainsMax = 4'096;  // told apart; more count for one of these
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

  // What was dropped since the last call, by domain: sets, and the times at which they were exported.
  struct Dropped {
    std::uint32_t domain = 0;
    std::uint32_t sets = 0;
    Period exported;
  };
  std::vector<Dropped> TakeDropped();
  void DropAll();

  std::uint64_t dropped() const { return dropped_; }  // sets that gave way or grew too old
  std::size_t size() const { return sets_.size(); }

 private:
  void DropOldest();
  void CountDropped(const MessageHeader& header);

  std::deque<PendingSet> sets_;
  std::size_t bytes_ = 0;
  std::uint64_t dropped_ = 0;
  std::map<std::uint32_t, Dropped> dropped_of_;  // by domain, at most kDroppedDomainsMax
};

}  // namespace probatio::decode
