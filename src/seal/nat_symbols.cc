#include "seal/nat_symbols.h"

#include <algorithm>
#include <numeric>

namespace probatio::seal {

void BlockIndex::Begin(std::size_t table_size) {
  if (places_.size() < table_size) places_.resize(table_size);
  if (++block_ == 0) {  // stamps begin anew
    std::fill(places_.begin(), places_.end(), Place{});
    block_ = 1;
  }
  named_.clear();
}

void ShapeSymbols::Begin(const NatTables& tables) {
  tables_ = &tables;
  index_.Begin(tables.shapes().size());
}

void ShapeSymbols::EndNumbering() {
  shapes_.clear();
  for (const std::uint32_t index : index_.named()) shapes_.push_back(&tables_->shapes()[index]);
  counts_.assign(shapes_.size() * kDurationClasses, 0);
}

bool ShapeSymbols::AnyHas(bool NatShape::*field) const {
  return std::any_of(shapes_.begin(), shapes_.end(),
                     [field](const NatShape* shape) { return shape->*field; });
}

void ShapeSymbols::MakeCode() {
  std::vector<std::uint16_t> order(shapes_.size());
  std::iota(order.begin(), order.end(), std::uint16_t{0});
  std::sort(order.begin(), order.end(),
            [this](std::uint16_t one, std::uint16_t other) { return *shapes_[one] < *shapes_[other]; });
  symbols_.resize(counts_.size());
  used_.clear();
  symbol_counts_.clear();
  for (const std::uint16_t number : order) {
    UsedShape& used = used_.emplace_back();
    used.shape = shapes_[number];
    for (unsigned i = 0; i < kDurationClasses; ++i) {
      const std::size_t place = PlaceOf(number, i);
      if (counts_[place] == 0) continue;
      used.classes[i] = true;
      symbols_[place] = static_cast<std::uint16_t>(symbol_counts_.size());
      symbol_counts_.push_back(counts_[place]);
    }
  }
  code_.Build(symbol_counts_);
}

void ShapeSymbols::Write(ByteWriter* out) const {
  WriteShapes(used_, out);
  code_.WriteTable(out);
}

void InsideSymbols::Begin(const NatTables& tables) {
  tables_ = &tables;
  index_.Begin(tables.insides().size());
  counts_.clear();
}

void InsideSymbols::MakeCode() {
  keyed_.clear();
  for (const std::uint32_t index : index_.named()) {
    const NatInside& inside = tables_->insides()[index];
    keyed_.push_back({InsideKey(inside), &inside, static_cast<std::uint16_t>(keyed_.size())});
  }
  std::sort(keyed_.begin(), keyed_.end(), [](const Keyed& one, const Keyed& other) {
    return one.key != other.key ? one.key < other.key : InsideBefore(*one.inside, *other.inside);
  });
  symbols_.resize(keyed_.size());
  used_.clear();
  symbol_counts_.clear();
  for (const Keyed& keyed : keyed_) {
    symbols_[keyed.number] = static_cast<std::uint16_t>(used_.size());
    used_.push_back(keyed.inside);
    symbol_counts_.push_back(counts_[keyed.number]);
  }
  code_.Build(symbol_counts_);
}

void InsideSymbols::Write(ByteWriter* out) const {
  WriteInsides(used_, out);
  code_.WriteTable(out);
}

}  // namespace probatio::seal
