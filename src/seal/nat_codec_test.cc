#include "seal/nat_codec.h"

#include <gtest/gtest.h>

#include "record/canonical.h"
#include "seal/test_nat_rows.h"
#include "seal/test_rows.h"

namespace probatio::seal {
namespace {

// A row with what its indices stand for, so that rows of different tables compare.
struct WholeRow {
  NatRow row;
  NatShape shape;
  NatInside inside;
  IpAddress address;
  bool operator==(const WholeRow& other) const {
    return std::tie(row.at_ns, row.end_ns, row.seq, row.end_seq, row.port, row.inside_port) ==
               std::tie(other.row.at_ns, other.row.end_ns, other.row.seq, other.row.end_seq, other.row.port,
                        other.row.inside_port) &&
           shape == other.shape && inside == other.inside && address == other.address;
  }
};

WholeRow Whole(const NatRow& row, const NatTables& tables) {
  return {row, tables.shapes()[row.shape], tables.insides()[row.inside], tables.addresses()[row.address]};
}

std::vector<WholeRow> Whole(std::span<const NatRow> rows, const NatTables& tables) {
  std::vector<WholeRow> whole;
  for (const NatRow& row : rows) whole.push_back(Whole(row, tables));
  return whole;
}

void ExpectFindAgrees(const Buffer& bytes, const NatRows& all, std::uint16_t port) {
  const Result<PlacedNatRows> found = FindNatRows(bytes, port);
  ASSERT_TRUE(found.ok()) << found.error().what();
  std::vector<std::uint16_t> places;
  for (std::size_t i = 0; i < all.rows.size(); ++i) {
    const NatShape& shape = all.tables.shapes()[all.rows[i].shape];
    if (shape.block || (shape.has_port && all.rows[i].port == port)) {
      places.push_back(static_cast<std::uint16_t>(i));
    }
  }
  ASSERT_EQ(found.value().places, places);
  for (std::size_t i = 0; i < places.size(); ++i) {
    EXPECT_EQ(Whole(found.value().rows[i], found.value().tables), Whole(all.rows[places[i]], all.tables));
  }
}

void ExpectRoundTrip(std::span<const NatRow> rows, const NatTables& tables) {
  const Buffer bytes = EncodeNatRows(rows, tables);
  const Result<NatRows> read = DecodeNatRows(bytes);
  ASSERT_TRUE(read.ok()) << read.error().what();
  EXPECT_EQ(Whole(read.value().rows, read.value().tables), Whole(rows, tables));
  ExpectFindAgrees(bytes, read.value(), rows.front().port);
  ExpectFindAgrees(bytes, read.value(), rows[rows.size() / 2].port);
  ExpectFindAgrees(bytes, read.value(), rows.back().port);
  ExpectFindAgrees(bytes, read.value(), static_cast<std::uint16_t>(rows.back().port + 1));
}

std::string RandomText(TestRandom* random, std::size_t size_max) {
  std::string text(random->Below(size_max + 1), 'a');
  for (char& letter : text) letter = static_cast<char>('a' + random->Below(3));
  return text;
}

NatShape RandomShape(TestRandom* random) {
  NatShape shape;
  shape.event = static_cast<record::NatEventKind>(1 + random->Below(17));
  shape.session = random->Chance(2);
  shape.has_inside_port = random->Chance(2);
  shape.has_seq = random->Chance(2);
  shape.has_end_seq = shape.session && random->Chance(2);
  shape.has_port = !random->Chance(4);
  shape.block = shape.has_port && random->Chance(4);
  if (shape.block && random->Chance(2)) shape.port_span = static_cast<std::uint16_t>(random->Next());
  if (shape.block && random->Chance(4)) shape.other_port = static_cast<std::uint16_t>(random->Next());
  if (shape.block && random->Chance(2)) shape.port_step = static_cast<std::uint16_t>(random->Below(9));
  if (random->Chance(2)) shape.proto = static_cast<std::uint8_t>(random->Next());
  if (random->Chance(3)) shape.clock.resolution_ns = static_cast<std::int64_t>(random->Next() >> 1);
  if (random->Chance(3)) shape.clock.error_ns = static_cast<std::int64_t>(random->Next() >> 1);
  shape.clock.source = static_cast<ClockSource>(1 + random->Below(4));
  if (random->Chance(4)) shape.clock.offset.ns = static_cast<std::int64_t>(random->Next());
  shape.exporter = RandomText(random, 9);
  if (random->Chance(2)) shape.domain = static_cast<std::uint32_t>(random->Next());
  if (random->Chance(2)) shape.inside_realm = RandomText(random, 9);
  return shape;
}

IpAddress RandomAddress(TestRandom* random) {
  if (!random->Chance(3))
    return IpAddress::V4(static_cast<std::uint32_t>(random->Next() >> random->Below(32)));
  std::array<std::uint8_t, 16> octets{0x20, 0x01, 0x0D, 0xB8};
  octets[7] = static_cast<std::uint8_t>(random->Below(3));
  octets[15] = static_cast<std::uint8_t>(random->Next());
  return IpAddress::V6(octets);
}

NatInside RandomInside(TestRandom* random) {
  NatInside inside;
  if (!random->Chance(4)) inside.ip = RandomAddress(random);
  if (random->Chance(2)) inside.subscriber = RandomText(random, 12);
  return inside;
}

// Rows of every shape at once, over spans of time from a second to the whole range of instants.
std::vector<NatRow> RandomRows(TestRandom* random, NatTables* tables) {
  std::vector<std::uint32_t> shapes;
  std::vector<std::uint32_t> insides;
  for (std::uint64_t i = random->Below(6) + 1; i > 0; --i)
    shapes.push_back(tables->ShapeOf(RandomShape(random)));
  for (std::uint64_t i = random->Below(40) + 1; i > 0; --i)
    insides.push_back(tables->InsideOf(RandomInside(random)));
  const std::uint32_t address = tables->AddressOf(RandomAddress(random));
  const std::int64_t unit = std::array<std::int64_t, 4>{1, 1000, kNsPerMs, kNsPerSecond}[random->Below(4)];
  const unsigned narrow = static_cast<unsigned>(random->Below(60));
  const unsigned few_ports = static_cast<unsigned>(random->Below(16));
  std::vector<NatRow> rows(1 + random->Below(random->Chance(4) ? 900 : 40));
  for (NatRow& row : rows) {
    row.shape = shapes[random->Below(shapes.size())];
    row.inside = insides[random->Below(insides.size())];
    row.address = address;
    const NatShape& shape = tables->shapes()[row.shape];
    row.at_ns = (static_cast<std::int64_t>(random->Next()) >> narrow) / unit * unit;
    row.end_ns = row.at_ns;
    if (shape.session && random->Chance(2)) {
      row.end_ns = (static_cast<std::int64_t>(random->Next()) >> narrow) / unit * unit;
      if (row.end_ns < row.at_ns) std::swap(row.end_ns, row.at_ns);
    }
    if (shape.has_port)
      row.port = static_cast<std::uint16_t>((random->Next() & 0xFFFF) >> few_ports << few_ports / 2);
    if (shape.has_inside_port) row.inside_port = static_cast<std::uint16_t>(random->Next());
    if (shape.has_seq) row.seq = random->Next() >> narrow;
    if (shape.has_end_seq) row.end_seq = static_cast<std::uint64_t>(row.end_ns) / 7 + random->Below(100);
  }
  SortRows(&rows);
  return rows;
}

NatRow RowAt(NatTables* tables, const NatShape& shape, std::int64_t at_ns, std::int64_t end_ns) {
  NatRow row;
  row.shape = tables->ShapeOf(shape);
  row.inside = tables->InsideOf({});
  row.address = tables->AddressOf(IpAddress::V4(0xCB007107));
  row.at_ns = at_ns;
  row.end_ns = end_ns;
  return row;
}

NatShape Session() {
  NatShape shape;
  shape.session = true;
  shape.has_port = true;
  return shape;
}

TEST(NatCodec, GivesBackRowsOfEveryShape) {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    TestRandom random(seed);
    NatTables tables;
    ExpectRoundTrip(RandomRows(&random, &tables), tables);
    if (testing::Test::HasFailure()) return;
  }
}

TEST(NatCodec, FindsOfEachPortWhatDecodingEverythingShows) {
  TestRandom random(7);
  NatTables tables;
  const std::vector<NatRow> all = TestSessions(&random, &tables, 34'000, kNsPerMs);
  const std::vector<NatRow> rows(all.begin(), all.begin() + 1000);
  const Buffer bytes = EncodeNatRows(rows, tables);
  const NatRows read = DecodeNatRows(bytes).value();
  for (unsigned port = 1020; port <= rows.back().port + 3U; ++port) {
    ExpectFindAgrees(bytes, read, static_cast<std::uint16_t>(port));
  }
}

TEST(NatCodec, HoldsOneRowAndAFullBlock) {
  NatTables tables;
  ExpectRoundTrip(std::vector{RowAt(&tables, Session(), 0, 0)}, tables);
  TestRandom random(3);
  const std::vector<NatRow> full = TestSessions(&random, &tables, kRowsPerBlockMax, kNsPerMs);
  ExpectRoundTrip(full, tables);
}

TEST(NatCodec, HoldsInstantsAtTheEndsOfTheirRange) {
  NatTables tables;
  const std::vector<NatRow> rows{RowAt(&tables, Session(), INT64_MIN, INT64_MIN),
                                 RowAt(&tables, Session(), INT64_MIN, INT64_MAX),
                                 RowAt(&tables, Session(), INT64_MAX, INT64_MAX)};
  ExpectRoundTrip(rows, tables);
}

// Every row its own inside, subscriber and shape: no column profits from any other.
TEST(NatCodec, HoldsAFullBlockInWhichNothingReturns) {
  NatTables tables;
  std::vector<NatRow> rows;
  for (std::size_t i = 0; i < kRowsPerBlockMax; ++i) {
    NatShape shape = Session();
    shape.domain = static_cast<std::uint32_t>(i);
    rows.push_back(RowAt(&tables, shape, -static_cast<std::int64_t>(i), std::int64_t{1} << i % 60));
    NatInside inside;
    inside.subscriber = std::to_string(i * 0x9E3779B97F4A7C15ULL);
    rows.back().inside = tables.InsideOf(inside);
    rows.back().port = static_cast<std::uint16_t>(i * 16);
  }
  ExpectRoundTrip(rows, tables);
}

// Occurrences that grow like Fibonacci's numbers make the longest codes there are.
TEST(NatCodec, HoldsTheLongestCodes) {
  NatTables tables;
  std::vector<NatRow> rows;
  std::size_t times = 1;
  for (std::size_t i = 0, before = 0; rows.size() + times <= kRowsPerBlockMax; ++i) {
    NatInside inside;
    inside.ip = IpAddress::V4(static_cast<std::uint32_t>(i));
    NatRow row = RowAt(&tables, Session(), 0, 0);
    row.inside = tables.InsideOf(inside);
    rows.insert(rows.end(), times, row);
    times += std::exchange(before, times);
  }
  EXPECT_EQ(tables.insides().size(), 1U + 16U);  // RowAt's own, which no row names, and 16 of the rows
  ExpectRoundTrip(rows, tables);
}

TEST(NatCodec, OneEncoderServesBlockAfterBlockOfAnyTables) {
  NatEncoder encoder;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    TestRandom random(seed);
    NatTables tables;
    const std::vector<NatRow> rows = RandomRows(&random, &tables);
    EXPECT_EQ(encoder.Encode(rows, tables), EncodeNatRows(rows, tables)) << "seed " << seed;
  }
}

// The same rows have the same bytes, in whichever order their tables were filled.
TEST(NatCodec, DoesNotShowTheOrderOfTheTables) {
  TestRandom random(5);
  NatTables tables;
  std::vector<NatRow> rows = RandomRows(&random, &tables);
  NatTables other;
  for (auto it = tables.shapes().rbegin(); it != tables.shapes().rend(); ++it) other.ShapeOf(*it);
  for (auto it = tables.insides().rbegin(); it != tables.insides().rend(); ++it) other.InsideOf(*it);
  const Buffer bytes = EncodeNatRows(rows, tables);
  for (NatRow& row : rows) {
    row.shape = other.ShapeOf(tables.shapes()[row.shape]);
    row.inside = other.InsideOf(tables.insides()[row.inside]);
    row.address = other.AddressOf(tables.addresses()[row.address]);
  }
  EXPECT_EQ(EncodeNatRows(rows, other), bytes);
}

// Bounds a little above what is measured: 4 % over the entropy of the model at 1000 rows a block.
TEST(NatCodec, StaysCloseToTheEntropyOfItsRows) {
  const auto bytes_per_row = [](std::vector<NatRow> rows, const NatTables& tables, std::size_t size) {
    rows.resize(size);
    return static_cast<double>(EncodeNatRows(rows, tables).size()) / static_cast<double>(size);
  };
  TestRandom random(9);
  NatTables tables;
  EXPECT_LE(bytes_per_row(TestSessions(&random, &tables, 34'000, kNsPerMs), tables, 1000), 6.10);
  EXPECT_LE(bytes_per_row(TestSessions(&random, &tables, 34'000, kNsPerSecond), tables, 1000), 3.60);
  EXPECT_LE(bytes_per_row(TestPortBlocks(&random, &tables, 600, kNsPerMs), tables, 600), 7.45);
  EXPECT_LE(bytes_per_row(TestPortBlocks(&random, &tables, 600, kNsPerSecond), tables, 600), 4.95);
}

TEST(NatCodec, TakesTextsUpToTheirLimit) {
  NatTables tables;
  NatShape shape = Session();
  shape.exporter = std::string(record::kTextBytesMax, 'e');
  NatRow row = RowAt(&tables, shape, 0, 0);
  NatInside inside;
  inside.subscriber = std::string(record::kTextBytesMax, 's');
  row.inside = tables.InsideOf(inside);
  ExpectRoundTrip(std::vector{row}, tables);
}

TEST(NatCodecDeathTest, StopsAtRowsThatItsCallerShouldNotHaveMade) {
  NatTables tables;
  const auto encode = [&](const std::vector<NatRow>& rows) {
    static_cast<void>(EncodeNatRows(rows, tables));
  };
  const NatRow row = RowAt(&tables, Session(), 5, 6);
  EXPECT_DEATH(encode({}), "rows.empty");
  EXPECT_DEATH(encode(std::vector<NatRow>(kRowsPerBlockMax + 1, row)), "kRowsPerBlockMax");
  NatRow other = row;
  other.port = 1;
  EXPECT_DEATH(encode({other, row}), "row.port");
  other = row;
  other.end_ns = 7;
  EXPECT_DEATH(encode({other, row}), "row.end_ns");
  other.address = tables.AddressOf(IpAddress::V4(1));
  EXPECT_DEATH(encode({row, other}), "address");
  other = row;
  other.at_ns = 7;
  EXPECT_DEATH(encode({other}), "at_ns");
  other = row;
  other.seq = 1;
  EXPECT_DEATH(encode({other}), "has_seq");
  other = row;
  other.inside = 9;
  EXPECT_DEATH(encode({other}), "insides");
  NatShape shape = Session();
  shape.exporter = std::string(record::kTextBytesMax + 1, 'e');
  EXPECT_DEATH(encode({RowAt(&tables, shape, 0, 0)}), "kTextBytesMax");
}

Buffer Example() {
  TestRandom random(11);
  NatTables tables;
  std::vector<NatRow> rows = TestSessions(&random, &tables, 60, kNsPerMs);
  NatShape shape = tables.shapes()[0];
  shape.has_seq = shape.has_end_seq = shape.has_inside_port = true;
  for (std::size_t i = 0; i < rows.size(); i += 2) {
    rows[i].shape = tables.ShapeOf(shape);
    rows[i].seq = i * 1000;
    rows[i].end_seq = static_cast<std::uint64_t>(rows[i].end_ns / kNsPerSecond);
    rows[i].inside_port = static_cast<std::uint16_t>(random.Next());
  }
  return EncodeNatRows(rows, tables);
}

void ExpectRefusedOrCanonical(const Buffer& bytes) {
  const Result<NatRows> read = DecodeNatRows(bytes);
  if (read.ok()) {
    EXPECT_EQ(EncodeNatRows(read.value().rows, read.value().tables), bytes);
  } else {
    EXPECT_EQ(read.error().code(), ErrorCode::kInvalid);
  }
  for (const std::uint16_t port : std::initializer_list<std::uint16_t>{0, 20'000, 65'535}) {
    const Result<PlacedNatRows> found = FindNatRows(bytes, port);
    EXPECT_TRUE(found.ok() || found.error().code() == ErrorCode::kInvalid);
  }
}

TEST(DecodeNatRows, OfBytesCutShortIsRefused) {
  const Buffer bytes = Example();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const Buffer cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(Code(DecodeNatRows(cut)), ErrorCode::kInvalid) << size;
    ExpectRefusedOrCanonical(cut);
  }
  Buffer longer = bytes;
  longer.push_back(0);
  EXPECT_EQ(Code(DecodeNatRows(longer)), ErrorCode::kInvalid);
}

TEST(DecodeNatRows, OfBytesWithAnyBitChangedIsRefusedOrIsWhatWouldBeWritten) {
  const Buffer bytes = Example();
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    Buffer altered = bytes;
    altered[bit / 8] = static_cast<std::uint8_t>(altered[bit / 8] ^ 1U << bit % 8);
    ExpectRefusedOrCanonical(altered);
  }
}

TEST(DecodeNatRows, SaysWhatIsWrong) {
  const auto what = [](const char* hex) { return What(DecodeNatRows(FromHex(hex).value())); };
  EXPECT_EQ(what(""), "nat rows: truncated at offset 0");
  EXPECT_EQ(what("01"), "nat rows: layout 1 is not 2");
  EXPECT_EQ(what("020000"), "nat rows: 0 rows, not 1 to 4096");
  EXPECT_EQ(what("021001"), "nat rows: 4097 rows, not 1 to 4096");
  EXPECT_EQ(what("02000104cb00710702"), "nat rows: 2 shapes, not 1 to 1");
  EXPECT_EQ(what("02000104cb007107014000"), "nat rows: flags 0x4000 of a shape");
  EXPECT_EQ(what("02000104cb00710701000000"), "nat rows: no such event");
  EXPECT_EQ(what("02000104cb0071070100000400000181080000"), "nat rows: text of 1025 octets");
}

}  // namespace
}  // namespace probatio::seal
