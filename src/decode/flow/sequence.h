// Loss, told from the exporter's own count: data records in IPFIX (RFC 7011, sections 3.1 and 10.3.2),
// packets in NetFlow 9 (RFC 3954, section 5.1). On UDP the only sign that something is missing, and so part
// of every answer about that time. Pure; not thread-safe.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "decode/flow/message.h"

namespace probatio::decode {

inline constexpr std::size_t kSequenceDomainsMax =
    4'096;  // observation domains of one exporter that are followed
inline constexpr std::size_t kSequenceGapsMax = 65'536;  // gaps held until they are taken; all are counted

// What was sent between two messages and did not arrive.
struct SequenceGap {
  std::uint32_t domain = 0;
  std::uint32_t first = 0;    // sequence number of the first one missing
  std::uint32_t records = 0;  // NetFlow 9: packets, each with at least one record
  Period exported;            // from the export time of the message before to the one after
};

class SequenceTracker {
 public:
  // One well-formed message that moves the count by `step`; nothing where that is not known, so that the next
  // number cannot be foretold. A malformed message is not shown here and so becomes a gap.
  void Message(const MessageHeader& header, std::optional<std::size_t> step);

  std::uint64_t lost() const { return lost_; }
  // A message that goes back in the count: late, sent twice, or the first after a restart. It does not lower
  // the figures above: a loss is never talked away.
  std::uint64_t late_messages() const { return late_messages_; }
  std::uint64_t restarts() const { return restarts_; }
  std::vector<SequenceGap> TakeGaps();

 private:
  struct State {
    std::optional<std::uint32_t> expected;
    std::optional<std::uint32_t> after_late;  // what would follow the late message
    Instant export_time;
  };
  void Lost(State* state, const MessageHeader& header, std::uint32_t records);

  std::map<std::uint32_t, State> domains_;
  std::vector<SequenceGap> gaps_;
  std::uint64_t lost_ = 0;
  std::uint64_t late_messages_ = 0;
  std::uint64_t restarts_ = 0;
};

}  // namespace probatio::decode
