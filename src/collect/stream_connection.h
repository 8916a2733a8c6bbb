// One exporter's connection: what came of it, cut into pieces. One thread.
#pragma once

#include <chrono>

#include "collect/arrivals.h"
#include "decode/stream/framing.h"
#include "net/stream.h"

namespace probatio::collect {

inline constexpr std::size_t kStreamTurnBytes = 1U << 18;  // before the other connections have their turn
// What every connection of a listener is read into, in turn.
inline constexpr std::size_t kStreamRoomBytes = kStreamTurnBytes + decode::kFramingBytesMax;

class StreamConnection {
 public:
  using Steady = std::chrono::steady_clock;

  StreamConnection(EndedConnection id, std::unique_ptr<net::Stream> stream,
                   std::unique_ptr<decode::Framing> framing, Steady::time_point now)
      : id_(id), stream_(std::move(stream)), framing_(std::move(framing)), heard_at_(now) {}

  // Takes its turn: adds the whole pieces to the batch. False when the exporter ended the connection; an
  // error says why it must be ended.
  Result<bool> Read(std::span<std::uint8_t> room, Steady::time_point now, ArrivalBatch* batch);

  const EndedConnection& id() const { return id_; }
  const net::Stream& stream() const { return *stream_; }
  // Of the last octets; of the connection's begin where nobody was let in yet.
  Steady::time_point heard_at() const { return heard_at_; }
  // Octets of a piece that is not whole yet.
  bool has_part() const { return !part_.empty(); }

 private:
  Status TakePieces(Bytes octets, ArrivalBatch* batch);

  EndedConnection id_;
  std::unique_ptr<net::Stream> stream_;
  std::unique_ptr<decode::Framing> framing_;
  Steady::time_point heard_at_;
  Buffer part_;  // fewer than decode::kFramingBytesMax
};

}  // namespace probatio::collect
