// Lease files of Kea (piece_fuzz.h).
#include "decode/dhcp/kea_decoder.h"
#include "piece_fuzz.h"

using namespace probatio;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  decode::KeaDecoder decoder("fuzz", {});
  fuzz::DecodePieces(decoder, fuzz::SplitLines(AsText(Bytes(data, size))));
  return 0;
}
