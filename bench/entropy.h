// The physical limit: how many bytes a row of the model's trace costs at least, by any code whatever. The
// sessions of an address are a Poisson process over (port, time), so as a set they cost
// log2(e * ports / (rate * step)) bits each, however long the window; to that comes the entropy of (duration,
// protocol) and of the subscriber, given the address. Neglected: what is saved because no port is held twice,
// and because a short trace holds no session longer than itself.
#pragma once

#include "trace.h"

namespace probatio::bench {

struct Bound {
  double port_and_time_bits = 0;
  double duration_and_protocol_bits = 0;
  double subscriber_bits = 0;
  double Bytes() const { return (port_and_time_bits + duration_and_protocol_bits + subscriber_bits) / 8; }
};
Bound BoundOf(const Trace& trace);

}  // namespace probatio::bench
