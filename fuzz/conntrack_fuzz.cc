// Lines of conntrack, text and XML: every line is counted once, and what is read keeps the rules of a record.
#include "decode/conntrack/conntrack_decoder.h"
#include "record/canonical.h"

using namespace probatio;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  decode::SourceClock clock;
  clock.zone = std::make_shared<const decode::TimeZone>(decode::TimeZone::Fixed("+01:00", 3600));
  decode::ConntrackDecoder decoder("", clock);
  decode::Piece piece;
  piece.bytes = Bytes(data, size);
  if (size % 2 == 0) piece.received = Instant::FromUnixSeconds(1'729'498'443);
  std::vector<record::Record> records;
  (void)decoder.Decode(piece, &records).ok();
  auto counts = decoder.counts();
  CHECK(counts["records"] == records.size());
  CHECK(counts["lines"] == counts["records"] + counts["updates"] + counts["not translated"] +
                               counts["other lines"] + counts["broken lines"]);
  for (const record::Record& read : records) CHECK(record::CheckRecord(read).ok());
  return 0;
}
