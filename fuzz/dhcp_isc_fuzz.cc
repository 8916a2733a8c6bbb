// Leases files of ISC dhcpd (piece_fuzz.h).
#include "decode/dhcp/isc_decoder.h"
#include "decode/dhcp/isc_tokens.h"
#include "piece_fuzz.h"

using namespace probatio;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  decode::IscDecoder decoder("fuzz", {});
  std::uint64_t others = 0;
  fuzz::DecodePieces(decoder, decode::SplitIscEntries(AsText(Bytes(data, size)), &others));
  return 0;
}
