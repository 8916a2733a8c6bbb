// The decoders of what is collected, by format: made for each exporter's session, while others go on.
#pragma once

#include <memory>
#include <string>

#include "decode/cut/file_decoder.h"

namespace probatio::cli {

struct CollectedKind {
  std::string format;        // input_formats.h, CarriedBy
  std::string mapping;       // file, of csv and jsonl; empty: none
  bool connections = false;  // each session is a connection of its own
};

// Do its instants carry UTC? Then the clock of an exporter is added afterwards, and its decoder knows none.
bool IsInUtc(const CollectedKind& kind);
// kInvalid where the mapping is none.
Result<std::unique_ptr<decode::Decoder>> MakeCollectedDecoder(const CollectedKind& kind,
                                                              const std::string& exporter,
                                                              const decode::SourceClock& clock);
// The same where nobody is there to tell: a mapping that has gone bad meanwhile refuses every piece.
std::unique_ptr<decode::Decoder> DecoderOrRefusal(const CollectedKind& kind, const std::string& exporter,
                                                  const decode::SourceClock& clock);
// How a file of this kind is read; without decoder.
Result<decode::FileDecoder::Parts> FilePartsOf(const CollectedKind& kind);

}  // namespace probatio::cli
