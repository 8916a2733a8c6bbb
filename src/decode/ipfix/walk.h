// Walks one IPFIX message: learns its templates and hands on each data record as octets. The layer below the
// NAT events, for whoever wants every element. Pure; one table serves one exporter and one thread.
#pragma once

#include <functional>
#include <optional>
#include <span>

#include "decode/ipfix/template_table.h"

namespace probatio::decode {

struct DataRecord {
  const MessageHeader& header;
  const TemplatePtr& record_template;
  std::span<const Bytes> values;  // one for each field of the template; views into the message
  std::optional<std::uint32_t>
      sequence;  // its place in the exporter's count; absent after a set we could not read
};

struct MessageWalk {
  MessageHeader header;
  std::size_t templates = 0;
  std::size_t options_templates = 0;
  std::size_t withdrawals_ignored = 0;
  std::size_t templates_refused = 0;  // a limit of the table was reached
  std::size_t data_records = 0;
  std::size_t options_records = 0;        // data records of options templates
  std::size_t sets_without_template = 0;  // data sets whose template is not known, or names no octet
  std::size_t sets_reserved = 0;          // set ids 0, 1 and 4 to 255: stepped over
  std::size_t trailing_octets = 0;        // beyond the length that the header states
};

// kInvalid for a malformed message, which RFC 7011 section 9.1 says to discard whole: the table is then
// unchanged, and the caller drops what `visit` was given. `visit` is called for data and options records, in
// order.
Result<MessageWalk> WalkMessage(Bytes message, TemplateTable* table,
                                const std::function<void(const DataRecord&)>& visit);

}  // namespace probatio::decode
