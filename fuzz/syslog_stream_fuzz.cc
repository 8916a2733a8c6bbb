// Syslog over TCP and TLS; the first octet says which framing is configured.
#include "decode/syslog/syslog_framing.h"
#include "stream_fuzz.h"

using namespace probatio;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto frames = static_cast<decode::SyslogFrames>(data[0] % 3);
  const Bytes stream(data + 1, size - 1);
  decode::SyslogFraming at_once(frames);
  decode::SyslogFraming in_parts(frames);
  CHECK(fuzz::CutStream(at_once, stream, size) == fuzz::CutStream(in_parts, stream, 5));
  return 0;
}
