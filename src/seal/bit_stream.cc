#include "seal/bit_stream.h"

#include <fmt/format.h>

namespace probatio::seal {

Status BitReader::End() const {
  if (octets() != bytes_.size()) {
    return Invalid(fmt::format("{} octets of bits, not {}", bytes_.size(), octets()));
  }
  const unsigned used = position_ & 7U;
  if (used != 0 && bytes_.back() >> used != 0) return Invalid("unused bits are not zero");
  return Done{};
}

}  // namespace probatio::seal
