// Quarantine files and their items: what is accepted is written back octet for octet, and a shape shows no
// letter but a and A, and no digit but 9.
#include "keep/quarantine_format.h"

using namespace probatio;  // NOLINT(google-build-using-namespace)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(data, size);
  const auto item = keep::ParseItem(input);
  if (item.ok()) CHECK(keep::ItemBytes(item.value()) == ToBuffer(input));
  const auto file = keep::ParseQuarantineFile(input);
  if (file.ok()) {
    CHECK(file.value().whole_bytes <= size);
    Buffer head = keep::HeadBytes(file.value().head);
    std::uint64_t bytes = head.size();
    for (const keep::QuarantineFrame& frame : file.value().frames) {
      CHECK(frame.offset == bytes);
      bytes += keep::kFrameHeaderBytes + frame.sealed.size();
    }
    CHECK(bytes == file.value().whole_bytes);
  }
  if (keep::MaskedShape(input).starts_with('(')) return 0;
  for (const char c : keep::MaskedShape(input)) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    CHECK(!letter || c == 'a' || c == 'A');
    CHECK(c < '0' || c > '8');
  }
  return 0;
}
