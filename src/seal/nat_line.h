// A column of numbers that follow time, as sequence numbers do: a straight line, and what is left after it in
// one width for all (docs/formats/block.md, layout 2). Used by the NAT codec only. Pure; thread-safe.
#pragma once

#include "seal/bit_stream.h"

namespace probatio::seal {

struct LineColumn {
  std::uint64_t base = 0;
  std::uint64_t slope = 0;  // per unit of time, in 2^-32
  unsigned width = 0;       // of number - At(time), modulo 2^64

  // `time` in units from the block's first end; negative in two's complement. Rounds down.
  std::uint64_t At(std::uint64_t time) const {
    __extension__ using Wide = __int128;
    const Wide product = static_cast<Wide>(slope) * static_cast<std::int64_t>(time);
    return base + static_cast<std::uint64_t>(product >> 32);
  }
};

struct TimedNumber {
  std::uint64_t time = 0;
  std::uint64_t number = 0;
};
// The level line, or that from the earliest number to the latest where its column is narrower. Not empty.
LineColumn FitLine(std::span<const TimedNumber> numbers);

void WriteLine(const LineColumn& line, ByteWriter* out);
Result<LineColumn> ReadLine(ByteReader* in);

}  // namespace probatio::seal
