// Syslog messages on a TCP or TLS connection: octet counting (RFC 5425 section 4.3, RFC 6587 section 3.4.1)
// and, for the many that know no other, one line a message (RFC 6587 section 3.4.2).
#pragma once

#include "decode/stream/framing.h"

namespace probatio::decode {

enum class SyslogFrames {
  kCounted,  // "LENGTH MESSAGE"; the only one of RFC 5425
  kLines,    // each ended by LF
  kDetect,   // by the first octet of the connection: a digit begins a count (RFC 6587 section 3.4.1)
};

class SyslogFraming : public Framing {
 public:
  explicit SyslogFraming(SyslogFrames frames) : frames_(frames) {}
  Result<Frame> Next(Bytes waiting) override;

 private:
  SyslogFrames frames_;
};

}  // namespace probatio::decode
