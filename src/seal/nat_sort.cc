#include "seal/nat_sort.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace probatio::seal {
namespace {

constexpr unsigned kDigitBits = 11;
constexpr std::size_t kDigits = 1U << kDigitBits;
constexpr std::size_t kRadixRowsMin = 256;  // below, counting digits costs more than it saves

struct Keyed {
  std::uint64_t key;  // address ‖ port
  std::uint32_t row;
};

std::uint64_t KeyOf(const NatRow& row) {
  return std::uint64_t{row.address} << 16 | row.port;
}

// One stable pass by the digit at `shift`.
void Pass(const std::vector<Keyed>& from, unsigned shift, std::vector<Keyed>* to) {
  std::array<std::uint32_t, kDigits> begin{};
  for (const Keyed& keyed : from) ++begin[keyed.key >> shift & (kDigits - 1)];
  std::uint32_t sum = 0;
  for (std::uint32_t& place : begin) sum += std::exchange(place, sum);
  for (const Keyed& keyed : from) (*to)[begin[keyed.key >> shift & (kDigits - 1)]++] = keyed;
}

std::vector<Keyed> SortedKeys(const std::vector<NatRow>& rows) {
  std::vector<Keyed> keys(rows.size());
  std::uint64_t differing = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    keys[i] = {KeyOf(rows[i]), static_cast<std::uint32_t>(i)};
    differing |= keys[i].key ^ keys[0].key;
  }
  std::vector<Keyed> other(rows.size());
  for (unsigned shift = 0; differing >> shift != 0; shift += kDigitBits) {
    if ((differing >> shift & (kDigits - 1)) == 0) continue;
    Pass(keys, shift, &other);
    keys.swap(other);
  }
  return keys;
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
  if (rows->size() < kRadixRowsMin) return std::sort(rows->begin(), rows->end(), NatRowBefore);
  CHECK(rows->size() <= UINT32_MAX);
  const std::vector<Keyed> keys = SortedKeys(*rows);
  std::vector<NatRow> sorted;
  sorted.reserve(rows->size());
  for (const Keyed& keyed : keys) sorted.push_back((*rows)[keyed.row]);
  for (auto first = sorted.begin(); first != sorted.end();) {
    const auto other_port = [&](const NatRow& row) { return KeyOf(row) != KeyOf(*first); };
    const auto end = std::find_if(first + 1, sorted.end(), other_port);
    if (end - first > 1) std::sort(first, end, NatRowBefore);
    first = end;
  }
  *rows = std::move(sorted);
}

}  // namespace probatio::seal
