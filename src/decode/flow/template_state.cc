#include "decode/flow/template_state.h"

#include "decode/flow/message_file.h"

namespace probatio::decode {
namespace {

constexpr std::uint16_t kEnterpriseBit = 0x8000;
constexpr std::size_t kFieldSpecifierSize = 4;

// RFC 7011, section 3.4; RFC 3954, sections 5.2 and 6.1. How many fields are a scope does not matter to a
// reader of data, so one is called that.
void WriteTemplate(const Template& record, FlowVersion version, ByteWriter* out) {
  const auto count = static_cast<std::uint16_t>(record.fields.size());
  out->U16(record.id);
  if (version == FlowVersion::kIpfix) {
    out->U16(count);
    if (record.options) out->U16(1);
  } else if (record.options) {
    out->U16(0);
    out->U16(static_cast<std::uint16_t>(count * kFieldSpecifierSize));
  } else {
    out->U16(count);
  }
  for (const FieldSpecifier& field : record.fields) {
    out->U16(field.enterprise == 0 ? field.id : field.id | kEnterpriseBit);
    out->U16(field.length);
    if (field.enterprise != 0) out->U32(field.enterprise);
  }
}

// One message with one template: kFieldsPerTemplateMax keeps it below the limit of a message.
void WriteMessage(std::uint32_t domain, const Template& record, FlowVersion version, Instant now,
                  ByteWriter* out) {
  const auto seconds = static_cast<std::uint32_t>(now.unix_ns() / kNsPerSecond);
  ByteWriter body;
  WriteTemplate(record, version, &body);
  const bool ipfix = version == FlowVersion::kIpfix;
  const std::size_t set_size = 4 + body.bytes().size();
  out->U16(static_cast<std::uint16_t>(version));
  out->U16(ipfix ? static_cast<std::uint16_t>(kIpfixHeaderSize + set_size) : std::uint16_t{1});
  if (!ipfix) out->U32(0);
  out->U32(seconds);
  out->U32(0);
  out->U32(domain);
  out->U16(static_cast<std::uint16_t>((ipfix ? 2 : 0) + (record.options ? 1 : 0)));
  out->U16(static_cast<std::uint16_t>(set_size));
  out->Raw(body.bytes());
}

}  // namespace

Buffer WriteTemplates(const TemplateTable& templates, FlowVersion version, Instant now) {
  ByteWriter out;
  for (const auto& [key, record] : templates.all()) WriteMessage(key.first, *record, version, now, &out);
  return out.Take();
}

Status RestoreTemplates(Bytes messages, FlowSession* session) {
  const MessageSplit split = SplitMessages(messages);
  if (split.error.has_value()) return *split.error;
  for (const Bytes message : split.messages) {
    const MessageHeader header = TRY(ReadMessageHeader(message));
    const std::vector<Set> sets = TRY(ReadSets(message, header));
    for (const Set& set : sets) {
      if (set.kind == SetKind::kData) return Invalid("templates of an earlier run: data among them");
    }
    TRY(WalkMessage(message, session, [](const DataRecord&) {}));
  }
  return Done{};
}

}  // namespace probatio::decode
