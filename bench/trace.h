// A deterministic trace of a carrier-grade NAT, invented from a model whose entropy is known (entropy.h).
// Session mode is NAT44 by session: 64 subscribers on a public address, paired pooling (RFC 4787 REQ-2),
// ports drawn uniformly and never held twice at once per protocol, Zipf 0.7 over subscribers, a day's curve.
// Block mode is blocks of 512 ports. The same options give the same sessions on every machine. Memory is
// bounded by the sessions that are open at once, not by the rows. Addresses: 198.18.0.0/15 outside (RFC
// 2544), 100.64.0.0/10 inside (RFC 6598).
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "record/nat_event_batch.h"

namespace probatio::bench {

enum class Mode : std::uint8_t { kSession, kBlock };

struct TraceOptions {
  Mode mode = Mode::kSession;
  std::uint64_t rows = 1'000'000;
  std::uint64_t seed = 1;
  std::int64_t resolution_ms = 1;
};

inline constexpr std::uint32_t kSubscribersPerAddress = 64;
inline constexpr std::uint16_t kPortFirst = 1024;
inline constexpr std::uint32_t kPortsPerAddress = 64'512;
inline constexpr std::uint16_t kPortsPerBlock = 512;
inline constexpr double kZipfExponent = 0.7;

// The first port of the block that holds the port.
constexpr std::uint16_t BlockOf(std::uint16_t port) {
  return static_cast<std::uint16_t>(port - (port - kPortFirst) % kPortsPerBlock);
}

// One row of a peer's table: a holding of a port, or of a block that begins with it, [start, end).
struct Session {
  std::uint32_t public_ip = 0;
  std::uint16_t port = 0;
  std::uint8_t proto = 0;  // 0 for a block: all protocols
  std::int64_t start_ms = 0;
  std::int64_t end_ms = 0;
  std::uint32_t subscriber = 0;  // inside address 100.64.0.0 + subscriber
};

inline constexpr std::uint32_t kPublicBase = 0xC6120000U;  // 198.18.0.0
inline constexpr std::uint32_t kInsideBase = 0x64400000U;  // 100.64.0.0

// The rows of a trace in the order in which a collector hears of their ends.
class SessionStream {
 public:
  virtual ~SessionStream() = default;
  // Replaces `batch` with the next rows, at most `count`; false when there are none left.
  virtual bool Next(std::size_t count, std::vector<Session>* batch) = 0;
};

// The same sessions as events in the order of time: the begin of each, later its end, as a decoder writes
// them.
class EventStream {
 public:
  virtual ~EventStream() = default;
  virtual bool Next(std::size_t count, record::NatEventBatch* batch) = 0;
};

class Trace {
 public:
  // Runs through the model once, silently, to learn which sessions are the first `rows` to end.
  explicit Trace(const TraceOptions& options);

  const TraceOptions& options() const { return options_; }
  std::uint32_t addresses() const { return addresses_; }
  Period period() const;  // from the first begin that is possible to the last end
  double RowsPerAddressSecond() const;

  std::unique_ptr<SessionStream> Sessions() const;
  std::unique_ptr<EventStream> Events() const;

 private:
  TraceOptions options_;
  std::uint32_t addresses_ = 1;
  std::int64_t cut_ms_ = 0;         // the end of the last row
  std::uint64_t cut_sequence_ = 0;  // and its place among sessions by begin, which parts equal ends
};

// Relative traffic of each subscriber, as the model drew it; subscriber i uses public address i % addresses.
std::vector<double> SubscriberWeights(const TraceOptions& options, std::uint32_t addresses);

}  // namespace probatio::bench
