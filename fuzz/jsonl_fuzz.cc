// JSON Lines: what is read prints as a line that reads as the same record.
#include "decode/jsonl/jsonl_decoder.h"
#include "record/canonical.h"
#include "record/json.h"

using namespace probatio;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const decode::JsonlContents contents = decode::DecodeJsonl(Bytes(data, size));
  CHECK(contents.counts.lines == contents.counts.records + contents.counts.broken_lines);
  for (const record::Record& read : contents.records) {
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
