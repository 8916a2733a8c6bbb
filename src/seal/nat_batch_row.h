// Rows from a batch of NAT events as a decoder filled it (record/nat_event_batch.h). Nothing is done for each
// row but to look two addresses up in tables of eight octets an entry. Pure; not thread-safe.
#pragma once

#include "record/nat_event_batch.h"
#include "seal/nat_groups.h"

namespace probatio::seal {

// Numbers of IPv4 addresses: small enough to stay in the caches beside everything else.
class V4Numbers {
 public:
  // The number, or nothing.
  std::optional<std::uint32_t> Find(std::uint32_t address) const {
    for (std::size_t place = PlaceOf(address); slots_[place].after != 0; place = (place + 1) & mask_) {
      if (slots_[place].address == address) return slots_[place].after - 1;
    }
    return std::nullopt;
  }
  void Add(std::uint32_t address, std::uint32_t number);  // not there yet

 private:
  struct Slot {
    std::uint32_t address = 0;
    std::uint32_t after = 0;  // the number + 1; 0: free
  };
  static constexpr std::size_t kSlotsMin = 1024;
  std::size_t PlaceOf(std::uint32_t address) const { return (address * 0x9E3779B97F4A7C15ULL >> 32) & mask_; }

  std::vector<Slot> slots_ = std::vector<Slot>(kSlotsMin);  // linear probing; at most half full
  std::size_t mask_ = kSlotsMin - 1;
  std::size_t count_ = 0;
};

class NatBatchRowMaker {
 public:
  explicit NatBatchRowMaker(NatTables* tables) : tables_(tables) {}

  // Rows of this batch follow. It outlives them, and its lists do not change.
  void Begin(const record::NatEventBatch& batch);
  // The row has a public address and names no number that the batch lacks (CHECKed).
  NatRow RowOf(const record::NatEventRow& row);

 private:
  struct Shape {
    std::uint32_t number = kUnknown;  // in the tables
    std::uint16_t ports = 0;          // masks: ones where the shape has the field
    std::uint16_t inside_ports = 0;
    std::uint64_t seqs = 0;
  };
  static constexpr std::uint32_t kUnknown = UINT32_MAX;

  const Shape& ShapeOf(std::uint16_t number);
  std::uint32_t InsideOf(const record::NatEventRow& row);
  std::uint32_t AddressOf(const record::NatEventRow& row);

  NatTables* tables_;
  const record::NatEventBatch* batch_ = nullptr;
  // By number in the batch.
  std::vector<Shape> shapes_;
  std::vector<std::uint32_t> insides_;
  std::vector<std::uint32_t> addresses_;
  // From batch to batch.
  V4Numbers v4_insides_;
  V4Numbers v4_addresses_;
  std::optional<std::uint32_t> no_inside_;
};

}  // namespace probatio::seal
