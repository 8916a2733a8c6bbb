// The vendors whose lines are read, as tables: a new one is some rows here and their tests. Where each form
// is described stands in docs/formats/syslog.md. Pure; thread-safe.
#pragma once

#include <span>
#include <vector>

#include "decode/syslog/line_pattern.h"

namespace probatio::decode {

// What a line of a form tells.
enum class Told : std::uint8_t {
  kNothing,  // a line of this vendor that says nothing about who held what: counted
  kSessionBegins,
  kSessionEnds,
  kMappingBegins,  // of an inside address and port, whatever the destination (BIB, RFC 8158 section 4.3)
  kMappingEnds,
  kBlockBegins,
  kBlockEnds,
  kAddressBegins,
  kAddressEnds,
  kPortsExhausted,
};

struct LogForm {
  Told told;
  LinePattern pattern;
};

struct Vendor {
  std::string_view name;  // in counts and messages
  std::string_view
      mark;         // a line that has it is of this vendor; a rare first character makes it cheap to find
  bool from_start;  // patterns begin where the text does, not at the mark
  bool many;        // one message may hold several records, each in [ ]
  std::vector<LogForm> forms;  // tried in this order
};

// A line belongs to the first whose mark it has.
std::span<const Vendor> Vendors();

}  // namespace probatio::decode
