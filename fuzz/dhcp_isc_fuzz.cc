// Leases files of ISC dhcpd (piece_fuzz.h).
#include "decode/dhcp/isc_decoder.h"
#include "decode/dhcp/isc_tokens.h"
#include "piece_fuzz.h"

using namespace probatio;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  decode::IscDecoder decoder("fuzz", {});
  fuzz::DecodePieces(decoder, fuzz::PiecesOf<decode::IscCutter>(Bytes(data, size)));
  return 0;
}
