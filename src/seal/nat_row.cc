#include "seal/nat_row.h"

namespace probatio::seal {
namespace {

std::size_t Mix(std::size_t seed, std::size_t value) {
  return (seed ^ value) * 0x9E3779B97F4A7C15ULL + (seed >> 29);
}

std::size_t HashText(const std::string& text) {
  return std::hash<std::string_view>()(text);
}

// Finds `value` or appends it.
template <class T, class Index>
std::uint32_t Intern(const T& value, std::vector<T>* values, Index* index) {
  const auto [place, added] = index->try_emplace(value, static_cast<std::uint32_t>(values->size()));
  if (added) values->push_back(value);
  return place->second;
}

}  // namespace

std::size_t NatTables::Hash::operator()(const IpAddress& address) const {
  return std::hash<std::string_view>()(AsText(address.octets()));
}

std::size_t NatTables::Hash::operator()(const NatInside& inside) const {
  std::size_t hash = inside.ip.has_value() ? (*this)(*inside.ip) : 0;
  if (inside.subscriber.has_value()) hash = Mix(hash, HashText(*inside.subscriber));
  return hash;
}

// Shapes are few: what tells most of them apart is enough.
std::size_t NatTables::Hash::operator()(const NatShape& shape) const {
  std::size_t hash = Mix(static_cast<std::size_t>(shape.event), shape.proto.value_or(0));
  hash = Mix(hash, HashText(shape.exporter));
  return Mix(hash, shape.domain.value_or(0));
}

std::uint32_t NatTables::ShapeOf(const NatShape& shape) {
  return Intern(shape, &shapes_, &shape_index_);
}

std::uint32_t NatTables::InsideOf(const NatInside& inside) {
  return Intern(inside, &insides_, &inside_index_);
}

std::uint32_t NatTables::AddressOf(const IpAddress& address) {
  return Intern(address, &addresses_, &address_index_);
}

}  // namespace probatio::seal
