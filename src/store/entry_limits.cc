// The box's limits, in one place for all engines.
#include "store/entry_limits.h"

#include <fmt/format.h>

namespace probatio::store {

Status CheckEntries(std::span<const seal::BoxEntry> entries) {
  for (const seal::BoxEntry& entry : entries) {
    if (entry.key.empty()) return Invalid("box: empty key");
    if (entry.key.size() > seal::kBoxKeyBytesMax) {
      return Invalid(
          fmt::format("box: key of {} bytes, more than {}", entry.key.size(), seal::kBoxKeyBytesMax));
    }
    if (entry.value.size() > seal::kBoxValueBytesMax) {
      return Invalid(
          fmt::format("box: value of {} bytes, more than {}", entry.value.size(), seal::kBoxValueBytesMax));
    }
  }
  return Done{};
}

}  // namespace probatio::store
