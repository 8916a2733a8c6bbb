// Erasure key files, outer layers and subject entries: what is accepted is written back octet for octet.
#include "keep/outer_layer.h"
#include "keep/subjects.h"

using namespace probatio;  // NOLINT(google-build-using-namespace)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(data, size);
  const auto file = keep::ParseErasureKeyFile(input);
  if (file.ok()) CHECK(keep::ErasureKeyFile(file.value().name, file.value().key) == ToBuffer(input));
  const auto name = keep::ParseErasureKeyName(AsText(input));
  if (name.ok()) CHECK(keep::IdOf(name.value()).text() == AsText(input));
  const auto outer = keep::OuterKeyOf(input);
  if (outer.ok()) CHECK(keep::ParseErasureKeyName(keep::IdOf(outer.value()).text()).value() == outer.value());
  const auto subject = keep::ParseSubjectEntry(input);
  if (subject.ok()) CHECK(keep::SubjectEntryBytes(subject.value()) == ToBuffer(input));
  return 0;
}
