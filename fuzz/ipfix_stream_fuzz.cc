// IPFIX over TCP.
#include "decode/flow/ipfix_framing.h"
#include "stream_fuzz.h"

using namespace probatio;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  decode::IpfixFraming at_once;
  decode::IpfixFraming in_parts;
  CHECK(fuzz::CutStream(at_once, Bytes(data, size), size + 1) ==
        fuzz::CutStream(in_parts, Bytes(data, size), 5));
  return 0;
}
