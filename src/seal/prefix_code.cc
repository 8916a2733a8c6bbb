// Lengths come from Moffat and Katajainen's in-place minimum-redundancy algorithm over the counts in
// ascending order; equal counts go by symbol, so that one block has one code.
#include "seal/prefix_code.h"

#include <fmt/format.h>

#include <algorithm>

#include "seal/varint.h"

namespace probatio::seal {
namespace {

constexpr std::uint8_t kFlat = 0;
constexpr std::uint8_t kLengths = 1;
constexpr unsigned kFastBits = 9;  // of a decoder's table: nearly every code is shorter
constexpr std::uint16_t kPresent = 0x10;
constexpr unsigned kStepBits = 6;         // a folded step between lengths of 1 to 16 is below 2^6
constexpr std::uint8_t kFirstLength = 5;  // the step of the first length is from here

// All codes as long as each other, give or take one bit (the numbers of UpTo).
std::vector<std::uint8_t> FlatLengths(std::size_t symbols) {
  const UpTo flat(symbols - 1);
  std::vector<std::uint8_t> lengths(symbols, static_cast<std::uint8_t>(flat.width + 1));
  std::fill_n(lengths.begin(), std::min<std::size_t>(flat.short_ones, symbols),
              static_cast<std::uint8_t>(flat.width));
  return lengths;
}

void StepsOf(const std::vector<std::uint8_t>& lengths, std::vector<std::uint32_t>* steps) {
  steps->clear();
  std::uint64_t before = kFirstLength;
  for (const std::uint8_t length : lengths) {
    steps->push_back(static_cast<std::uint32_t>(FoldSign(length - before)));
    before = length;
  }
}

std::uint16_t Reversed(std::uint32_t code, unsigned length) {
  std::uint32_t reversed = 0;
  for (unsigned i = 0; i < length; ++i) reversed |= (code >> i & 1U) << (length - 1 - i);
  return static_cast<std::uint16_t>(reversed);
}

using PerLength = std::array<std::uint16_t, kPrefixBitsMax + 2>;

// How many codes of each length.
PerLength CountLengths(const std::vector<std::uint8_t>& lengths) {
  PerLength counts{};
  for (const std::uint8_t length : lengths) ++counts[length];
  return counts;
}

// The first code of each length, as a number read from its first bit (RFC 1951, section 3.2.2).
std::array<std::uint32_t, kPrefixBitsMax + 2> FirstCodes(const PerLength& counts) {
  std::array<std::uint32_t, kPrefixBitsMax + 2> first{};
  for (unsigned length = 1; length <= kPrefixBitsMax; ++length) {
    first[length] = (first[length - 1] + (length == 1 ? 0U : counts[length - 1])) << 1;
  }
  return first;
}

// tree: the counts, ascending; on return the depth of each leaf, in the same places.
void MinimumRedundancy(std::vector<std::uint32_t>* tree) {
  std::vector<std::uint32_t>& t = *tree;
  const std::size_t n = t.size();
  CHECK(n >= 2);
  // Joins the two lightest, leaf or inner node, again and again; an inner node becomes its parent's place.
  std::size_t leaf = 0;
  std::size_t inner = 0;
  const auto lightest = [&](std::size_t next) {
    if (leaf >= n || (inner < next && t[inner] < t[leaf])) {
      const std::uint32_t weight = t[inner];
      t[inner++] = static_cast<std::uint32_t>(next);
      return weight;
    }
    return t[leaf++];
  };
  for (std::size_t next = 0; next < n - 1; ++next) {
    const std::uint32_t one = lightest(next);
    const std::uint32_t other = lightest(next);
    t[next] = one + other;
  }
  // Parents to depths, from the root down.
  t[n - 2] = 0;
  for (std::size_t node = n - 2; node-- > 0;) t[node] = t[t[node]] + 1;
  // Depths of inner nodes to depths of leaves, the deepest to the lightest.
  std::size_t free_places = 1;
  std::size_t used = 0;
  std::size_t node = n - 1;  // one past the next inner node
  std::size_t next = n;
  for (std::uint32_t depth = 0; free_places > 0; ++depth) {
    for (used = 0; node > 0 && t[node - 1] == depth; --node) ++used;
    for (std::size_t left = free_places - used; left > 0; --left) t[--next] = depth;
    free_places = 2 * used;
  }
}

}  // namespace

void PrefixEncoder::Lengths(std::span<const std::uint32_t> counts) {
  sorted_.clear();
  for (std::size_t s = 0; s < counts.size(); ++s) {
    sorted_.push_back(counts[s] << 16 | static_cast<std::uint32_t>(s));
  }
  std::sort(sorted_.begin(), sorted_.end());
  tree_.clear();
  for (const std::uint32_t entry : sorted_) tree_.push_back(entry >> 16);
  MinimumRedundancy(&tree_);
  lengths_.resize(counts.size());
  for (std::size_t i = 0; i < counts.size(); ++i) {
    CHECK(tree_[i] >= 1 && tree_[i] <= kPrefixBitsMax);
    lengths_[sorted_[i] & 0xFFFF] = static_cast<std::uint8_t>(tree_[i]);
  }
}

// Where the table costs more than the shorter codes save, the codes stay flat.
bool PrefixEncoder::TakeTheShorter(std::span<const std::uint32_t> counts) {
  const auto bits_of = [&](const std::vector<std::uint8_t>& lengths) {
    std::size_t bits = 0;
    for (std::size_t s = 0; s < counts.size(); ++s) bits += std::size_t{counts[s]} * lengths[s];
    return bits;
  };
  StepsOf(lengths_, &steps_);
  const std::size_t table = 8 + RiceBits(ChooseRice(steps_, kStepBits), steps_);
  std::vector<std::uint8_t> flat = FlatLengths(counts.size());
  if (bits_of(lengths_) + table < bits_of(flat)) return false;
  lengths_ = std::move(flat);
  return true;
}

void PrefixEncoder::Build(std::span<const std::uint32_t> counts) {
  CHECK(!counts.empty() && counts.size() <= kPrefixSymbolsMax);
  lengths_.assign(counts.size(), 0);
  flat_ = true;
  if (counts.size() > 1) {
    Lengths(counts);
    flat_ = TakeTheShorter(counts);
  }
  auto next = FirstCodes(CountLengths(lengths_));
  codes_.resize(counts.size());
  for (std::size_t s = 0; s < counts.size(); ++s) {
    codes_[s] = {Reversed(next[lengths_[s]]++, lengths_[s]), lengths_[s]};
  }
}

void PrefixEncoder::WriteTable(ByteWriter* out) const {
  if (lengths_.size() == 1) return;
  out->U8(flat_ ? kFlat : kLengths);
  if (!flat_) WriteRiceList(steps_, kStepBits, out);
}

Result<std::vector<std::uint8_t>> ReadPrefixLengths(ByteReader* in, Bytes all, std::size_t symbols) {
  CHECK(symbols >= 1 && symbols <= kPrefixSymbolsMax);
  if (symbols == 1) return std::vector<std::uint8_t>{0};
  const std::uint8_t form = TRY(in->U8());
  if (form == kFlat) return FlatLengths(symbols);
  if (form != kLengths) return Invalid(fmt::format("code of form {} is unknown", form));
  const std::vector<std::uint32_t> steps = TRY(ReadRiceList(in, all, symbols, kStepBits));
  std::vector<std::uint8_t> lengths;
  lengths.reserve(symbols);
  std::uint64_t length = kFirstLength;
  std::uint64_t room = std::uint64_t{1} << kPrefixBitsMax;
  for (const std::uint32_t step : steps) {
    length += UnfoldSign(step);
    if (length < 1 || length > kPrefixBitsMax) return Invalid("code length out of bounds");
    const std::uint64_t taken = std::uint64_t{1} << (kPrefixBitsMax - length);
    if (taken > room) return Invalid("more codes than their lengths allow");
    room -= taken;
    lengths.push_back(static_cast<std::uint8_t>(length));
  }
  if (room != 0) return Invalid("fewer codes than their lengths allow");
  return lengths;
}

PrefixDecoder::PrefixDecoder(const std::vector<std::uint8_t>& lengths)
    : symbols_(lengths.size()), of_length_(CountLengths(lengths)) {
  const unsigned longest = *std::max_element(lengths.begin(), lengths.end());
  fast_bits_ = std::min(longest, kFastBits);
  fast_.resize(std::size_t{1} << fast_bits_);
  PerLength place{};
  for (unsigned length = 1; length <= kPrefixBitsMax; ++length) {
    place[length] = static_cast<std::uint16_t>(place[length - 1] + of_length_[length - 1]);
  }
  auto next = FirstCodes(of_length_);
  for (std::size_t s = 0; s < lengths.size(); ++s) {
    const unsigned length = lengths[s];
    symbols_[place[length]++] = static_cast<std::uint16_t>(s);
    const std::size_t code = Reversed(next[length]++, length);
    if (length > fast_bits_) continue;
    const Entry entry{static_cast<std::uint16_t>(s), static_cast<std::uint16_t>(kPresent | length)};
    for (std::size_t i = code; i < fast_.size(); i += std::size_t{1} << length) fast_[i] = entry;
  }
}

// One bit at a time; the code is complete, so that some length fits whatever the bits are.
std::uint16_t PrefixDecoder::TakeLong(std::uint64_t bits, BitReader* in) const {
  std::uint32_t code = 0;
  std::uint32_t first = 0;
  std::uint32_t place = 0;
  for (unsigned length = 1; length <= kPrefixBitsMax; ++length) {
    code = code << 1 | static_cast<std::uint32_t>(bits >> (length - 1) & 1U);
    first <<= 1;
    const std::uint32_t count = of_length_[length];
    if (code - first < count) {
      in->Skip(length);
      return symbols_[place + code - first];
    }
    place += count;
    first += count;
  }
  CHECK(false);
}

}  // namespace probatio::seal
