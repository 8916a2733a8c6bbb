// What listeners hand to the one thread that decodes and stores: pieces as they came, in batches, through a
// queue of bounded size. A listener that finds the queue full stops reading; what UDP senders go on sending
// is then dropped by the kernel, which counts it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/instant.h"
#include "base/ip_address.h"

namespace probatio::collect {

inline constexpr std::size_t kQueueBytesMax = 256U << 20;  // of all listeners together
inline constexpr std::size_t kBatchBytesMax = 4U << 20;
inline constexpr std::size_t kPieceOverheadBytes =
    64;  // counted for each piece, so that empty ones are bounded too

// A transport session that is over (RFC 7011 section 10.4): nothing of it comes any more, and what was
// learned in it (templates) counts for no other, not even for one from the same port.
struct EndedConnection {
  IpAddress source;
  std::uint16_t source_port = 0;
  std::uint64_t connection = 0;
};

// What came to us and was thrown away before anybody could read it: datagrams by the kernel, for lack of
// room; messages of streams that broke off in them. Each held at least one record, of who knows whom.
struct Dropped {
  Period period;
  std::uint64_t pieces = 0;
};

// Pieces of one listener, their bytes back to back.
class ArrivalBatch {
 public:
  struct Arrival {
    std::size_t offset = 0;
    std::size_t size = 0;
    IpAddress source;
    std::uint16_t source_port = 0;
    std::uint64_t connection = 0;  // of a stream: never used twice by a listener; 0: a datagram
  };

  ArrivalBatch() = default;
  ArrivalBatch(std::size_t listener, Instant received) : listener_(listener), received_(received) {}

  void Add(Bytes piece, const IpAddress& source, std::uint16_t source_port, std::uint64_t connection = 0) {
    arrivals_.push_back({bytes_.size(), piece.size(), source, source_port, connection});
    bytes_.insert(bytes_.end(), piece.begin(), piece.end());
  }
  void AddEnded(const EndedConnection& connection) { ended_.push_back(connection); }
  void AddDropped(const Dropped& dropped);

  std::size_t listener() const { return listener_; }  // its number in the configuration
  Instant received() const { return received_; }  // of the first piece; all came within a few milliseconds
  const std::vector<Arrival>& arrivals() const { return arrivals_; }
  Bytes BytesOf(const Arrival& arrival) const { return Bytes(bytes_).subspan(arrival.offset, arrival.size); }
  // After all pieces of the batch.
  const std::vector<EndedConnection>& ended() const { return ended_; }
  const std::optional<Dropped>& dropped() const { return dropped_; }

  std::size_t cost() const {
    const std::size_t entries = arrivals_.size() + ended_.size() + (dropped_.has_value() ? 1 : 0);
    return bytes_.size() + entries * kPieceOverheadBytes;
  }
  bool is_full() const { return cost() >= kBatchBytesMax; }
  bool says_something() const { return !arrivals_.empty() || !ended_.empty() || dropped_.has_value(); }

  // Read from a file: when its pieces came, and from where, says nothing about them.
  bool of_file = false;

  // Called when everything of the batch is durable; RADIUS answers then, and only then.
  std::function<void()> on_durable;

 private:
  std::size_t listener_ = 0;
  Instant received_;
  Buffer bytes_;
  std::vector<Arrival> arrivals_;
  std::vector<EndedConnection> ended_;
  std::optional<Dropped> dropped_;
};

// Thread-safe.
class ArrivalQueue {
 public:
  explicit ArrivalQueue(std::size_t bytes_max = kQueueBytesMax) : bytes_max_(bytes_max) {}

  // False when there is no room, or the queue is closed: the batch is then still the caller's.
  bool TryPush(ArrivalBatch&& batch);
  // Waits for room. False when the queue was closed meanwhile.
  bool Push(ArrivalBatch&& batch);
  // Everything there is; waits for at most `wait`. Empty after that, or when the queue is closed and empty.
  std::vector<ArrivalBatch> PopAll(std::chrono::milliseconds wait) { return PopUpTo(SIZE_MAX, wait); }
  // The oldest batches, as many as have no more than these bytes together, but one at least.
  std::vector<ArrivalBatch> PopUpTo(std::size_t bytes, std::chrono::milliseconds wait);
  // Nothing more comes in; what is there can still be taken.
  void Close();

  bool closed() const;
  std::size_t bytes() const;

 private:
  void Take(ArrivalBatch&& batch);
  bool HasRoom(const ArrivalBatch& batch) const { return bytes_ == 0 || bytes_ + batch.cost() <= bytes_max_; }

  const std::size_t bytes_max_;
  mutable std::mutex mutex_;
  std::condition_variable came_;
  std::condition_variable went_;
  std::deque<ArrivalBatch> batches_;
  std::size_t bytes_ = 0;
  bool closed_ = false;
};

}  // namespace probatio::collect
