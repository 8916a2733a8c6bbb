// A box that lies in every way it can, to one entry after another. An answer is whole or it is an error: rows
// are never fewer in silence.
#include <gtest/gtest.h>

#include <functional>

#include "custody/test_world.h"

namespace probatio::custody::test {
namespace {

using Values = std::map<std::string, Buffer>;

struct Lie {
  const char* name;
  std::function<void(Values&, const std::string& key)> tell;
};
void PrintTo(const Lie& lie, std::ostream* out) {
  *out << lie.name;
}

// The neighbour in key order, around the end: for a block mostly a block of the same segment.
Values::iterator NextOf(Values& values, const std::string& key) {
  const auto next = values.upper_bound(key);
  return next == values.end() ? values.begin() : next;
}
void FlipBit(Buffer& value, std::size_t octet) {
  value[octet] = static_cast<std::uint8_t>(value[octet] ^ 0x10);
}

const Lie kLies[] = {
    {"Deletes", [](Values& values, const std::string& key) { values.erase(key); }},
    {"Empties", [](Values& values, const std::string& key) { values[key].clear(); }},
    {"CutsTheLastOctet", [](Values& values, const std::string& key) { values[key].pop_back(); }},
    {"CutsHalf", [](Values& values, const std::string& key) { values[key].resize(values[key].size() / 2); }},
    {"AddsAnOctet", [](Values& values, const std::string& key) { values[key].push_back(0); }},
    {"FlipsABitAtTheFront", [](Values& values, const std::string& key) { FlipBit(values[key], 0); }},
    {"FlipsABitInTheMiddle",
     [](Values& values, const std::string& key) { FlipBit(values[key], values[key].size() / 2); }},
    {"FlipsABitAtTheBack",
     [](Values& values, const std::string& key) { FlipBit(values[key], values[key].size() - 1); }},
    {"ReplacesByNoise",
     [](Values& values, const std::string& key) { values[key] = Buffer(values[key].size(), 0x5A); }},
    {"ReplacesByItsNeighbour",
     [](Values& values, const std::string& key) { values[key] = NextOf(values, key)->second; }},
    {"SwapsWithItsNeighbour",
     [](Values& values, const std::string& key) { values[key].swap(NextOf(values, key)->second); }},
    {"HidesAllOfItsKind",
     [](Values& values, const std::string& key) {
       std::erase_if(values, [&](const auto& entry) { return entry.first[0] == key[0]; });
     }},
};

class HostileBox : public testing::TestWithParam<Lie> {};

TEST_P(HostileBox, IsFoundOutWhateverEntryItLiesAbout) {
  World world;
  const auto create = record::NatEventKind::kNat44SessionCreate;
  const SegmentId platform = world.Add(PlatformDay());
  const SegmentId sessions =
      world.Add({NatAt("2024-10-21T08:01:00Z", create, 51'234), NatAt("2024-10-21T08:02:00Z", create, 51'235),
                 NatAt("2024-10-21T08:03:00Z", create, 23'000)});
  const SegmentId people = world.Add({IdentityOf("u-77", "Lefèvre"), IdentityOf("u-12", "Martin")});
  const std::vector<resolve::LookUp> asked{ForMessage(), ForTuple(),
                                           ForNamedAccount({seal::Stream::kIdentity})};
  const std::size_t whole = world.Read(asked).value().rows.size();
  ASSERT_EQ(whole, 3U);
  const Values honest = world.box.values;
  std::map<char, std::size_t> found_out;  // by kind of entry
  for (const auto& [key, value] : honest) {
    GetParam().tell(world.box.values, key);
    const Result<resolve::Found> found = world.Read(asked);
    world.box.values = honest;
    if (found.ok()) {
      EXPECT_EQ(found.value().rows.size(), whole) << seal::DescribeKey(key);
      continue;
    }
    ++found_out[key[0]];
    const ErrorCode code = found.error().code();
    EXPECT_TRUE(code == ErrorCode::kStorage || code == ErrorCode::kCrypto) << found.error().what();
    if (key[0] != static_cast<char>(seal::BoxKind::kContents)) continue;
    bool named = false;
    for (const SegmentId& segment : {platform, sessions, people})
      named = named || found.error().what().find("segment " + segment.text()) != std::string::npos;
    EXPECT_TRUE(named) << found.error().what();
  }
  for (const seal::BoxKind kind : {seal::BoxKind::kContents, seal::BoxKind::kWrapped})
    EXPECT_GT(found_out[static_cast<char>(kind)], 0U) << static_cast<int>(kind);
}

INSTANTIATE_TEST_SUITE_P(All, HostileBox, testing::ValuesIn(kLies),
                         [](const auto& lie) { return std::string(lie.param.name); });

}  // namespace
}  // namespace probatio::custody::test
