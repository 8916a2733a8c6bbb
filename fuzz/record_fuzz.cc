// Canonical bytes: what is read is what would be written, octet for octet (docs/formats/record.md).
#include "record/canonical.h"

using namespace probatio;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  const Result<record::Record> whole = record::ParseRecordBytes(bytes);
  if (whole.ok()) {
    CHECK(record::RecordBytes(whole.value()) == ToBuffer(bytes));
    CHECK(record::CheckRecord(whole.value()).ok());
  }
  const Result<record::Record> face = record::ParseFaceBytes(bytes);
  if (face.ok()) {
    CHECK(record::FaceBytes(face.value(), static_cast<record::Face>(bytes[1])) == ToBuffer(bytes));
  }
  return 0;
}
