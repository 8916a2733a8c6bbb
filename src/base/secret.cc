#include "base/secret.h"

#include <cstring>

namespace probatio {

void Wipe(std::span<std::uint8_t> memory) {
  if (!memory.empty()) explicit_bzero(memory.data(), memory.size());
}

}  // namespace probatio
