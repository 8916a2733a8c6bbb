#include "collect/stream_connection.h"

#include <algorithm>

namespace probatio::collect {

Result<bool> StreamConnection::Read(std::span<std::uint8_t> room, Steady::time_point now,
                                    ArrivalBatch* batch) {
  CHECK(room.size() == kStreamRoomBytes);
  std::size_t taken = 0;
  while (taken < kStreamTurnBytes && !batch->is_full()) {
    std::copy(part_.begin(), part_.end(), room.begin());
    const net::StreamRead read = TRY(stream_->Read(room.subspan(part_.size())));
    if (read.state == net::StreamRead::State::kEnded) return false;
    if (read.state == net::StreamRead::State::kNothingYet) break;
    heard_at_ = now;
    taken += read.size;
    TRY(TakePieces(room.first(part_.size() + read.size), batch));
  }
  return true;
}

Status StreamConnection::TakePieces(Bytes octets, ArrivalBatch* batch) {
  for (;;) {
    const Result<decode::Frame> frame = framing_->Next(octets);
    const std::size_t consumed = frame.ok() ? frame.value().consumed : 0;
    if (consumed == 0) {
      part_.assign(octets.begin(), octets.end());
      if (!frame.ok()) return frame.error();
      CHECK(part_.size() < decode::kFramingBytesMax);
      return Done{};
    }
    if (!frame.value().piece.empty())
      batch->Add(frame.value().piece, id_.source, id_.source_port, id_.connection);
    octets = octets.subspan(consumed);
  }
}

}  // namespace probatio::collect
