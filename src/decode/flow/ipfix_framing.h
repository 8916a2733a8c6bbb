// IPFIX messages back to back on a TCP connection (RFC 7011 section 10.4): each says its length itself.
#pragma once

#include "decode/stream/framing.h"

namespace probatio::decode {

class IpfixFraming : public Framing {
 public:
  Result<Frame> Next(Bytes waiting) override;
};

}  // namespace probatio::decode
