#include "decode/flow/ipfix_writer.h"

#include <array>

#include "decode/flow/message.h"

namespace probatio::decode {
namespace {

constexpr std::size_t kSetHeaderSize = 4;
constexpr std::uint16_t kSessionTemplate = 256;
constexpr std::uint16_t kBlockTemplate = 257;

struct Field {
  std::uint16_t id;
  std::uint16_t length;
};
// RFC 8158, sections 4.6.4 and 4.6.11, without the destination that REQ-12 of RFC 6888 asks to leave out.
constexpr std::array<Field, 8> kSessionFields{{
    {323, 8},  // observationTimeMilliseconds
    {230, 1},  // natEvent
    {8, 4},    // sourceIPv4Address
    {225, 4},  // postNATSourceIPv4Address
    {4, 1},    // protocolIdentifier
    {7, 2},    // sourceTransportPort
    {227, 2},  // postNAPTSourceTransportPort
    {234, 4},  // ingressVRFID
}};
constexpr std::array<Field, 7> kBlockFields{{
    {323, 8},
    {230, 1},
    {8, 4},
    {225, 4},
    {361, 2},  // portRangeStart
    {362, 2},  // portRangeEnd
    {234, 4},
}};

template <std::size_t kSize>
void WriteTemplate(std::uint16_t id, const std::array<Field, kSize>& fields, ByteWriter* out) {
  out->U16(id);
  out->U16(static_cast<std::uint16_t>(fields.size()));
  for (const Field& field : fields) {
    out->U16(field.id);
    out->U16(field.length);
  }
}

Buffer TemplateSetBytes() {
  ByteWriter body;
  WriteTemplate(kSessionTemplate, kSessionFields, &body);
  WriteTemplate(kBlockTemplate, kBlockFields, &body);
  ByteWriter out;
  out.U16(2);  // a template set
  out.U16(static_cast<std::uint16_t>(kSetHeaderSize + body.bytes().size()));
  out.Raw(body.bytes());
  return out.Take();
}

bool IsSession(record::NatEventKind kind) {
  return kind == record::NatEventKind::kNat44SessionCreate ||
         kind == record::NatEventKind::kNat44SessionDelete;
}
bool IsBlock(record::NatEventKind kind) {
  return kind == record::NatEventKind::kPortBlockAllocate || kind == record::NatEventKind::kPortBlockRelease;
}

// The realm travels as a VRF number; a realm that is none cannot be written.
Result<std::uint32_t> Vrf(const record::NatEvent& event) {
  if (!event.inside_realm.has_value()) return std::uint32_t{0};
  std::uint64_t vrf = 0;
  for (const char digit : *event.inside_realm) {
    if (digit < '0' || digit > '9') return Invalid("ipfix writer: realm is no VRF number");
    vrf = vrf * 10 + static_cast<std::uint64_t>(digit - '0');
    if (vrf > UINT32_MAX) return Invalid("ipfix writer: VRF number above 32 bits");
  }
  return static_cast<std::uint32_t>(vrf);
}

Status CheckFields(const record::NatEvent& event) {
  const bool addresses = event.inside_ip.has_value() && event.inside_ip->is_v4() &&
                         event.public_ip.has_value() && event.public_ip->is_v4();
  if (!addresses) return Invalid("ipfix writer: inside and public IPv4 address are needed");
  const bool session =
      event.proto.has_value() && event.inside_port.has_value() && event.public_port.has_value();
  const bool block =
      event.port_first.has_value() && event.port_last.has_value() && !event.port_step.has_value();
  if (IsSession(event.event) && !session) return Invalid("ipfix writer: a session needs protocol and ports");
  if (IsBlock(event.event) && !block)
    return Invalid("ipfix writer: a block needs its first and last port, no step");
  if (event.origin.at.at.unix_ns() < 0) return Invalid("ipfix writer: time before 1970");
  return Done{};
}

}  // namespace

IpfixWriter::IpfixWriter(std::uint32_t domain, std::size_t message_bytes_max)
    : domain_(domain), message_bytes_max_(message_bytes_max) {
  CHECK(message_bytes_max >= 256 && message_bytes_max <= kFlowMessageBytesMax);
}

Status IpfixWriter::Add(const record::NatEvent& event) {
  const bool session = IsSession(event.event);
  if (!session && !IsBlock(event.event))
    return Invalid("ipfix writer: neither a NAT44 session nor a port block");
  TRY(CheckFields(event));
  const std::uint32_t vrf = TRY(Vrf(event));
  ByteWriter out;
  out.U64(static_cast<std::uint64_t>(event.origin.at.at.unix_ns() / kNsPerMs));
  out.U8(static_cast<std::uint8_t>(event.event));
  out.U32(event.inside_ip->v4());
  out.U32(event.public_ip->v4());
  if (session) {
    out.U8(*event.proto);
    out.U16(*event.inside_port);
    out.U16(*event.public_port);
  } else {
    out.U16(*event.port_first);
    out.U16(*event.port_last);
  }
  out.U32(vrf);
  records_.push_back({session ? kSessionTemplate : kBlockTemplate, out.Take()});
  return Done{};
}

Buffer IpfixWriter::NextMessage(Instant export_time) {
  if (empty()) return {};
  const std::uint32_t sequence = sequence_;
  ByteWriter body;
  if (!templates_sent_) body.Raw(TemplateSetBytes());
  templates_sent_ = true;
  WriteSets(message_bytes_max_ - kIpfixHeaderSize - body.bytes().size(), &body);

  ByteWriter out;
  out.U16(static_cast<std::uint16_t>(FlowVersion::kIpfix));
  out.U16(static_cast<std::uint16_t>(kIpfixHeaderSize + body.bytes().size()));
  out.U32(static_cast<std::uint32_t>(export_time.unix_ns() / kNsPerSecond));
  out.U32(sequence);
  out.U32(domain_);
  out.Raw(body.bytes());
  if (empty()) {
    records_.clear();
    next_ = 0;
  }
  return out.Take();
}

// One set for each run of records of one template, in the order they were added, while there is room.
void IpfixWriter::WriteSets(std::size_t room, ByteWriter* out) {
  while (next_ < records_.size() && room >= kSetHeaderSize + records_[next_].bytes.size()) {
    const std::uint16_t id = records_[next_].template_id;
    ByteWriter body;
    room -= kSetHeaderSize;
    while (next_ < records_.size() && records_[next_].template_id == id &&
           records_[next_].bytes.size() <= room) {
      body.Raw(records_[next_].bytes);
      room -= records_[next_].bytes.size();
      ++next_;
      ++sequence_;
    }
    out->U16(id);
    out->U16(static_cast<std::uint16_t>(kSetHeaderSize + body.bytes().size()));
    out->Raw(body.bytes());
  }
}

}  // namespace probatio::decode
