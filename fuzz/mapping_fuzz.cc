// Any bytes as a mapping: refused with its line, or used on a row in which every column says something.
#include "decode/jsonl/mapped_jsonl.h"
#include "decode/mapping/mapped_row.h"
#include "record/canonical.h"

using namespace probatio;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Result<decode::Mapping> mapping = decode::ParseMapping(AsText({data, size}), "fuzz.toml");
  if (!mapping.ok()) {
    CHECK(mapping.error().what().starts_with("fuzz.toml:"));
    return 0;
  }
  for (const char* value : {"1729498443.25", "203.0.113.7:51234", "2024-10-21T08:14:03Z", "u-1", "-"}) {
    std::vector<decode::Cell> cells;
    for (const decode::Column& column : mapping.value().columns) cells.push_back({column.name, {value}});
    decode::RowReading reading;
    const Status read = decode::ReadMappedRow(mapping.value(), {}, cells, &reading);
    if (read.ok() && reading.record) CHECK(record::CheckRecord(*reading.record).ok());
  }
  return 0;
}
