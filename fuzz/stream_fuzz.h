// For fuzz targets of framings: a stream is cut into the same pieces however it arrives, never needs more at
// hand than the limit, and ends in one of few reasons.
#pragma once

#include "decode/stream/framing.h"

namespace probatio::fuzz {

struct Cut {
  std::vector<Buffer> pieces;
  std::string reason;
  bool operator==(const Cut&) const = default;
};

inline Cut CutStream(decode::Framing& framing, Bytes stream, std::size_t step) {
  Cut cut;
  Buffer waiting;
  while (!stream.empty()) {
    const Bytes now = stream.first(std::min(step, stream.size()));
    waiting.insert(waiting.end(), now.begin(), now.end());
    stream = stream.subspan(now.size());
    for (Bytes rest = waiting;;) {
      const Result<decode::Frame> frame = framing.Next(rest);
      if (!frame.ok()) {
        CHECK(frame.error().code() == ErrorCode::kInvalid);
        cut.reason = frame.error().what();
        return cut;
      }
      const auto& [piece, consumed] = frame.value();
      CHECK(consumed <= rest.size() && piece.size() <= consumed && piece.size() <= decode::kFrameBytesMax);
      if (consumed == 0) {
        CHECK(rest.size() < decode::kFramingBytesMax);
        waiting = ToBuffer(rest);
        break;
      }
      if (!piece.empty()) cut.pieces.push_back(ToBuffer(piece));
      rest = rest.subspan(consumed);
    }
  }
  return cut;
}

}  // namespace probatio::fuzz
