// Which information elements (IANA "IPFIX Information Elements"; RFC 8158, section 4.2) say what about
// address translation. One table, so that a reader can check it against the registry line by line.
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
  // Destinations tell a translated flow from an ordinary one, and where a flow came in from outside they are
  // the subscriber's side. Otherwise they are not kept.
  kDestinationIpv4,
  kDestinationIpv6,
  kDestinationPort,
  kPostDestinationIpv4,
  kPostDestinationIpv6,
  kPostDestinationPort,
  kNatEvent,
  kFirewallEvent,
  kOriginatingRealm,
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
  bool is_nat;  // a record without any such element says nothing about translation
  std::string_view name;
};

inline constexpr std::array<NatElementRow, kNatElementCount + 5> kNatElements{{
    {4, NatElement::kProtocol, NatValue::kUnsigned, 1, false, "protocolIdentifier"},
    {7, NatElement::kInsidePort, NatValue::kUnsigned, 2, false, "sourceTransportPort"},
    {8, NatElement::kInsideIpv4, NatValue::kAddress, 4, false, "sourceIPv4Address"},
    {11, NatElement::kDestinationPort, NatValue::kUnsigned, 2, false, "destinationTransportPort"},
    {12, NatElement::kDestinationIpv4, NatValue::kAddress, 4, false, "destinationIPv4Address"},
    {21, NatElement::kEndUptime, NatValue::kUnsigned, 4, false, "flowEndSysUpTime"},
    {22, NatElement::kStartUptime, NatValue::kUnsigned, 4, false, "flowStartSysUpTime"},
    {27, NatElement::kInsideIpv6, NatValue::kAddress, 16, false, "sourceIPv6Address"},
    {28, NatElement::kDestinationIpv6, NatValue::kAddress, 16, false, "destinationIPv6Address"},
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
    {226, NatElement::kPostDestinationIpv4, NatValue::kAddress, 4, true, "postNATDestinationIPv4Address"},
    {227, NatElement::kPublicPort, NatValue::kUnsigned, 2, true, "postNAPTSourceTransportPort"},
    {228, NatElement::kPostDestinationPort, NatValue::kUnsigned, 2, true, "postNAPTDestinationTransportPort"},
    {229, NatElement::kOriginatingRealm, NatValue::kUnsigned, 1, false, "natOriginatingAddressRealm"},
    {230, NatElement::kNatEvent, NatValue::kUnsigned, 1, true, "natEvent"},
    {233, NatElement::kFirewallEvent, NatValue::kUnsigned, 1, false, "firewallEvent"},
    {234, NatElement::kVrf, NatValue::kUnsigned, 4, false, "ingressVRFID"},
    {281, NatElement::kPublicIpv6, NatValue::kAddress, 16, true, "postNATSourceIPv6Address"},
    {282, NatElement::kPostDestinationIpv6, NatValue::kAddress, 16, true, "postNATDestinationIPv6Address"},
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
    // Cisco ASA, NetFlow Secure Event Logging before it took the registry's elements. NetFlow 9 only: IPFIX
    // has no element of the registry above 32767.
    {40001, NatElement::kPublicIpv4, NatValue::kAddress, 4, true, "NF_F_XLATE_SRC_ADDR_IPV4"},
    {40002, NatElement::kPostDestinationIpv4, NatValue::kAddress, 4, true, "NF_F_XLATE_DST_ADDR_IPV4"},
    {40003, NatElement::kPublicPort, NatValue::kUnsigned, 2, true, "NF_F_XLATE_SRC_PORT"},
    {40004, NatElement::kPostDestinationPort, NatValue::kUnsigned, 2, true, "NF_F_XLATE_DST_PORT"},
    {40005, NatElement::kFirewallEvent, NatValue::kUnsigned, 1, false, "NF_F_FW_EVENT"},
}};

// Null for an element that says nothing here.
constexpr const NatElementRow* FindNatElement(std::uint16_t id) {
  for (const NatElementRow& row : kNatElements) {
    if (row.id == id) return &row;
  }
  return nullptr;
}

}  // namespace probatio::decode
