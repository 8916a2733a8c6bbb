// Creates whose deletes have not come yet. When a delete says of its session all that the create said, the
// two become one row; nothing is guessed, both are in it. Creates of one key are alike (an endpoint-dependent
// NAT has several at once) and end first come, first served. Values; pure; not thread-safe.
#pragma once

#include <unordered_map>

#include "seal/nat_row.h"

namespace probatio::seal {

// An exporter that sends creates without ports and never a delete fills one place of the table: without a
// limit each would be compared with all before it.
inline constexpr std::size_t kWaitingNeighboursMax = 4'096;
// Buckets where nothing waits any more, kept because something soon will.
inline constexpr std::size_t kIdleBucketsMax = 1U << 20;

// A create that waits, with the number that the caller gave it.
struct WaitingNat : NatRow {
  std::uint32_t tag = 0;
};

class OpenNatSessions {
 public:
  explicit OpenNatSessions(NatTables* tables) : tables_(tables) {}

  std::size_t size() const { return count_; }

  // The row's shape begins something and has no end yet (CHECKed when it is seen first). False when too many
  // that are alike, or nearly, wait already: then this one does not wait, and its end will stand alone. `tag`
  // is the caller's and comes back with the create.
  [[nodiscard]] bool Begin(const NatRow& begin, std::uint32_t tag = 0);
  // The row that is create and delete, when the create of this end is here; else nothing. The row's shape
  // ends something (CHECKed when it is seen first). Of several creates the earliest, never one later than the
  // end.
  std::optional<NatRow> End(const NatRow& end, std::uint32_t* tag = nullptr);
  // All that are left, the earliest first; empties the object.
  std::vector<WaitingNat> TakeAll();
  // The `count` earliest, which are taken out: their ends, if they come, will stand alone.
  std::vector<WaitingNat> TakeEarliest(std::size_t count);

 private:
  // What a waiting create needs beside its address: half of a row, because there are many of them.
  struct Slot {
    std::int64_t at_ns = 0;
    std::uint64_t seq = 0;
    std::uint32_t shape = kFree;
    std::uint32_t inside = 0;
    std::uint16_t port = 0;
    std::uint16_t inside_port = 0;
    std::uint32_t tag = 0;
  };
  static constexpr std::uint32_t kFree = UINT32_MAX;
  static_assert(sizeof(Slot) == 32);

  // The creates of one bucket of ports of one public address. Events come sorted by it, a batch at a time, so
  // that one bucket after the other is in the fastest cache while it is worked on; one table over all would
  // miss every cache at every event.
  struct Bucket {
    std::vector<Slot> slots;  // linear probing; a power of two, never more than three quarters full
    std::size_t count = 0;
    bool Insert(const Slot& slot, std::size_t neighbours_max);
    void Remove(std::size_t place);
    void Grow();
    std::size_t PlaceOf(const Slot& slot) const;
  };

  Bucket& BucketOf(const NatRow& row);
  void DropIdle();
  std::uint32_t BeginShapeOf(std::uint32_t end_shape);
  std::uint32_t SessionShapeOf(std::uint32_t begin_shape, bool has_end_seq);

  NatTables* tables_;
  std::unordered_map<std::uint64_t, Bucket> buckets_;  // by address ‖ bucket
  std::uint64_t last_key_ = 0;
  Bucket* last_ = nullptr;  // that of last_key_
  std::size_t count_ = 0;
  std::vector<bool> begins_;  // shapes that were seen to begin something
  struct EndShape {
    std::uint32_t begin_shape = kFree;
    bool has_seq = false;
  };
  std::vector<EndShape> end_shapes_;           // by end shape
  std::vector<std::uint32_t> session_shapes_;  // by 2 * begin shape + has_end_seq; index + 1
};

}  // namespace probatio::seal
