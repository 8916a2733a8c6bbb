// The head of a syslog message: RFC 5424, RFC 3164, and what vendors and log files make of them. A head says
// when a message was made, by whom, and where its text begins; everything else in it is stepped over. Pure;
// thread-safe.
#pragma once

#include <optional>
#include <string_view>

#include "decode/time/civil_time.h"

namespace probatio::decode {

struct SyslogHeader {
  std::optional<CivilTime> time;  // none: the message begins at once, or says "-"
  std::string_view host;          // empty: not said
  std::string_view text;          // the rest: tag, structured data and message
};

// Never refuses: what is no head belongs to the text.
SyslogHeader ReadSyslogHeader(std::string_view line);

}  // namespace probatio::decode
