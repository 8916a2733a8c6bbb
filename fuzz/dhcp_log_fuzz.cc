// Log lines of DHCP servers: every record that comes out keeps the rules, and a broken piece gives none.
#include "decode/dhcp/dhcp_log_decoder.h"
#include "record/canonical.h"

using namespace probatio;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  decode::SourceClock clock;
  clock.zone = std::make_shared<const decode::TimeZone>(decode::TimeZone::Fixed("+01:00", 3'600));
  clock.year = 2024;
  decode::DhcpLogDecoder decoder("fuzz", clock);
  std::vector<record::Record> records;
  for (std::string_view rest = AsText(Bytes(data, size)); !rest.empty();) {
    const std::string_view text = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), text.size() + 1));
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
