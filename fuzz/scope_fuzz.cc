// Any bytes as a scope: whatever is accepted is written back byte for byte, for signatures are over bytes.
#include <cstddef>
#include <cstdint>

#include "order/scope.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace probatio;
  const std::string_view text = AsText({data, size});
  const auto scope = order::ScopeFromJson(text);
  if (scope.ok()) {
    CHECK(order::ScopeToJson(scope.value()) == text);
  }
  const auto event = order::EventFromJson(text);
  if (event.ok()) {
    const std::string written = order::EventToJson(event.value());
    CHECK(order::EventToJson(order::EventFromJson(written).value()) == written);
  }
  return 0;
}
