// Log lines of DHCP servers (piece_fuzz.h).
#include "decode/dhcp/dhcp_log_decoder.h"
#include "piece_fuzz.h"

using namespace probatio;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  decode::DhcpLogDecoder decoder("fuzz", fuzz::ClockAtPlusOne());
  fuzz::DecodePieces(decoder, fuzz::SplitLines(AsText(Bytes(data, size))));
  return 0;
}
