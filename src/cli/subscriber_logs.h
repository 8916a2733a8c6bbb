// The formats that say who had an inside address, or how addresses are shared: radius-detail, radius-pcap,
// dhcp-isc, dhcp-kea, dhcp-log, sharing-rules. Each file is cut into the pieces that its decoder takes
// (decode/decoder.h).
#pragma once

#include "cli/input_file.h"

namespace probatio::cli {

// One for each format; a broken piece does not stop the others. kInvalid when nothing of the file could be
// read.
Status ReadRadiusDetail(const InputFile& file, Input* input);
Status ReadRadiusCapture(const InputFile& file, Input* input);
Status ReadIscLeases(const InputFile& file, Input* input);
Status ReadKeaLeases(const InputFile& file, Input* input);
Status ReadDhcpLog(const InputFile& file, Input* input);
Status ReadSharingRules(const InputFile& file, Input* input);

}  // namespace probatio::cli
