// FreeRADIUS detail files: every record that comes out keeps the rules, and a broken piece gives none.
#include "decode/radius/detail_decoder.h"
#include "record/canonical.h"

using namespace probatio;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  decode::SourceClock clock;
  clock.zone = std::make_shared<const decode::TimeZone>(decode::TimeZone::Fixed("+01:00", 3'600));
  clock.year = 2024;
  decode::DetailDecoder decoder("fuzz", clock);
  std::vector<record::Record> records;
  for (const std::string_view text : decode::SplitEntries(AsText(Bytes(data, size)))) {
    const std::size_t before = records.size();
    decode::Piece piece;
    piece.bytes = AsBytes(text);
    const Status decoded = decoder.Decode(piece, &records);
    CHECK(decoded.ok() || decoded.error().code() == ErrorCode::kInvalid);
    CHECK(decoded.ok() || records.size() == before);
  }
  for (const record::Record& read : records) CHECK(record::CheckRecord(read).ok());
  return 0;
}
