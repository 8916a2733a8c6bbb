// Any bytes as a hold's file are refused, or are cut into four sections that fit in them; also when their
// last digest is right. Any bytes as a section's content are refused, or are read the same again.
#include <algorithm>

#include "custody/held_file.h"
#include "custody/held_rows.h"

namespace {

using namespace probatio;  // NOLINT(google-build-using-namespace)

void TryFile(Bytes file) {
  const Result<custody::HeldFile> held = custody::ParseHeld(file, OrderId::Parse("example-1").value());
  if (!held.ok()) return;
  std::size_t size = 0;
  for (const custody::HeldSection& section : held.value().sections) {
    size += section.wrapped.size() + section.chunks.size();
    static_cast<void>(custody::OpenHeldSection(held.value(), section.record_class, Key()));
  }
  CHECK(held.value().sections.size() == 4 && size < file.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(data, size);
  TryFile(input);
  Buffer with_digest = ToBuffer(input);
  const crypto::Digest digest = crypto::Sha256(input);
  with_digest.insert(with_digest.end(), digest.begin(), digest.end());
  TryFile(with_digest);
  const auto reads = custody::HeldReadsFromJson(AsText(input));
  if (!reads.ok()) return 0;
  const std::string text = custody::HeldReadsToJson(reads.value()).value();
  CHECK(custody::HeldReadsToJson(custody::HeldReadsFromJson(text).value()).value() == text);
  return 0;
}
