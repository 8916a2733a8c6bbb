#include "seal/nat_line.h"

#include <fmt/format.h>

#include <algorithm>

#include "seal/varint.h"

namespace probatio::seal {
namespace {

// The narrowest column over the line of this slope.
LineColumn Fit(std::span<const TimedNumber> numbers, std::uint64_t slope) {
  LineColumn line{.base = 0, .slope = slope, .width = 0};
  const std::uint64_t first = numbers.front().number - line.At(numbers.front().time);
  std::int64_t lowest = 0;
  std::int64_t highest = 0;
  for (const TimedNumber& value : numbers) {
    const auto off = static_cast<std::int64_t>(value.number - line.At(value.time) - first);
    lowest = std::min(lowest, off);
    highest = std::max(highest, off);
  }
  line.base = first + static_cast<std::uint64_t>(lowest);
  line.width = static_cast<unsigned>(
      std::bit_width(static_cast<std::uint64_t>(highest) - static_cast<std::uint64_t>(lowest)));
  return line;
}

// The slope from the earliest number to the latest; 0 where they do not rise.
std::uint64_t SlopeOf(std::span<const TimedNumber> numbers) {
  const auto earlier = [](const TimedNumber& one, const TimedNumber& other) {
    return static_cast<std::int64_t>(one.time) < static_cast<std::int64_t>(other.time);
  };
  const TimedNumber first = *std::min_element(numbers.begin(), numbers.end(), earlier);
  const TimedNumber last = *std::max_element(numbers.begin(), numbers.end(), earlier);
  if (first.time == last.time || first.number >= last.number) return 0;
  __extension__ using Wide = unsigned __int128;
  const Wide slope = (static_cast<Wide>(last.number - first.number) << 32) / (last.time - first.time);
  return slope > UINT64_MAX ? 0 : static_cast<std::uint64_t>(slope);
}

}  // namespace

LineColumn FitLine(std::span<const TimedNumber> numbers) {
  const LineColumn level = Fit(numbers, 0);
  const std::uint64_t slope = SlopeOf(numbers);
  if (slope == 0) return level;
  const LineColumn line = Fit(numbers, slope);
  return line.width < level.width ? line : level;
}

void WriteLine(const LineColumn& line, ByteWriter* out) {
  WriteVarint(line.base, out);
  WriteVarint(line.slope, out);
  out->U8(static_cast<std::uint8_t>(line.width));
}

Result<LineColumn> ReadLine(ByteReader* in) {
  LineColumn line;
  line.base = TRY(ReadVarint(in));
  line.slope = TRY(ReadVarint(in));
  line.width = TRY(in->U8());
  if (line.width > 64) return Invalid(fmt::format("numbers of {} bits", line.width));
  return line;
}

}  // namespace probatio::seal
