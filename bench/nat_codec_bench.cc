// What the packing of NAT rows costs, in octets and in time on one core, beside the entropy of the model that
// the rows are drawn from: no code can go below that. One look-up a block finds a port that occurs in it.
#include <fmt/format.h>

#include <ctime>
#include <functional>

#include "seal/test_nat_rows.h"

namespace probatio::seal {
namespace {

constexpr std::size_t kAddresses = 4;
constexpr std::size_t kSessions = 34'000;  // of one address in a quarter of an hour
constexpr std::size_t kPortsPerBucket = 2048;
constexpr std::size_t kPortBlocks = 600;  // of one address in a day
constexpr double kPorts = 64'512;
constexpr double kPortBlockCount = 126;

struct Block {
  NatTables* tables;
  std::span<const NatRow> rows;
};

// Processor time: others may be at work on the machine.
double Seconds(const std::function<void()>& work) {
  const std::clock_t begin = std::clock();
  work();
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

// The blocks that buckets of so many ports make.
void Cut(std::span<const NatRow> rows, NatTables* tables, std::vector<Block>* blocks) {
  while (!rows.empty()) {
    std::size_t size = 1;
    while (size < rows.size() && rows[size].port / kPortsPerBucket == rows[0].port / kPortsPerBucket) ++size;
    blocks->push_back({tables, rows.first(size)});
    rows = rows.subspan(size);
  }
}

void Measure(const char* what, const std::vector<Block>& blocks, double bound_bits) {
  std::size_t rows = 0;
  std::size_t bytes = 0;
  std::vector<Buffer> packed(blocks.size());
  for (const Block& block : blocks) rows += block.rows.size();
  const std::size_t rounds = 1 + 400'000 / rows;
  const double per_row = 1e9 / static_cast<double>(rows * rounds);
  NatEncoder encoder;
  double encode = 0;
  double decode = 0;
  double find = 0;
  for (std::size_t round = 0; round < rounds; ++round) {
    encode += Seconds([&] {
      for (std::size_t i = 0; i < blocks.size(); ++i)
        packed[i] = encoder.Encode(blocks[i].rows, *blocks[i].tables);
    });
    decode += Seconds([&] {
      for (const Buffer& block : packed) CHECK(DecodeNatRows(block).ok());
    });
    find += Seconds([&] {
      for (std::size_t i = 0; i < blocks.size(); ++i) {
        const std::span<const NatRow> in = blocks[i].rows;
        const auto found = FindNatRows(packed[i], in[(i * 7919 + round * 104'729) % in.size()].port);
        CHECK(found.ok() && !found.value().rows.empty());
      }
    });
  }
  for (const Buffer& block : packed) bytes += block.size();
  fmt::print("{:28} {:6.0f} {:9.3f} {:7.3f} {:6.3f} {:9.1f} {:9.1f} {:9.2f}\n", what,
             static_cast<double>(rows) / static_cast<double>(blocks.size()),
             static_cast<double>(bytes) / static_cast<double>(rows), bound_bits / 8,
             static_cast<double>(bytes) / static_cast<double>(rows) * 8 / bound_bits, encode * per_row,
             decode * per_row, find * 1e6 / static_cast<double>(blocks.size() * rounds));
}

double UpToExponential(double x, double mean) {
  return 1 - std::exp(-x / mean);
}
double UpToLogNormal(double x, double mu, double sigma) {
  return x <= 0 ? 0 : 0.5 * (1 + std::erf((std::log(x) - mu) / sigma / std::sqrt(2.0)));
}

// Entropy of a number that is rounded to units, from the share that lies below each: summed over steps no
// finer than a 200,000th of the range, inside which the density hardly changes.
double Entropy(double end, double unit, double whole, const std::function<double(double)>& up_to) {
  const double step = std::max(unit, end / 200'000);
  double bits = 0;
  double below = up_to(0);
  for (double x = step; x <= end + step / 2; x += step) {
    const double next = up_to(x);
    const double share = (next - below) / whole;
    if (share > 0) bits -= share * std::log2(share * unit / step);
    below = next;
  }
  return bits;
}

// Ports and ends as a set, which sorting gives back; duration with protocol; subscriber.
double SessionBits(double unit, double subscriber_bits) {
  const auto udp = [](double x) { return .30 * UpToExponential(x, 30) + .25 * UpToExponential(x, 120); };
  const auto tcp = [](double x) { return .35 * UpToExponential(x, 60) + .08 * UpToLogNormal(x, 6.2, 1.3); };
  const auto icmp = [](double x) { return .02 * UpToExponential(x, 10); };
  const double whole = udp(900) + tcp(900) + icmp(900);
  const double durations =
      Entropy(900, unit, whole, udp) + Entropy(900, unit, whole, tcp) + Entropy(900, unit, whole, icmp);
  const double rate = static_cast<double>(kSessions) / 900;
  return std::log2(std::exp(1.0) * kPorts / (rate * unit)) + durations + subscriber_bits;
}

double PortBlockBits(double unit, double subscriber_bits) {
  const auto up_to = [](double x) { return x < 120 ? 0 : UpToLogNormal(x, std::log(2700.0), 1.6); };
  const double rate = static_cast<double>(kPortBlocks) / 86'400;
  return std::log2(std::exp(1.0) * kPortBlockCount / (rate * unit)) +
         Entropy(86'400, unit, up_to(86'400), up_to) + subscriber_bits;
}

void MeasureSessions(const char* what, std::int64_t unit_ns) {
  std::array<NatTables, kAddresses> tables;
  std::array<std::vector<NatRow>, kAddresses> rows;
  std::vector<Block> blocks;
  TestRandom random(1);
  for (std::size_t i = 0; i < kAddresses; ++i) {
    rows[i] = TestSessions(&random, &tables[i], kSessions, unit_ns);
    Cut(rows[i], &tables[i], &blocks);
  }
  const double unit = static_cast<double>(unit_ns) / static_cast<double>(kNsPerSecond);
  NatTables scratch;
  Measure(what, blocks, SessionBits(unit, TestSubscribers(&random, &scratch).Entropy()));
}

void MeasurePortBlocks(const char* what, std::int64_t unit_ns) {
  constexpr std::size_t kMany = 64;
  std::array<NatTables, kMany> tables;
  std::array<std::vector<NatRow>, kMany> rows;
  std::vector<Block> blocks;
  TestRandom random(1);
  for (std::size_t i = 0; i < kMany; ++i) {
    rows[i] = TestPortBlocks(&random, &tables[i], kPortBlocks, unit_ns);
    blocks.push_back({&tables[i], rows[i]});
  }
  const double unit = static_cast<double>(unit_ns) / static_cast<double>(kNsPerSecond);
  NatTables scratch;
  Measure(what, blocks, PortBlockBits(unit, TestSubscribers(&random, &scratch).Entropy()));
}

}  // namespace
}  // namespace probatio::seal

int main() {
  using namespace probatio;
  fmt::print("{:28} {:>6} {:>9} {:>7} {:>6} {:>9} {:>9} {:>9}\n", "NAT rows", "rows", "bytes", "entropy",
             "ratio", "encode", "decode", "find");
  fmt::print("{:28} {:>6} {:>9} {:>7} {:>6} {:>9} {:>9} {:>9}\n", "", "/block", "/row", "/row", "", "ns/row",
             "ns/row", "us/block");
  seal::MeasureSessions("sessions, 1 ms", kNsPerMs);
  seal::MeasureSessions("sessions, 1 s", kNsPerSecond);
  seal::MeasurePortBlocks("port blocks, 1 ms", kNsPerMs);
  seal::MeasurePortBlocks("port blocks, 1 s", kNsPerSecond);
  return 0;
}
