// What one look-up in one segment costs once its keys are there: NAT sessions of one window in a memory box,
// found by public tuple. Hits with and without their proof, and misses; warm (leaf pages held) and with an
// empty leaf cache. The box's own disk is not measured here.
#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <random>

#include "crypto/system_random.h"
#include "seal/box_key.h"
#include "seal/segment.h"
#include "seal/segment_leaves.h"

namespace probatio {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLookUps = 2'000;
const Instant kBegin = Instant::FromUnixSeconds(1'729'468'800);  // 2024-10-21T00:00:00Z, a window's begin

class MemoryBox : public seal::Box {
 public:
  Status Write(std::span<const seal::BoxEntry> entries) override {
    for (const seal::BoxEntry& entry : entries) values_[entry.key] = entry.value;
    return Done{};
  }
  Result<std::optional<Buffer>> Read(const std::string& key) const override {
    const auto found = values_.find(key);
    return found == values_.end() ? std::optional<Buffer>() : found->second;
  }
  Status Stage(std::vector<seal::BoxEntry> entries) override { return Write(entries); }
  Status Settle() override { return Done{}; }
  Status Erase(std::span<const std::string>) override { return Done{}; }
  Status EraseAll(const std::string&) override { return Done{}; }
  Result<std::vector<std::string>> List(const std::string&) const override {
    return std::vector<std::string>();
  }

 private:
  std::map<std::string, Buffer> values_;
};

record::NatEvent SessionNumber(int i, int rows, std::mt19937_64& engine) {
  record::NatEvent event;
  event.event = record::NatEventKind::kNat44SessionCreate;
  event.origin.at.at = kBegin + std::int64_t{i} * (14 * kNsPerMinute / rows / kNsPerMs * kNsPerMs);
  event.proto = i % 3 == 0 ? 6 : 17;
  // Enough addresses for some 500 rows a bucket of ports.
  const auto addresses = static_cast<std::uint64_t>(std::max(1, rows / 500 / 63));
  event.inside_ip = IpAddress::V4(0x64400000U + static_cast<std::uint32_t>(engine() % (addresses * 64)));
  event.inside_port = static_cast<std::uint16_t>(1024 + engine() % 64'000);
  event.public_ip = IpAddress::V4(0xC6336400U + static_cast<std::uint32_t>(engine() % addresses));
  event.public_port = static_cast<std::uint16_t>(1024 + engine() % 64'000);
  return event;
}

struct Sealed {
  explicit Sealed(int rows)
      : window(seal::WindowOf(seal::Stream::kNatSession, kBegin)),
        builder(seal::MakeSegmentId(window, "00000001"), window, crypto::RandomKey(random)) {
    std::mt19937_64 engine(1);
    for (int i = 0; i < rows; ++i) {
      const record::NatEvent event = SessionNumber(i, rows, engine);
      CHECK(builder.Add(event).ok());
      if (i % std::max(1, rows / kLookUps) == 0) asked.push_back(event);
    }
    seal::SegmentImage image = builder.Build(random);
    info.id = builder.id();
    info.window = window;
    info.state = seal::SegmentState::kClosed;
    info.root = image.root;
    info.leaf_count = image.leaves.size();
    Put(image);
  }

  void Put(const seal::SegmentImage& image) {
    std::vector<seal::BoxEntry> entries;
    for (std::size_t i = 0; i < image.blocks.size(); ++i) {
      const seal::BlockLeaf& leaf = image.leaves[i + 1];
      entries.push_back({seal::BlockKey(info.id, leaf.token, leaf.position), image.blocks[i]});
    }
    const seal::LeafPages pages = seal::PagesOf(image.leaves);
    for (std::size_t i = 0; i < pages.pages.size(); ++i) {
      entries.push_back({seal::LeafPageKey(info.id, i), pages.pages[i]});
      leaf_bytes += pages.pages[i].size();
    }
    entries.push_back({seal::LeafIndexKey(info.id), pages.index});
    leaf_bytes += pages.index.size();
    CHECK(box.Write(entries).ok());
  }

  crypto::SystemRandom random;
  seal::Window window;
  seal::SegmentBuilder builder;
  seal::SegmentInfo info;
  MemoryBox box;
  std::size_t leaf_bytes = 0;
  std::vector<record::NatEvent> asked;  // every so many rows
};

enum class Depth { kUnseal, kFind, kProve };

// One complete answer: index and page held against the root, digest and seal of each block, its rows; proofs
// of those wanted.
std::size_t LookUp(Sealed& sealed, const record::NatEvent& event, std::uint16_t port, Depth depth,
                   seal::LeafCache* cache) {
  const seal::Token token = sealed.builder.keys().TokenOf(seal::ForPublicTuple(*event.public_ip, port));
  const seal::TokenKeys keys = sealed.builder.keys().KeysOf(token);
  const auto leaves = seal::SegmentLeaves::Open(sealed.box, sealed.info, cache).value();
  std::size_t found = 0;
  const std::vector<seal::FoundLeaf> places = leaves.Find(token).value();
  for (const seal::FoundLeaf& at : places) {
    const Buffer bytes =
        sealed.box.Read(seal::BlockKey(sealed.info.id, token, at.leaf.position)).value().value();
    const auto block = seal::UnsealBlock(sealed.info.id, at.leaf, keys, bytes).value();
    if (depth == Depth::kUnseal) {
      ++found;
      continue;
    }
    const std::vector<seal::PlacedRow> rows = block.Find({port}).value();
    found += rows.size();
    if (depth != Depth::kProve || rows.empty()) continue;
    const seal::OpenedBlock whole = block.Commit().value();
    const seal::LeafProof leaf = leaves.Prove(at).value();
    for (const seal::PlacedRow& row : rows) static_cast<void>(seal::ProveRow(whole, row.place, leaf));
  }
  return found;
}

template <class Work>
void Measure(const char* what, std::size_t count, Work work) {
  std::vector<double> times;
  for (std::size_t i = 0; i < count; ++i) {
    const auto begin = Clock::now();
    work(i);
    times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
  }
  std::sort(times.begin(), times.end());
  fmt::print("{:44} p50 {:9.1f} us   p99 {:9.1f} us\n", what, times[times.size() / 2],
             times[times.size() * 99 / 100]);
}

}  // namespace
}  // namespace probatio

int main(int argc, char** argv) {
  using namespace probatio;
  const int rows = argc > 1 ? std::atoi(argv[1]) : 1'000'000;
  if (rows < 1) {
    fmt::print(stderr, "look_up_bench: rows: a number above 0\n");
    return 2;
  }
  utsname machine{};
  uname(&machine);
  Sealed sealed(rows);
  fmt::print("look-up: {} sessions in one segment of {} leaves, {:.1f} octets a leaf, memory box, {} {}\n\n",
             rows, sealed.info.leaf_count,
             static_cast<double>(sealed.leaf_bytes) / static_cast<double>(sealed.info.leaf_count),
             machine.sysname, machine.machine);
  const std::size_t count = sealed.asked.size();
  seal::LeafCache warm(256U << 20);
  const auto hit = [&](Depth depth, seal::LeafCache* cache) {
    return [&sealed, depth, cache](std::size_t i) {
      const record::NatEvent& event = sealed.asked[i];
      CHECK(LookUp(sealed, event, *event.public_port, depth, cache) > 0);
    };
  };
  // Ports below 1024 are given to nobody.
  const auto miss = [&](seal::LeafCache* cache) {
    return [&sealed, cache](std::size_t i) {
      CHECK(LookUp(sealed, sealed.asked[i], 7, Depth::kFind, cache) == 0);
    };
  };
  Measure("first pass", count, hit(Depth::kUnseal, &warm));
  Measure("hit, warm: to the opened seal", count, hit(Depth::kUnseal, &warm));
  Measure("hit, warm: rows decoded", count, hit(Depth::kFind, &warm));
  Measure("hit, warm: rows with their proofs", std::min<std::size_t>(count, 300), hit(Depth::kProve, &warm));
  Measure("miss, warm", count, miss(&warm));
  Measure("miss, no leaf held", std::min<std::size_t>(count, 500), [&](std::size_t i) {
    seal::LeafCache none(0);
    miss (&none)(i);
  });
  Measure("hit, no leaf held: to the opened seal", std::min<std::size_t>(count, 500), [&](std::size_t i) {
    seal::LeafCache none(0);
    hit(Depth::kUnseal, &none)(i);
  });
  return 0;
}
