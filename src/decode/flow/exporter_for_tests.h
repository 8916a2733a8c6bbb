// One exporter and its decoder, for *_test.cc only: sends messages and remembers everything that came out.
#pragma once

#include <string>
#include <vector>

#include "decode/flow/flow_decoder.h"
#include "decode/flow/message_for_tests.h"

namespace probatio::decode {

struct Exporter {
  FlowDecoder decoder{"cgn-1.example"};

  Exporter() = default;
  explicit Exporter(Transport transport) : decoder("cgn-1.example", transport) {}
  std::vector<record::Record> records;

  std::string Send(const Buffer& message) {
    const Status decoded = decoder.Decode({message, {}, {}, 0}, &records);
    return decoded.ok() ? "ok" : decoded.error().what();
  }
  const record::NatEvent& event(std::size_t i = 0) const { return std::get<record::NatEvent>(records.at(i)); }
  const FlowCounts& counts() const { return decoder.flow_counts(); }
};

// time, event, inside and public address, protocol, ports: RFC 8158, section 4.6.4.
inline Buffer SessionTemplate(std::uint16_t id = 256) {
  return TemplateBytes(id, {{323, 8}, {230, 1}, {8, 4}, {225, 4}, {4, 1}, {7, 2}, {227, 2}});
}
inline constexpr const char* kSessionHex =
    "00000192ae23edf2"
    "04"
    "0a000001"
    "cb007107"
    "06"
    "9c40"
    "c822";

}  // namespace probatio::decode
