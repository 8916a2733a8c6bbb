#include "seal/journal.h"

#include <gtest/gtest.h>

#include "seal/journal_format.h"
#include "seal/nat_batch.h"
#include "seal/nat_event_row.h"
#include "seal/nat_sort.h"
#include "seal/test_rows.h"

namespace probatio::seal {
namespace {

using Rows = std::vector<record::Record>;

const Selector kBucket = ForPublicTuple(IpAddress::V4(0xCB007107), 51'234);

// Three batches of a session segment; the port of each row is its batch's.
struct World {
  World() {
    for (std::int64_t i = 0; i < 3; ++i) Append({SessionAt(i, 51'234), SessionAt(i, 1'000)});
  }
  void Append(const Rows& rows) {
    batches.push_back(SealBatch(segment, keys, rows, {}, &head, random).value());
  }
  Result<Rows> Search(const Selector& selector) {
    const Token token = keys.TokenOf(selector);
    return SearchJournal(segment, batches, head, keys.JournalIndexKey(), token, keys.KeysOf(token));
  }

  crypto::SeededRandom random{1};
  SegmentId segment = SegmentId::Parse("nat_session-20241021T081500Z-00000001").value();
  WindowKeys keys{KeyOf(1)};
  JournalHead head;
  std::vector<Buffer> batches;
};

record::Account AccountOf(const std::string& id) {
  record::Account account;
  account.account = id;
  return account;
}

TEST(Journal, GivesBackTheRowsOfATokenFromEveryBatchInOrder) {
  World world;
  const Rows expected{SessionAt(0, 51'234), SessionAt(1, 51'234), SessionAt(2, 51'234)};
  EXPECT_EQ(world.Search(kBucket).value(), expected);
}

TEST(Journal, GivesNothingForATokenThatIsInNoBatch) {
  World world;
  EXPECT_TRUE(world.Search(ForPublicTuple(IpAddress::V4(0xCB007108), 51'234)).value().empty());
}

TEST(Journal, WithoutABatchHoldsNothing) {
  World world;
  world.batches.clear();
  world.head = {};
  EXPECT_TRUE(world.Search(kBucket).value().empty());
}

TEST(Journal, FindsAMessageByItsLightCopy) {
  World world;
  world.Append({MessageSent("u-48213", "m-1")});
  const Rows light = world.Search(ForMessage("m-1")).value();
  ASSERT_EQ(light.size(), 1U);
  EXPECT_EQ(std::get<record::Activity>(light[0]).account, "u-48213");
  EXPECT_FALSE(std::get<record::Activity>(light[0]).source_ip.has_value());
  EXPECT_EQ(world.Search(ForAccount("u-48213")).value(), Rows{MessageSent("u-48213", "m-1")});
}

TEST(Journal, NamesAMissingBatch) {
  for (std::size_t missing = 0; missing < 3; ++missing) {
    World world;
    world.batches.erase(world.batches.begin() + static_cast<std::ptrdiff_t>(missing));
    const Result<Rows> found = world.Search(kBucket);
    EXPECT_EQ(Code(found), ErrorCode::kStorage);
    EXPECT_EQ(What(found), "journal: batch " + std::to_string(missing) + " is missing");
  }
}

TEST(Journal, NamesTheBatchOfEveryFlippedOctet) {
  World world;
  for (std::size_t i = 0; i < world.batches.size(); ++i) {
    for (std::uint8_t& octet : world.batches[i]) {
      octet ^= 1;
      EXPECT_EQ(What(world.Search(kBucket)), "journal: batch " + std::to_string(i) + " was altered");
      octet ^= 1;
    }
  }
  EXPECT_TRUE(world.Search(kBucket).ok());
}

TEST(Journal, RefusesSwappedOrAddedBatchesAndAnotherSegment) {
  World world;
  std::swap(world.batches[0], world.batches[1]);
  EXPECT_EQ(What(world.Search(kBucket)), "journal: batch 1 was altered");
  std::swap(world.batches[0], world.batches[1]);
  world.batches.push_back(world.batches.back());
  EXPECT_EQ(What(world.Search(kBucket)), "journal: 4 batches, the ledger knows 3");
  world.batches.pop_back();
  world.segment = SegmentId::Parse("nat_session-20241021T081500Z-00000002").value();
  EXPECT_EQ(What(world.Search(kBucket)), "journal: batch 2: of another segment");
}

// The seals hold on their own: even where the chain was made to fit, nothing altered is returned.
TEST(Journal, FindsAFlippedOctetEvenWhenTheHeadWasMadeToFit) {
  World world;
  world.head = {};
  world.batches.clear();
  world.Append({SessionAt(0, 51'234)});
  Buffer& batch = world.batches[0];
  for (std::uint8_t& octet : batch) {
    octet ^= 1;
    world.head.digest = crypto::Sha256(batch);
    EXPECT_FALSE(world.Search(kBucket).ok());
    octet ^= 1;
  }
}

TEST(Journal, IsOpenedByNeitherAnotherIndexKeyNorAnotherTokensKeys) {
  World world;
  const Token token = world.keys.TokenOf(kBucket);
  const auto search = [&](const Key& index_key, const TokenKeys& keys) {
    return What(SearchJournal(world.segment, world.batches, world.head, index_key, token, keys));
  };
  EXPECT_EQ(search(KeyOf(9), world.keys.KeysOf(token)),
            "journal: batch 0: index: sealed bytes: wrong key, or altered");
  EXPECT_EQ(search(world.keys.JournalIndexKey(), world.keys.KeysOf(kTokenEnd)),
            "journal: batch 0: fragment: sealed bytes: wrong key, or altered");
}

TEST(Journal, OfSubjectsOpensWithTheSubjectsKeyOnly) {
  World world;
  world.head = {};
  const Rows rows{AccountOf("u-1"), AccountOf("u-2"), AccountOf("u-1")};
  const SubjectPublic one{SubjectHandle{1}, crypto::BoxPublicOf(KeyOf(5))};
  const SubjectPublic two{SubjectHandle{2}, crypto::BoxPublicOf(KeyOf(6))};
  const std::vector<SubjectPublic> subjects{one, two, one};
  world.batches = {SealBatch(world.segment, world.keys, rows, subjects, &world.head, world.random).value()};
  const auto search = [&](const Key& private_key) {
    return SearchSubjectJournal(world.segment, world.batches, world.head, world.keys.JournalIndexKey(),
                                TokenOfSubject(one.handle), private_key);
  };
  EXPECT_EQ(search(KeyOf(5)).value(), (Rows{AccountOf("u-1"), AccountOf("u-1")}));
  EXPECT_EQ(Code(search(KeyOf(6))), ErrorCode::kCrypto);
}

TEST(SealBatch, ThatIsRefusedLeavesTheHeadWhereItWas) {
  World world;
  const JournalHead before = world.head;
  const auto seal = [&](const Rows& rows, const std::vector<SubjectPublic>& subjects) {
    return What(SealBatch(world.segment, world.keys, rows, subjects, &world.head, world.random));
  };
  EXPECT_EQ(seal({}, {}), "journal: a batch without records");
  record::NatEvent nowhere = SessionAt(0, 1);
  nowhere.public_ip.reset();
  EXPECT_EQ(seal({SessionAt(0, 1), nowhere}, {}),
            "journal: record 1: nat event: no public address to be found by");
  record::NatEvent too_long = SessionAt(0, 1);
  too_long.subscriber = std::string(record::kTextBytesMax + 1, 'a');
  EXPECT_EQ(seal({too_long}, {}), "journal: record 0: subscriber: longer than 1024 bytes");
  const SubjectPublic one{SubjectHandle{1}, crypto::BoxPublicOf(KeyOf(5))};
  const SubjectPublic same_handle{SubjectHandle{1}, crypto::BoxPublicOf(KeyOf(6))};
  EXPECT_EQ(seal({AccountOf("u-1"), AccountOf("u-1")}, {one, same_handle}),
            "journal: record 1: two keys for one handle");
  EXPECT_EQ(world.head, before);
  EXPECT_TRUE(world.Search(kBucket).ok());
}

TEST(SealBatch, KeepsTheLimitOfABatch) {
  World world;
  record::Identity identity;
  identity.holder = "L-1";
  identity.emails = std::vector<std::string>(63, std::string(record::kTextBytesMax, 'a'));
  const SubjectPublic subject{SubjectHandle{1}, crypto::BoxPublicOf(KeyOf(5))};
  const std::size_t row = record::RecordBytes(identity).size() + 2;
  const Rows fitting((kBatchBytesMax - 1000) / row, identity);
  const Rows too_many(kBatchBytesMax / row + 1, identity);
  const auto seal = [&](const Rows& rows) {
    const std::vector<SubjectPublic> subjects(rows.size(), subject);
    return What(SealBatch(world.segment, world.keys, rows, subjects, &world.head, world.random));
  };
  EXPECT_EQ(seal(fitting), "ok");
  const JournalHead before = world.head;
  EXPECT_EQ(seal(too_many), "journal: batch of more than 67108864 bytes");
  EXPECT_EQ(world.head, before);
}

TEST(SealBatchDeathTest, NeverPutsASubjectsRowUnderAWindowKey) {
  World world;
  const Rows rows{AccountOf("u-1")};
  EXPECT_DEATH(static_cast<void>(SealBatch(world.segment, world.keys, rows, {}, &world.head, world.random)),
               "IsSubjectStream");
}

TEST(ReadBatchHeader, GivesTheClearPart) {
  const World world;
  const BatchHeader header = ReadBatchHeader(world.batches[1]).value();
  EXPECT_EQ(header.segment, world.segment);
  EXPECT_EQ(header.number, 1U);
  EXPECT_EQ(header.before, crypto::Sha256(world.batches[0]));
}

TEST(ReadBatchHeader, NamesWhatIsWrongWithTheBytes) {
  const World world;
  Buffer batch = world.batches[0];
  EXPECT_EQ(What(ReadBatchHeader({})), "journal batch: header: truncated at offset 0");
  batch[8] = 3;
  EXPECT_EQ(What(ReadBatchHeader(batch)), "journal batch: header: version 3 is unknown");
  batch[0] = 'X';
  EXPECT_EQ(What(ReadBatchHeader(batch)), "journal batch: header: no journal batch: wrong mark at offset 0");
  EXPECT_EQ(What(ReadBatchHeader(Buffer(kBatchBytesMax + 1))),
            "journal batch: 67108865 bytes, more than 67108864");
  for (std::size_t size = 0; size < 87; ++size) {
    EXPECT_FALSE(ReadBatchHeader(Bytes(world.batches[0]).first(size)).ok());
  }
}

TEST(JournalIndex, RefusesEntriesThatDoNotCoverTheFragments) {
  const std::vector<FragmentPlace> places{{Token{1}, 0, 40}, {Token{2}, 40, 60}};
  EXPECT_EQ(ParseIndex(IndexBytes({places, {}}), 100).value().places.size(), 2U);
  EXPECT_EQ(What(ParseIndex(IndexBytes({places, {}}), 101)), "fragments of 101 bytes, not 100");
  std::vector<FragmentPlace> wrong{places[1], places[0]};
  EXPECT_EQ(What(ParseIndex(IndexBytes({wrong, {}}), 100)), "entry 0: fragments do not lie end to end");
  wrong = {{Token{2}, 0, 40}, {Token{1}, 40, 60}};
  EXPECT_EQ(What(ParseIndex(IndexBytes({wrong, {}}), 100)), "entry 1: tokens do not ascend");
  EXPECT_EQ(What(ParseIndex(FromHex("ffffffff").value(), 0)), "4294967295 entries in 0 bytes");
  EXPECT_EQ(What(ParseIndex(FromHex("00000000").value(), 0)), "0 entries in 0 bytes");
  record::Activity login;
  login.account = "u-1";
  ByteWriter foreign;
  foreign.Raw(IndexBytes({places, {}}));
  AppendRow(login, &foreign);
  EXPECT_EQ(What(ParseIndex(foreign.bytes(), 100)), "a shape that is no nat event");
}

// A NAT segment's own journal, over rows instead of records.
struct NatWorld : World {
  NatWorld() {
    batches.clear();
    head = {};
  }
  Result<Buffer> Seal(const Rows& rows) {
    std::vector<NatRow> nat;
    for (const record::Record& row : rows) nat.push_back(maker.RowOf(std::get<record::NatEvent>(row)));
    std::vector<NatRow> room;
    GroupNatRows(Stream::kNatSession, &nat, &room);
    return journal.Seal(nat, tables, &head);
  }

  NatTables tables;
  NatRowMaker maker{&tables};
  NatJournal journal{segment, Stream::kNatSession, keys, random};
};

TEST(NatJournal, GivesBackTheEventsOfATokenFromEveryBatch) {
  NatWorld world;
  record::NatEvent bare = SessionAt(7, 51'300);  // of the same bucket, with little said
  bare.origin.seq.reset();
  bare.origin.exporter.clear();
  bare.inside_ip.reset();
  bare.inside_port.reset();
  bare.proto.reset();
  record::NatEvent whole = SessionAt(8, 51'301);
  whole.end_at = whole.origin.at.at + 5 * kNsPerSecond;
  whole.end_seq = 9;
  whole.inside_realm = "vrf-3";
  world.batches.push_back(world.Seal({SessionAt(0, 51'234), SessionAt(0, 1'000), bare}).value());
  world.batches.push_back(world.Seal({whole}).value());
  EXPECT_EQ(world.head.batches, 2U);
  EXPECT_EQ(world.Search(kBucket).value(), (Rows{SessionAt(0, 51'234), bare, whole}));
  EXPECT_TRUE(world.Search(ForPublicTuple(IpAddress::V4(0xCB007108), 51'234)).value().empty());
}

TEST(NatJournal, GivesBackPortBlocksWithTheirRange) {
  NatWorld world;
  const SegmentId segment = SegmentId::Parse("nat_block-20241021T000000Z-00000001").value();
  NatJournal journal(segment, Stream::kNatBlock, world.keys, world.random);
  record::NatEvent block = SessionAt(0, 1);
  block.event = record::NatEventKind::kPortBlockAllocate;
  block.public_port.reset();
  block.port_first = 65'000;
  block.port_last = 65'511;
  block.port_step = 4;
  block.subscriber = std::string(300, 'L');
  JournalHead head;
  const std::vector<NatRow> rows{world.maker.RowOf(block)};
  const std::vector<Buffer> batches{journal.Seal(rows, world.tables, &head).value()};
  const Token token = world.keys.TokenOf(ForPublicIp(*block.public_ip));
  EXPECT_EQ(
      SearchJournal(segment, batches, head, world.keys.JournalIndexKey(), token, world.keys.KeysOf(token))
          .value(),
      Rows{block});
}

TEST(NatJournal, RefusesABatchOfMoreShapesThanItCanNumber) {
  NatWorld world;
  Rows rows(kBatchShapesMax, SessionAt(0, 51'234));
  for (std::size_t i = 0; i < rows.size(); ++i)
    std::get<record::NatEvent>(rows[i]).origin.domain = static_cast<std::uint32_t>(i);
  EXPECT_TRUE(world.Seal(rows).ok());
  const JournalHead before = world.head;
  rows.push_back(SessionAt(0, 51'234));
  EXPECT_EQ(What(world.Seal(rows)), "journal: more than 65536 shapes of rows in one batch");
  EXPECT_EQ(world.head, before);
}

}  // namespace
}  // namespace probatio::seal
