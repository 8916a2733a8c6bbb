// Walks one IPFIX message or NetFlow 9 packet: learns its templates and hands on each data record as octets.
// The layer below the NAT events, for whoever wants every element. Pure; one session serves one exporter and
// one thread.
#pragma once

#include <functional>
#include <optional>
#include <span>

#include "decode/flow/pending_sets.h"
#include "decode/flow/template_table.h"

namespace probatio::decode {

// Over datagrams a withdrawal must be ignored (RFC 7011, section 8.4); on TCP and TLS it holds (section 8.1).
enum class Transport : std::uint8_t { kDatagrams, kStream };

// What one exporter has told so far.
struct FlowSession {
  Transport transport = Transport::kDatagrams;
  TemplateTable templates;
  PendingSets pending;  // data that came before its template
};

struct DataRecord {
  const MessageHeader& header;  // of the message that carried it
  const TemplatePtr& record_template;
  std::span<const Bytes> values;  // one for each field of the template; views into the message
  std::optional<std::uint32_t>
      sequence;  // its place in the exporter's count; absent after a set we could not read
};

// All records of one set, for whoever reads octets faster than fields. `body` holds them and then padding;
// only of a template of fixed length does it say how many they are.
struct DataRecords {
  const MessageHeader& header;
  const TemplatePtr& record_template;
  Bytes body;
  std::optional<std::uint32_t> sequence;  // of the first
};

class DataVisitor {
 public:
  virtual ~DataVisitor() = default;
  virtual void OnRecord(const DataRecord& data) = 0;
  // True: they were all taken, and their template is of fixed length. Else they come one by one.
  virtual bool OnRecords(const DataRecords& /*data*/) { return false; }
};

struct MessageWalk {
  MessageHeader header;
  std::size_t templates = 0;
  std::size_t options_templates = 0;
  std::size_t withdrawals = 0;  // heeded
  std::size_t withdrawals_ignored = 0;
  std::size_t templates_refused = 0;  // a limit of the table was reached
  std::size_t data_records = 0;
  std::size_t options_records = 0;        // data records of options templates
  std::size_t sets_without_template = 0;  // data sets whose template is not known, or names no octet
  std::size_t sets_read_late = 0;         // of earlier messages, whose template this message brought
  std::size_t sets_broken_late = 0;       // the same, but their octets did not fit the template
  std::size_t sets_reserved = 0;          // set ids that mean nothing: stepped over
  std::size_t trailing_octets = 0;        // beyond the length that the header states

  // Data and options records of this message's own sets.
  std::size_t own_records = 0;
};

// kInvalid for a malformed message, which RFC 7011 section 9.1 says to discard whole: the session is then
// unchanged, and the caller drops what the visitor was given. It is shown data and options records, in order:
// first those of this message, then those that waited for its templates.
Result<MessageWalk> WalkMessage(Bytes message, FlowSession* session, DataVisitor* visitor);
Result<MessageWalk> WalkMessage(Bytes message, FlowSession* session,
                                const std::function<void(const DataRecord&)>& visit);
// True when the sequence numbers of this version count data records; else they count messages.
inline bool CountsRecords(FlowVersion version) {
  return version == FlowVersion::kIpfix;
}

}  // namespace probatio::decode
