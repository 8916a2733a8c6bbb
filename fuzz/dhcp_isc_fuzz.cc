// Leases files of ISC dhcpd: every record that comes out keeps the rules, and a broken piece gives none.
#include "decode/dhcp/isc_decoder.h"
#include "decode/dhcp/isc_tokens.h"
#include "record/canonical.h"

using namespace probatio;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  decode::IscDecoder decoder("fuzz", {});
  std::uint64_t others = 0;
  std::vector<record::Record> records;
  for (const std::string_view text : decode::SplitIscEntries(AsText(Bytes(data, size)), &others)) {
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
