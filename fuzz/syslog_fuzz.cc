// Syslog lines of any vendor: every line is counted once, and what is read keeps the rules of a record.
#include "decode/syslog/syslog_decoder.h"
#include "record/canonical.h"

using namespace probatio;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  decode::SourceClock clock;
  clock.zone = std::make_shared<const decode::TimeZone>(decode::TimeZone::Fixed("+01:00", 3600));
  clock.offset = {-1};
  // The first octet decides what is known beside the lines.
  const bool known = size > 0 && data[0] % 2 == 0;
  if (!known) clock.year = 2024;
  decode::SyslogDecoder decoder("", clock);
  decode::Piece piece;
  piece.bytes = Bytes(data, size);
  if (known) piece.received = Instant::FromUnixSeconds(1'729'498'443);
  std::vector<record::Record> records;
  (void)decoder.Decode(piece, &records).ok();
  auto counts = decoder.counts();
  CHECK(counts["records"] == records.size());
  CHECK(counts["unknown lines"] + counts["broken lines"] <= counts["lines"]);
  for (const record::Record& read : records) {
    CHECK(record::CheckRecord(read).ok());
    CHECK(std::holds_alternative<record::NatEvent>(read));
  }
  return 0;
}
