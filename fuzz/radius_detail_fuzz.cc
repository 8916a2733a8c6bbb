// FreeRADIUS detail files (piece_fuzz.h).
#include "decode/cut/text_cutters.h"
#include "decode/radius/detail_decoder.h"
#include "piece_fuzz.h"

using namespace probatio;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  decode::DetailDecoder decoder("fuzz", fuzz::ClockAtPlusOne());
  fuzz::DecodePieces(decoder, fuzz::PiecesOf<decode::EntryCutter>(Bytes(data, size)));
  return 0;
}
