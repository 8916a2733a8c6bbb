// Which information elements (IANA "IPFIX Information Elements"; RFC 8158, section 4.2) say what about a NAT
// event. One table, so that a reader can check it against the registry line by line.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace probatio::decode {

// What an element says. The order within a group is the order of preference.
enum class NatElement : std::uint8_t {
  kInsideIpv4,
  kInsideIpv6,
  kInsidePort,
  kProtocol,
  kPublicIpv4,
  kPublicIpv6,
  kPublicPort,
  kPostDestination,  // tells a translated flow from an ordinary one; not kept
  kNatEvent,
  kPortFirst,
  kPortLast,
  kPortStep,
  kPortCount,
  kRealm,
  kVrf,
  kSubscriber,
  kObservationMs,
  kObservationUs,
  kObservationNs,
  kObservationSeconds,
  kStartNs,
  kStartUs,
  kStartMs,
  kStartSeconds,
  kEndNs,
  kEndUs,
  kEndMs,
  kEndSeconds,
  kStartUptime,
  kEndUptime,
  kSystemInitMs,
};
inline constexpr std::size_t kNatElementCount = static_cast<std::size_t>(NatElement::kSystemInitMs) + 1;

// How its octets are read. Unsigned numbers may come in fewer octets than `length_max` (RFC 7011,
// section 6.2); addresses and times may not.
enum class NatValue : std::uint8_t { kUnsigned, kAddress, kMilliseconds, kSeconds, kNtp, kText };

struct NatElementRow {
  std::uint16_t id;
  NatElement element;
  NatValue value;
  std::uint16_t length_max;
  bool is_nat;  // a record without any such element is an ordinary flow
  std::string_view name;
};

inline constexpr std::array<NatElementRow, kNatElementCount + 2> kNatElements{{
    {4, NatElement::kProtocol, NatValue::kUnsigned, 1, false, "protocolIdentifier"},
    {7, NatElement::kInsidePort, NatValue::kUnsigned, 2, false, "sourceTransportPort"},
    {8, NatElement::kInsideIpv4, NatValue::kAddress, 4, false, "sourceIPv4Address"},
    {21, NatElement::kEndUptime, NatValue::kUnsigned, 4, false, "flowEndSysUpTime"},
    {22, NatElement::kStartUptime, NatValue::kUnsigned, 4, false, "flowStartSysUpTime"},
    {27, NatElement::kInsideIpv6, NatValue::kAddress, 16, false, "sourceIPv6Address"},
    {150, NatElement::kStartSeconds, NatValue::kSeconds, 4, false, "flowStartSeconds"},
    {151, NatElement::kEndSeconds, NatValue::kSeconds, 4, false, "flowEndSeconds"},
    {152, NatElement::kStartMs, NatValue::kMilliseconds, 8, false, "flowStartMilliseconds"},
    {153, NatElement::kEndMs, NatValue::kMilliseconds, 8, false, "flowEndMilliseconds"},
    {154, NatElement::kStartUs, NatValue::kNtp, 8, false, "flowStartMicroseconds"},
    {155, NatElement::kEndUs, NatValue::kNtp, 8, false, "flowEndMicroseconds"},
    {156, NatElement::kStartNs, NatValue::kNtp, 8, false, "flowStartNanoseconds"},
    {157, NatElement::kEndNs, NatValue::kNtp, 8, false, "flowEndNanoseconds"},
    {160, NatElement::kSystemInitMs, NatValue::kMilliseconds, 8, false, "systemInitTimeMilliseconds"},
    {225, NatElement::kPublicIpv4, NatValue::kAddress, 4, true, "postNATSourceIPv4Address"},
    {226, NatElement::kPostDestination, NatValue::kAddress, 4, true, "postNATDestinationIPv4Address"},
    {227, NatElement::kPublicPort, NatValue::kUnsigned, 2, true, "postNAPTSourceTransportPort"},
    {228, NatElement::kPostDestination, NatValue::kUnsigned, 2, true, "postNAPTDestinationTransportPort"},
    {230, NatElement::kNatEvent, NatValue::kUnsigned, 1, true, "natEvent"},
    {234, NatElement::kVrf, NatValue::kUnsigned, 4, false, "ingressVRFID"},
    {281, NatElement::kPublicIpv6, NatValue::kAddress, 16, true, "postNATSourceIPv6Address"},
    {282, NatElement::kPostDestination, NatValue::kAddress, 16, true, "postNATDestinationIPv6Address"},
    {322, NatElement::kObservationSeconds, NatValue::kSeconds, 4, false, "observationTimeSeconds"},
    {323, NatElement::kObservationMs, NatValue::kMilliseconds, 8, false, "observationTimeMilliseconds"},
    {324, NatElement::kObservationUs, NatValue::kNtp, 8, false, "observationTimeMicroseconds"},
    {325, NatElement::kObservationNs, NatValue::kNtp, 8, false, "observationTimeNanoseconds"},
    {361, NatElement::kPortFirst, NatValue::kUnsigned, 2, true, "portRangeStart"},
    {362, NatElement::kPortLast, NatValue::kUnsigned, 2, true, "portRangeEnd"},
    {363, NatElement::kPortStep, NatValue::kUnsigned, 2, true, "portRangeStepSize"},
    {364, NatElement::kPortCount, NatValue::kUnsigned, 2, true, "portRangeNumPorts"},
    {371, NatElement::kSubscriber, NatValue::kText, 65'535, false, "userName"},
    {464, NatElement::kRealm, NatValue::kText, 65'535, false, "internalAddressRealm"},
}};

// Null for an element that says nothing here.
constexpr const NatElementRow* FindNatElement(std::uint16_t id) {
  for (const NatElementRow& row : kNatElements) {
    if (row.id == id) return &row;
  }
  return nullptr;
}

}  // namespace probatio::decode
