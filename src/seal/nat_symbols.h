// Numbers the shapes and insides of one block while its rows go by, puts them in the block's order and gives
// each its code. The tables of a window have very many entries of which a block names few, so nothing here
// costs more than the block's own. Used by the NAT encoder only; scratch is kept from block to block.
#pragma once

#include "seal/nat_inside_list.h"
#include "seal/nat_shape_list.h"
#include "seal/prefix_code.h"

namespace probatio::seal {

// Numbers distinct indices into a table in the order in which they are first named. A stamp says which places
// are of this block.
class BlockIndex {
 public:
  void Begin(std::size_t table_size);
  std::uint16_t NumberOf(std::uint32_t index) {
    Place& place = places_[index];
    if (place.block != block_) {
      place = {block_, static_cast<std::uint16_t>(named_.size())};
      named_.push_back(index);
    }
    return place.number;
  }
  const std::vector<std::uint32_t>& named() const { return named_; }

 private:
  struct Place {
    std::uint32_t block = 0;
    std::uint16_t number = 0;
  };
  std::uint32_t block_ = 0;
  std::vector<Place> places_;
  std::vector<std::uint32_t> named_;
};

// Shapes, coded together with the class of a duration.
class ShapeSymbols {
 public:
  void Begin(const NatTables& tables);
  std::uint16_t NumberOf(std::uint32_t index) { return index_.NumberOf(index); }
  // After the last NumberOf: counts a row, later writes it.
  void EndNumbering();
  const NatShape& Of(std::uint16_t number) const { return *shapes_[number]; }
  bool AnyHas(bool NatShape::*field) const;
  void Count(std::uint16_t number, unsigned duration_class) { ++counts_[PlaceOf(number, duration_class)]; }
  // After the last Count.
  void MakeCode();
  void Put(std::uint16_t number, unsigned duration_class, BitWriter* out) const {
    code_.Put(symbols_[PlaceOf(number, duration_class)], out);
  }
  void Write(ByteWriter* out) const;

 private:
  static std::size_t PlaceOf(std::uint16_t number, unsigned duration_class) {
    return std::size_t{number} * kDurationClasses + duration_class;
  }
  const NatTables* tables_ = nullptr;
  BlockIndex index_;
  std::vector<const NatShape*> shapes_;  // by number
  std::vector<std::uint32_t> counts_;    // by PlaceOf
  std::vector<std::uint16_t> symbols_;   // by PlaceOf
  std::vector<UsedShape> used_;          // in order
  std::vector<std::uint32_t> symbol_counts_;
  PrefixEncoder code_;
};

class InsideSymbols {
 public:
  void Begin(const NatTables& tables);
  // Counts the row as well.
  std::uint16_t NumberOf(std::uint32_t index) {
    const std::uint16_t number = index_.NumberOf(index);
    if (number == counts_.size()) counts_.push_back(0);
    ++counts_[number];
    return number;
  }
  void MakeCode();
  void Put(std::uint16_t number, BitWriter* out) const { code_.Put(symbols_[number], out); }
  void Write(ByteWriter* out) const;

 private:
  struct Keyed {
    std::uint64_t key;  // InsideKey: settles nearly every comparison
    const NatInside* inside;
    std::uint16_t number;
  };
  const NatTables* tables_ = nullptr;
  BlockIndex index_;
  std::vector<std::uint32_t> counts_;   // by number
  std::vector<std::uint16_t> symbols_;  // by number
  std::vector<Keyed> keyed_;
  std::vector<const NatInside*> used_;  // in order
  std::vector<std::uint32_t> symbol_counts_;
  PrefixEncoder code_;
};

}  // namespace probatio::seal
