// Creates whose deletes have not come yet. When a delete says of its session all that the create said, the
// two become one row; nothing is guessed, both are in it. Creates of one key are alike (an endpoint-dependent
// NAT has several at once) and end first come, first served. Values; pure; not thread-safe.
#pragma once

#include "seal/nat_row.h"

namespace probatio::seal {

// An exporter that sends creates without ports and never a delete fills one place of the table: without a
// limit each would be compared with all before it.
inline constexpr std::size_t kWaitingNeighboursMax = 4'096;

class OpenNatSessions {
 public:
  explicit OpenNatSessions(NatTables* tables) : tables_(tables) {}

  std::size_t size() const { return count_; }

  // The row's shape begins something and has no end yet (CHECKed). False when too many that are alike, or
  // nearly, wait already: then this one does not wait, and its end will stand alone.
  [[nodiscard]] bool Begin(const NatRow& begin);
  // The row that is create and delete, when the create of this end is here; else nothing. The row's shape
  // ends something (CHECKed). Of several creates the earliest, never one later than the end.
  std::optional<NatRow> End(const NatRow& end);
  // All that are left, the earliest first; empties the object.
  std::vector<NatRow> TakeAll();
  // The `count` earliest, which are taken out: their ends, if they come, will stand alone.
  std::vector<NatRow> TakeEarliest(std::size_t count);

 private:
  struct Slot {
    NatRow row;
    bool used = false;
  };

  std::size_t PlaceOf(const NatRow& begin) const;
  bool Insert(const NatRow& begin, std::size_t probes_max);
  void Remove(std::size_t slot);
  void Grow();
  std::uint32_t BeginShapeOf(std::uint32_t end_shape);
  std::uint32_t SessionShapeOf(std::uint32_t begin_shape, bool has_end_seq);

  NatTables* tables_;
  std::vector<Slot> slots_;  // linear probing; a power of two, never more than three quarters full
  std::size_t count_ = 0;
  std::vector<std::uint32_t> begin_shapes_;    // by end shape; index + 1
  std::vector<std::uint32_t> session_shapes_;  // by 2 * begin shape + has_end_seq; index + 1
};

}  // namespace probatio::seal
