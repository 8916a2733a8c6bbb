#include "entropy.h"

#include "traffic_model.h"

namespace probatio::bench {
namespace {

// The chance that a holding of this kind lasts no longer.
double Within(const SessionKind& kind, double seconds) {
  if (seconds <= 0) return 0;
  if (kind.sigma == 0) return 1 - std::exp(-seconds / kind.scale);
  return 0.5 * (1 + std::erf(std::log(seconds / kind.scale) / (kind.sigma * std::sqrt(2))));
}

// Entropy of the durations of one protocol in steps of `step` seconds, weighted by its share. Far from zero
// the density is flat over many steps, so they are taken together.
double DurationBits(std::span<const SessionKind> kinds, std::uint8_t proto, double step, double seconds_max) {
  double bits = 0;
  for (double at = 0; at < seconds_max;) {
    const double width = std::max(step, step * std::round(at * 0.002 / step));
    double chance = 0;
    for (const SessionKind& kind : kinds) {
      if (kind.proto == proto) chance += kind.share * (Within(kind, at + width) - Within(kind, at));
    }
    if (chance > 1e-15) bits -= chance * std::log2(chance * step / width);
    at += width;
  }
  return bits;
}

double SubscriberBits(const Trace& trace) {
  const std::vector<double> weights = SubscriberWeights(trace.options(), trace.addresses());
  std::vector<double> address_total(trace.addresses());
  double total = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    address_total[i % trace.addresses()] += weights[i];
    total += weights[i];
  }
  double bits = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    bits -= weights[i] / total * std::log2(weights[i] / address_total[i % trace.addresses()]);
  }
  return bits;
}

}  // namespace

Bound BoundOf(const Trace& trace) {
  const bool session = trace.options().mode == Mode::kSession;
  const double step = static_cast<double>(trace.options().resolution_ms) / 1000;
  const double places = session ? kPortsPerAddress : double{kPortsPerAddress} / kPortsPerBlock;
  Bound bound;
  bound.port_and_time_bits = std::log2(M_E * places / (trace.RowsPerAddressSecond() * step));
  bound.subscriber_bits = SubscriberBits(trace);
  if (session) {
    for (const std::uint8_t proto : {std::uint8_t{17}, std::uint8_t{6}, std::uint8_t{1}}) {
      bound.duration_and_protocol_bits += DurationBits(kSessionKinds, proto, step, kSessionSecondsMax);
    }
  } else {
    bound.duration_and_protocol_bits = DurationBits({&kBlockKind, 1}, 0, step, kBlockSecondsMax);
  }
  return bound;
}

}  // namespace probatio::bench
