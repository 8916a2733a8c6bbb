// For the readers of input formats: the file as one is given it, and what several of them count.
#pragma once

#include "base/bytes.h"
#include "cli/input.h"
#include "decode/capture/pcap_file.h"

namespace probatio::cli {

struct InputFile {
  Bytes bytes;
  const std::string& path;
  const InputKind& kind;
};

void CountCapture(const decode::PcapCounts& capture, Input* input);

}  // namespace probatio::cli
