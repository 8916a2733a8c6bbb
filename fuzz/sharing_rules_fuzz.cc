// Address-sharing rules: a rule that is read is whole, and prints as a line that reads as the same rule.
#include "decode/sharing/sharing_rules.h"
#include "record/canonical.h"
#include "record/json.h"

using namespace probatio;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  decode::SharingRulesDecoder decoder("fuzz");
  decode::Piece piece;
  piece.bytes = Bytes(data, size);
  std::vector<record::Record> records;
  const Status decoded = decoder.Decode(piece, &records);
  CHECK(decoded.ok() || decoded.error().code() == ErrorCode::kInvalid);
  for (const record::Record& read : records) {
    CHECK(std::holds_alternative<record::SharingRule>(read));
    CHECK(record::CheckRecord(read).ok());
    const std::string line = record::ToJson(read);
    if (line.size() > record::kJsonLineBytesMax) continue;
    const Result<record::Record> again = record::FromJson(line);
    CHECK(again.ok() && again.value() == read);
  }
  return 0;
}
