// Invented NAT rows that behave like a carrier's: for tests and benchmarks only. The same seed gives the same
// rows on every machine.
#pragma once

#include <algorithm>
#include <cmath>
#include <tuple>

#include "seal/nat_codec.h"

namespace probatio::seal {

// SplitMix64.
class TestRandom {
 public:
  explicit TestRandom(std::uint64_t seed) : state_(seed) {}
  std::uint64_t Next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15ULL;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ z >> 27) * 0x94D049BB133111EBULL;
    return z ^ z >> 31;
  }
  std::uint64_t Below(std::uint64_t end) { return Next() % end; }
  bool Chance(unsigned in) { return Below(in) == 0; }
  double Unit() { return (static_cast<double>(Next() >> 11) + 0.5) * 0x1p-53; }
  double Exponential(double mean) { return -mean * std::log(Unit()); }
  double Normal() { return std::sqrt(-2 * std::log(Unit())) * std::cos(2 * 3.14159265358979 * Unit()); }

 private:
  std::uint64_t state_;
};

inline void SortRows(std::vector<NatRow>* rows) {
  std::sort(rows->begin(), rows->end(), [](const NatRow& one, const NatRow& other) {
    return std::tie(one.port, one.end_ns, one.at_ns, one.seq, one.shape, one.inside) <
           std::tie(other.port, other.end_ns, other.at_ns, other.seq, other.shape, other.inside);
  });
}

// 64 subscribers behind one address; the busiest by Zipf's law with exponent 0.7.
class TestSubscribers {
 public:
  static constexpr std::size_t kCount = 64;
  TestSubscribers(TestRandom* random, NatTables* tables) {
    double total = 0;
    for (std::size_t i = 0; i < kCount; ++i) {
      NatInside inside;
      inside.ip = IpAddress::V4(0x64400000U + static_cast<std::uint32_t>(random->Below(16'384)));
      insides_.push_back(tables->InsideOf(inside));
      shares_.push_back(std::pow(static_cast<double>(i) + 1, -0.7));
      total += shares_.back();
    }
    for (double& share : shares_) share /= total;
  }
  std::uint32_t Draw(TestRandom* random) const {
    double left = random->Unit();
    std::size_t i = 0;
    while (i + 1 < kCount && left >= shares_[i]) left -= shares_[i++];
    return insides_[i];
  }
  double Entropy() const {
    double bits = 0;
    for (const double share : shares_) bits -= share * std::log2(share);
    return bits;
  }

 private:
  std::vector<std::uint32_t> insides_;
  std::vector<double> shares_;
};

inline std::uint32_t TestShape(NatTables* tables, std::optional<std::uint8_t> proto, bool block) {
  NatShape shape;
  shape.event = block ? record::NatEventKind::kPortBlockAllocate : record::NatEventKind::kNat44SessionCreate;
  shape.session = true;
  shape.has_port = true;
  shape.block = block;
  if (block) shape.port_span = 511;
  shape.proto = proto;
  shape.exporter = "cgn-1.example";
  return tables->ShapeOf(shape);
}

inline constexpr std::int64_t kTestDay = 1'729'468'800;  // 2024-10-21T00:00:00Z

// Sessions of one address that ended in the quarter of an hour from kTestDay on, as perf measurements of
// carrier-grade NAT describe them. Seconds: start down, end up, as a source of that resolution says it.
inline std::vector<NatRow> TestSessions(TestRandom* random, NatTables* tables, std::size_t count,
                                        std::int64_t unit_ns) {
  const TestSubscribers subscribers(random, tables);
  const std::uint32_t tcp = TestShape(tables, 6, false);
  const std::uint32_t udp = TestShape(tables, 17, false);
  const std::uint32_t icmp = TestShape(tables, 1, false);
  std::vector<NatRow> rows;
  const std::uint32_t address = tables->AddressOf(IpAddress::V4(0xCB007107));
  while (rows.size() < count) {
    const double kind = random->Unit();
    const double seconds = kind < 0.30   ? random->Exponential(30)
                           : kind < 0.55 ? random->Exponential(120)
                           : kind < 0.90 ? random->Exponential(60)
                           : kind < 0.98 ? std::exp(6.2 + 1.3 * random->Normal())
                                         : random->Exponential(10);
    if (seconds > 900) continue;  // filed in a tier of longer windows
    NatRow row;
    row.shape = kind < 0.55 ? udp : kind < 0.98 ? tcp : icmp;
    const std::int64_t end =
        kTestDay * kNsPerSecond + static_cast<std::int64_t>(random->Below(900'000)) * kNsPerMs;
    const std::int64_t at = end - std::max<std::int64_t>(1, std::llround(seconds * 1000)) * kNsPerMs;
    row.end_ns = (end + unit_ns - 1) / unit_ns * unit_ns;
    row.at_ns = at / unit_ns * unit_ns;
    row.inside = subscribers.Draw(random);
    row.address = address;
    row.port = static_cast<std::uint16_t>(1024 + random->Below(64'512));
    rows.push_back(row);
  }
  SortRows(&rows);
  return rows;
}

// Port blocks of 512 of one address that were released in one day.
inline std::vector<NatRow> TestPortBlocks(TestRandom* random, NatTables* tables, std::size_t count,
                                          std::int64_t unit_ns) {
  const TestSubscribers subscribers(random, tables);
  const std::uint32_t shape = TestShape(tables, std::nullopt, true);
  const std::uint32_t address = tables->AddressOf(IpAddress::V4(0xCB007107));
  std::vector<NatRow> rows;
  while (rows.size() < count) {
    const double seconds = std::max(120.0, std::exp(std::log(2700.0) + 1.6 * random->Normal()));
    if (seconds > 86'400) continue;
    NatRow row;
    row.shape = shape;
    const std::int64_t end =
        kTestDay * kNsPerSecond + static_cast<std::int64_t>(random->Below(86'400'000)) * kNsPerMs;
    const std::int64_t at = end - std::llround(seconds * 1000) * kNsPerMs;
    row.end_ns = (end + unit_ns - 1) / unit_ns * unit_ns;
    row.at_ns = at / unit_ns * unit_ns;
    row.inside = subscribers.Draw(random);
    row.address = address;
    row.port = static_cast<std::uint16_t>(1024 + 512 * random->Below(126));
    rows.push_back(row);
  }
  SortRows(&rows);
  return rows;
}

}  // namespace probatio::seal
