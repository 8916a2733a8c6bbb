// Numbers in network order at a place that is known to have room: for what is written for every row.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace probatio::seal {

inline std::uint8_t Swapped(std::uint8_t value) {
  return value;
}
inline std::uint16_t Swapped(std::uint16_t value) {
  return __builtin_bswap16(value);
}
inline std::uint64_t Swapped(std::uint64_t value) {
  return __builtin_bswap64(value);
}

template <class T>
void PutBigEndian(T value, std::uint8_t* out) {
  if constexpr (std::endian::native == std::endian::little) value = Swapped(value);
  std::memcpy(out, &value, sizeof value);
}

}  // namespace probatio::seal
