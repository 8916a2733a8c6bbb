// The formats that say who had an inside address, or how addresses are shared: radius-detail, radius-pcap,
// dhcp-isc, dhcp-kea, dhcp-log, sharing-rules. Each file is cut into the pieces that its decoder takes
// (decode/decoder.h).
#pragma once

#include "base/bytes.h"
#include "cli/input.h"

namespace probatio::cli {

bool IsSubscriberLog(const std::string& format);

// `secrets`: the file of shared secrets for radius-pcap; empty: packets are not checked. kInvalid when
// nothing of the file could be read.
Status ReadSubscriberLog(const std::string& format, Bytes file, const std::string& path,
                         const std::string& exporter, const decode::SourceClock& clock,
                         const std::string& secrets, Input* input);

}  // namespace probatio::cli
