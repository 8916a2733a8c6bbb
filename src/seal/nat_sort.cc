#include "seal/nat_sort.h"

#include <algorithm>
#include <array>
#include <bit>
#include <tuple>

namespace probatio::seal {
namespace {

constexpr unsigned kDigitBits = 11;
constexpr std::size_t kDigits = 1U << kDigitBits;
constexpr std::size_t kRadixRowsMin = 256;  // below, counting digits costs more than it saves

// What is sorted: a key above, the row's number below, so that a pass moves eight octets a row.
struct Packed {
  unsigned number_bits = 0;
  std::vector<std::uint64_t> keys;
  std::uint32_t RowAt(std::size_t i) const {
    return static_cast<std::uint32_t>(keys[i] & ((std::uint64_t{1} << number_bits) - 1));
  }
};

std::uint64_t KeyOf(const NatRow& row) {
  return std::uint64_t{row.address} << 16 | row.port;
}

// One stable pass by the digit at `shift`.
void Pass(const std::vector<std::uint64_t>& from, unsigned shift, std::vector<std::uint64_t>* to) {
  std::array<std::uint32_t, kDigits> begin{};
  for (const std::uint64_t packed : from) ++begin[packed >> shift & (kDigits - 1)];
  std::uint32_t sum = 0;
  for (std::uint32_t& place : begin) sum += std::exchange(place, sum);
  for (const std::uint64_t packed : from) (*to)[begin[packed >> shift & (kDigits - 1)]++] = packed;
}

// CHECKs that a key and a number have room in one word.
template <class KeyOfRow>
Packed SortedKeys(const std::vector<NatRow>& rows, KeyOfRow key_of) {
  Packed packed;
  packed.number_bits = static_cast<unsigned>(std::bit_width(rows.size()));
  packed.keys.resize(rows.size());
  const std::uint64_t first = key_of(rows.front());
  std::uint64_t differing = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::uint64_t key = key_of(rows[i]);
    CHECK(key >> (64 - packed.number_bits) == 0);
    packed.keys[i] = key << packed.number_bits | i;
    differing |= key ^ first;
  }
  std::vector<std::uint64_t> other(rows.size());
  for (unsigned shift = 0; differing >> shift != 0; shift += kDigitBits) {
    if ((differing >> shift & (kDigits - 1)) == 0) continue;
    Pass(packed.keys, shift + packed.number_bits, &other);
    packed.keys.swap(other);
  }
  return packed;
}

void Gather(const std::vector<NatRow>& rows, const Packed& order, std::vector<NatRow>* gathered) {
  constexpr std::size_t kAhead = 16;  // rows lie anywhere: they are fetched before they are needed
  gathered->clear();
  gathered->reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i + kAhead < rows.size()) __builtin_prefetch(&rows[order.RowAt(i + kAhead)]);
    gathered->push_back(rows[order.RowAt(i)]);
  }
}

}  // namespace

bool NatRowBefore(const NatRow& a, const NatRow& b) {
  if (KeyOf(a) != KeyOf(b)) return KeyOf(a) < KeyOf(b);
  const auto rest = [](const NatRow& row) {
    return std::tie(row.end_ns, row.at_ns, row.shape, row.inside, row.inside_port, row.seq, row.end_seq);
  };
  return rest(a) < rest(b);
}

void SortNatRows(std::vector<NatRow>* rows) {
  std::uint64_t keys = 0;
  for (const NatRow& row : *rows) keys |= KeyOf(row);
  const bool in_one_word = std::bit_width(keys) + std::bit_width(rows->size()) <= 64;
  if (rows->size() < kRadixRowsMin || !in_one_word) {
    return std::sort(rows->begin(), rows->end(), NatRowBefore);
  }
  std::vector<NatRow> sorted;
  Gather(*rows, SortedKeys(*rows, KeyOf), &sorted);
  for (auto first = sorted.begin(); first != sorted.end();) {
    const auto other_port = [&](const NatRow& row) { return KeyOf(row) != KeyOf(*first); };
    const auto end = std::find_if(first + 1, sorted.end(), other_port);
    if (end - first > 1) std::sort(first, end, NatRowBefore);
    first = end;
  }
  *rows = std::move(sorted);
}

void GroupNatRows(Stream stream, std::vector<NatRow>* rows, std::vector<NatRow>* room) {
  CHECK(rows->size() <= kGroupedRowsMax);
  if (rows->empty()) return;
  const bool in_buckets = stream == Stream::kNatSession;
  const auto key_of = [in_buckets](const NatRow& row) {
    return std::uint64_t{row.address} << 5 | (in_buckets ? row.port / kPortsPerBucket : 0U);
  };
  static_assert(65'536 / kPortsPerBucket <= 1U << 5);
  Gather(*rows, SortedKeys(*rows, key_of), room);
  rows->swap(*room);
}

}  // namespace probatio::seal
