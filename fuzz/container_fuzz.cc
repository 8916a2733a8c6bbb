// Any bytes as a container: read within the limits or refused with a reason; what is read and canonical is
// written again to the same bytes.
#include <cstddef>
#include <cstdint>

#include "evidence/asice.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace probatio;
  const Bytes file(data, size);
  const auto container = evidence::OpenContainer(file, {}, Instant());
  if (!container.ok()) {
    CHECK(!container.error().what().empty());
    return 0;
  }
  if (container.value().canonical) {
    const Buffer again = evidence::WriteContainer(container.value().members).value();
    CHECK(again == ToBuffer(file));
  }
  return 0;
}
