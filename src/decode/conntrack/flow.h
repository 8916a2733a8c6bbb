// One line of conntrack(8), as text or XML: an entry of the kernel's connection table, or a change of one.
// The destination of the original direction is not kept: who was spoken to is nobody's business here. Pure;
// thread-safe.
#pragma once

#include <optional>
#include <string_view>

#include "decode/time/civil_time.h"
#include "record/record.h"

namespace probatio::decode {

struct ConntrackFlow {
  enum class Event : std::uint8_t { kNew, kUpdate, kDestroy, kListed };

  Event event = Event::kListed;
  std::uint8_t proto = 0;
  IpAddress inside_ip;                       // source of the original direction
  std::optional<std::uint16_t> inside_port;  // of ICMP: the query's id (RFC 5508)
  IpAddress public_ip;                       // destination of the reply direction
  std::optional<std::uint16_t> public_port;
  std::optional<std::uint16_t> zone;   // of overlapping inside ranges
  std::optional<std::uint32_t> age_s;  // delta-time: whole seconds since it began
  std::optional<EpochTime> stamped;    // -o timestamp
  std::optional<CivilTime> when;       // of XML: local to the machine
};

// kInvalid says what is missing or wrong.
Result<ConntrackFlow> ReadTextFlow(std::string_view line);
Result<ConntrackFlow> ReadXmlFlow(std::string_view line);

}  // namespace probatio::decode
