// IPFIX and NetFlow 9 octets by hand, for *_test.cc only: unlike IpfixWriter this also writes what no
// exporter should.
#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>

#include "decode/flow/message.h"

namespace probatio::decode {

inline constexpr std::uint32_t kTestExportTime = 1'729'498'500;  // 2024-10-21T08:15:00Z

inline Buffer SetBytes(std::uint16_t id, const Buffer& body) {
  ByteWriter out;
  out.U16(id);
  out.U16(static_cast<std::uint16_t>(4 + body.size()));
  out.Raw(body);
  return out.Take();
}

// A template record of IANA elements.
inline Buffer TemplateBytes(std::uint16_t id, const std::vector<std::pair<int, int>>& fields) {
  ByteWriter out;
  out.U16(id);
  out.U16(static_cast<std::uint16_t>(fields.size()));
  for (const auto& [element, length] : fields) {
    out.U16(static_cast<std::uint16_t>(element));
    out.U16(static_cast<std::uint16_t>(length));
  }
  return out.Take();
}

inline Buffer MessageBytes(const std::vector<Buffer>& sets, std::uint32_t sequence = 0,
                           std::uint32_t domain = 1, std::uint32_t export_time = kTestExportTime) {
  ByteWriter body;
  for (const Buffer& set : sets) body.Raw(set);
  ByteWriter out;
  out.U16(static_cast<std::uint16_t>(FlowVersion::kIpfix));
  out.U16(static_cast<std::uint16_t>(kIpfixHeaderSize + body.bytes().size()));
  out.U32(export_time);
  out.U32(sequence);
  out.U32(domain);
  out.Raw(body.bytes());
  return out.Take();
}

// A NetFlow 9 packet; the count of records in its header is not looked at by anybody.
inline Buffer PacketBytes(const std::vector<Buffer>& sets, std::uint32_t sequence = 0,
                          std::uint32_t uptime_ms = 600'000, std::uint32_t export_time = kTestExportTime) {
  ByteWriter out;
  out.U16(static_cast<std::uint16_t>(FlowVersion::kNetflow9));
  out.U16(1);
  out.U32(uptime_ms);
  out.U32(export_time);
  out.U32(sequence);
  out.U32(1);  // source id
  for (const Buffer& set : sets) out.Raw(set);
  return out.Take();
}

inline Buffer Hex(std::string_view text) {
  return FromHex(text).value();
}

}  // namespace probatio::decode
