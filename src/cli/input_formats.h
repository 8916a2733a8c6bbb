// The formats of input: for each, how a file is cut, by which decoder its pieces are read, and how what is
// broken is told.
#pragma once

#include "cli/input.h"
#include "collect/sink.h"

namespace probatio::cli {

// The parts with which a file is read, but for who puts aside. `capture`: the file begins like a packet
// capture.
Result<decode::FileDecoder::Parts> PlainParts(const InputKind& kind, bool capture);

// What the records of a format are that can be collected; kUsage for another.
Result<collect::Carries> CarriedBy(const std::string& name);

// kUsage for an unknown format.
Status CheckFormat(const std::string& name);

}  // namespace probatio::cli
