// Writes NAT events as IPFIX messages (RFC 7011, RFC 8158): template set, data sets, sequence numbers. For
// the demonstration, the benchmarks and the tests of the reader; no exporter of anyone's network. Not
// thread-safe.
#pragma once

#include "base/bytes.h"
#include "record/record.h"

namespace probatio::decode {

inline constexpr std::size_t kWrittenMessageBytesMax = 1'400;  // fits an Ethernet frame; the least is 256

class IpfixWriter {
 public:
  explicit IpfixWriter(std::uint32_t domain, std::size_t message_bytes_max = kWrittenMessageBytesMax);

  // Adds one event: a NAT44 session create or delete, or a port-block allocation or release, with IPv4
  // addresses. The event's time goes into observationTimeMilliseconds. kInvalid for another event or a
  // missing field (an absent protocol is no fault in a block).
  Status Add(const record::NatEvent& event);

  // The message of what was added since the last call, cut at the size limit; empty when nothing is left. The
  // first one, and each after RepeatTemplates, begins with the templates.
  Buffer NextMessage(Instant export_time);

  // UDP exporters must send their templates again from time to time (RFC 7011, section 8.4).
  void RepeatTemplates() { templates_sent_ = false; }

  std::uint32_t sequence() const { return sequence_; }  // of the next message
  bool empty() const { return next_ == records_.size(); }

 private:
  struct Encoded {
    std::uint16_t template_id;
    Buffer bytes;
  };
  void WriteSets(std::size_t room, ByteWriter* out);

  std::uint32_t domain_;
  std::size_t message_bytes_max_;
  std::uint32_t sequence_ = 0;
  bool templates_sent_ = false;
  std::vector<Encoded> records_;
  std::size_t next_ = 0;  // the first of records_ not yet written
};

}  // namespace probatio::decode
