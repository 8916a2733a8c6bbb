// JSON Lines: what is read prints as a line that reads as the same record.
#include "decode/cut/text_cutters.h"
#include "decode/jsonl/jsonl_decoder.h"
#include "piece_fuzz.h"
#include "record/canonical.h"
#include "record/json.h"

using namespace probatio;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  decode::JsonlDecoder decoder;
  std::vector<record::Record> records;
  for (const std::string_view line : fuzz::PiecesOf<decode::LineCutter>(Bytes(data, size))) {
    const Status decoded = decoder.DecodeLine(line, &records);
    CHECK(decoded.ok() || decoded.error().code() == ErrorCode::kInvalid);
  }
  CHECK(decoder.tally().lines == decoder.tally().records + decoder.tally().broken_lines);
  for (const record::Record& read : records) {
    CHECK(record::CheckRecord(read).ok());
    const std::string line = record::ToJson(read);
    // Escapes can make the printed line longer than the one that was read.
    if (line.size() > record::kJsonLineBytesMax) continue;
    const Result<record::Record> again = record::FromJson(line);
    CHECK(again.ok());
    CHECK(again.value() == read);
  }
  return 0;
}
