// A stream of octets (TCP, TLS) cut into the pieces that decoders take. Pure; one Framing serves one
// connection and one thread.
#pragma once

#include "base/bytes.h"

namespace probatio::decode {

inline constexpr std::size_t kFrameBytesMax = 65'535;  // of one piece
// With so much at hand every framing gives a piece or an error: a reader never needs to keep more.
inline constexpr std::size_t kFramingBytesMax = kFrameBytesMax + 8;

struct Frame {
  Bytes piece;               // lies in what was given; empty where only filling was stepped over
  std::size_t consumed = 0;  // octets that are done with; 0: the piece is not whole yet
};

class Framing {
 public:
  virtual ~Framing() = default;
  // The first piece of what waits. kInvalid: nobody can say where the next piece begins, and the connection
  // is to be closed. The reasons are few and hold nothing of the input, so that they can be counted.
  virtual Result<Frame> Next(Bytes waiting) = 0;
};

}  // namespace probatio::decode
