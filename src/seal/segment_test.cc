#include "seal/segment.h"

#include <gtest/gtest.h>

#include "seal/test_rows.h"

namespace probatio::seal {
namespace {

// All rows of a token, opened block by block.
std::vector<record::Record> RowsUnder(const SegmentBuilder& builder, const SegmentImage& image,
                                      const Token& token, const TokenKeys& keys) {
  std::vector<record::Record> rows;
  const LeafRange range = FindToken(image.leaves, token);
  for (std::size_t i = range.first; i < range.end; ++i) {
    const OpenedBlock block = OpenBlock(builder.id(), image.leaves[i], keys, image.blocks[i - 1]).value();
    rows.insert(rows.end(), block.rows.begin(), block.rows.end());
  }
  return rows;
}

std::vector<record::Record> RowsUnder(SegmentBuilder& builder, const SegmentImage& image,
                                      const Selector& selector) {
  const Token token = builder.keys().TokenOf(selector);
  return RowsUnder(builder, image, token, builder.keys().KeysOf(token));
}

record::Account AccountOf(const std::string& id, const std::string& pseudonym) {
  record::Account account;
  account.origin.at.at = At("2024-10-21T08:15:00Z");
  account.account = id;
  account.pseudonyms = {pseudonym};
  return account;
}

SubjectPublic SubjectOf(std::uint8_t handle, const Key& private_key) {
  return {SubjectHandle{handle}, crypto::BoxPublicOf(private_key)};
}

TEST(Segment, GivesBackTheRowsOfASelectorSortedByPortAndNoOthers) {
  crypto::SeededRandom random(1);
  SegmentBuilder builder = BuilderFor(SessionAt(0, 1));
  ASSERT_TRUE(builder.Add(SessionAt(900, 1'100)).ok());
  ASSERT_TRUE(builder.Add(SessionAt(100, 1'200)).ok());
  ASSERT_TRUE(builder.Add(SessionAt(500, 51'234)).ok());
  EXPECT_EQ(builder.rows(), 3U);
  const SegmentImage image = builder.Build(random);
  EXPECT_EQ(image.rows, 3U);
  EXPECT_EQ(image.leaves.size(), 3U);
  EXPECT_EQ(Code(CheckChain(image.leaves)), ErrorCode{});
  EXPECT_EQ(SegmentRoot(image.leaves), image.root);
  const std::vector<record::Record> bucket{SessionAt(900, 1'100), SessionAt(100, 1'200)};
  EXPECT_EQ(RowsUnder(builder, image, ForPublicTuple(IpAddress::V4(0xCB007107), 1'024)), bucket);
}

TEST(Segment, IsEmptyAfterItsImageWasTaken) {
  crypto::SeededRandom random(1);
  SegmentBuilder builder = BuilderFor(SessionAt(0, 1));
  ASSERT_TRUE(builder.Add(SessionAt(0, 1)).ok());
  static_cast<void>(builder.Build(random));
  const SegmentImage image = builder.Build(random);
  EXPECT_EQ(image.rows, 0U);
  ASSERT_EQ(image.leaves.size(), 1U);
  EXPECT_EQ(image.leaves[0].next, kTokenEnd);
  EXPECT_TRUE(CheckChain(image.leaves).ok());
}

TEST(Segment, FindsAMessageByItsLightCopyWhichIsNotCounted) {
  crypto::SeededRandom random(1);
  const record::Activity sent = MessageSent("u-48213", "m-1");
  SegmentBuilder builder = BuilderFor(sent);
  ASSERT_TRUE(builder.Add(sent).ok());
  const SegmentImage image = builder.Build(random);
  EXPECT_EQ(image.rows, 1U);
  EXPECT_EQ(image.blocks.size(), 2U);
  EXPECT_EQ(RowsUnder(builder, image, ForAccount("u-48213")), std::vector<record::Record>{sent});
  const std::vector<record::Record> light = RowsUnder(builder, image, ForMessage("m-1"));
  ASSERT_EQ(light.size(), 1U);
  EXPECT_EQ(std::get<record::Activity>(light[0]).account, "u-48213");
  EXPECT_FALSE(std::get<record::Activity>(light[0]).source_ip.has_value());
}

TEST(Segment, CutsATokenAtTheRowsOfABlockAndMarksTheLast) {
  crypto::SeededRandom random(1);
  SegmentBuilder builder = BuilderFor(SessionAt(0, 1));
  for (std::size_t i = 0; i <= kRowsPerBlockMax; ++i) {
    ASSERT_TRUE(builder.Add(SessionAt(static_cast<std::int64_t>(i), 1)).ok());
  }
  const SegmentImage image = builder.Build(random);
  ASSERT_EQ(image.leaves.size(), 3U);
  EXPECT_FALSE(image.leaves[1].last);
  EXPECT_TRUE(image.leaves[2].last);
  EXPECT_EQ(image.leaves[2].position, 1U);
  EXPECT_EQ(RowsUnder(builder, image, ForPublicTuple(IpAddress::V4(0xCB007107), 1)).size(),
            kRowsPerBlockMax + 1);

  std::vector<BlockLeaf> without_first = image.leaves;
  without_first.erase(without_first.begin() + 1);
  EXPECT_EQ(Code(CheckChain(without_first)), ErrorCode::kCrypto);
  std::vector<BlockLeaf> without_last = image.leaves;
  without_last.pop_back();
  EXPECT_EQ(Code(CheckChain(without_last)), ErrorCode::kCrypto);
}

TEST(Segment, NeverUsesASaltTwiceInTheBlocksOfOneToken) {
  crypto::SeededRandom random(1);
  SegmentBuilder builder = BuilderFor(SessionAt(0, 1));
  for (std::size_t i = 0; i <= kRowsPerBlockMax; ++i) ASSERT_TRUE(builder.Add(SessionAt(0, 1)).ok());
  const SegmentImage image = builder.Build(random);
  const TokenKeys keys = builder.keys().KeysOf(image.leaves[1].token);
  const OpenedBlock first = OpenBlock(builder.id(), image.leaves[1], keys, image.blocks[0]).value();
  const OpenedBlock second = OpenBlock(builder.id(), image.leaves[2], keys, image.blocks[1]).value();
  EXPECT_EQ(first.rows[0], second.rows[0]);
  EXPECT_NE(first.salts[0], second.salts[0]);
}

TEST(Segment, CutsATokenAtTheBytesOfABlock) {
  crypto::SeededRandom random(1);
  const Key private_key = KeyOf(5);
  record::Identity identity;
  identity.origin.at.at = At("2024-10-21T08:15:00Z");
  identity.holder = "L-1";
  identity.emails = std::vector<std::string>(60, std::string(record::kTextBytesMax, 'a'));
  const std::size_t per_block = kBlockRecordBytesMax / record::RecordBytes(identity).size();
  SegmentBuilder builder = BuilderFor(identity);
  for (std::size_t i = 0; i <= per_block; ++i) {
    ASSERT_TRUE(builder.AddFor(SubjectOf(1, private_key), identity).ok());
  }
  const SegmentImage image = builder.Build(random);
  ASSERT_EQ(image.leaves.size(), 3U);
  const OpenedBlock first =
      OpenSubjectBlock(builder.id(), image.leaves[1], private_key, image.blocks[0]).value();
  EXPECT_EQ(first.rows.size(), per_block);
}

TEST(Segment, OfTheSameSelectorsUnderAnotherKeySharesNoToken) {
  crypto::SeededRandom random(1);
  std::vector<SegmentImage> images;
  for (const std::uint8_t key : std::initializer_list<std::uint8_t>{1, 2}) {
    SegmentBuilder builder = BuilderFor(SessionAt(0, 1), key);
    for (const std::uint16_t port : std::initializer_list<std::uint16_t>{1, 2'000, 51'234})
      ASSERT_TRUE(builder.Add(SessionAt(0, port)).ok());
    images.push_back(builder.Build(random));
  }
  for (std::size_t i = 1; i < images[0].leaves.size(); ++i) {
    const LeafRange hit = FindToken(images[1].leaves, images[0].leaves[i].token);
    EXPECT_EQ(hit.first, hit.end);
  }
}

TEST(Segment, OfSubjectsOpensEachWithItsOwnKeyOnly) {
  crypto::SeededRandom random(1);
  SegmentBuilder builder = BuilderFor(AccountOf("u-1", "A"));
  ASSERT_TRUE(builder.AddFor(SubjectOf(1, KeyOf(5)), AccountOf("u-1", "A")).ok());
  ASSERT_TRUE(builder.AddFor(SubjectOf(2, KeyOf(6)), AccountOf("u-2", "B")).ok());
  const SegmentImage image = builder.Build(random);
  const std::size_t leaf = FindToken(image.leaves, TokenOfSubject(SubjectHandle{1})).first;
  const Buffer& sealed = image.blocks[leaf - 1];
  const OpenedBlock block = OpenSubjectBlock(builder.id(), image.leaves[leaf], KeyOf(5), sealed).value();
  EXPECT_EQ(block.rows, std::vector<record::Record>{AccountOf("u-1", "A")});
  EXPECT_EQ(Code(OpenSubjectBlock(builder.id(), image.leaves[leaf], KeyOf(6), sealed)), ErrorCode::kCrypto);
  // Not even the window's own key opens it.
  const TokenKeys keys = builder.keys().KeysOf(image.leaves[leaf].token);
  EXPECT_EQ(Code(OpenBlock(builder.id(), image.leaves[leaf], keys, sealed)), ErrorCode::kCrypto);
}

TEST(Segment, OfSubjectsFindsEveryFlippedOctet) {
  crypto::SeededRandom random(1);
  SegmentBuilder builder = BuilderFor(AccountOf("u-1", "A"));
  ASSERT_TRUE(builder.AddFor(SubjectOf(1, KeyOf(5)), AccountOf("u-1", "A")).ok());
  SegmentImage image = builder.Build(random);
  Buffer& sealed = image.blocks[0];
  for (std::uint8_t& octet : sealed) {
    octet ^= 1;
    image.leaves[1].sealed_digest = crypto::Sha256(sealed);
    EXPECT_EQ(Code(OpenSubjectBlock(builder.id(), image.leaves[1], KeyOf(5), sealed)), ErrorCode::kCrypto);
    octet ^= 1;
  }
}

TEST(Segment, RefusesWhatBelongsElsewhereOrBreaksALimitAndAddsNothing) {
  SegmentBuilder builder = BuilderFor(SessionAt(0, 1));
  EXPECT_EQ(What(builder.Add(SessionAt(15 * 60 * 1000, 1))), "segment: the record belongs to another window");
  record::NatEvent end = SessionAt(-1, 1);
  end.event = record::NatEventKind::kNat44SessionDelete;
  EXPECT_EQ(What(builder.Add(end)), "segment: the record belongs to another window");
  EXPECT_EQ(What(builder.Add(MessageSent("a", "m"))), "segment: the record belongs to another stream");
  record::NatEvent nowhere = SessionAt(0, 1);
  nowhere.public_ip.reset();
  EXPECT_EQ(What(builder.Add(nowhere)), "nat event: no public address to be found by");
  record::NatEvent too_long = SessionAt(0, 1);
  too_long.subscriber = std::string(record::kTextBytesMax + 1, 'a');
  EXPECT_EQ(Code(builder.Add(too_long)), ErrorCode::kInvalid);
  EXPECT_EQ(builder.rows(), 0U);
}

TEST(Segment, HoldsASessionInTheWindowOfItsEndAndACreateThatIsCarried) {
  SegmentBuilder builder = BuilderFor(SessionAt(0, 1));
  record::NatEvent before = SessionAt(-60'000, 1);
  EXPECT_EQ(What(builder.Add(before)), "ok") << "it still lasts, so it may be carried";
  before.end_at = SessionAt(1, 1).origin.at.at;
  EXPECT_EQ(What(builder.Add(before)), "ok");
  before.end_at = SessionAt(-1, 1).origin.at.at;
  EXPECT_EQ(What(builder.Add(before)), "segment: the record belongs to another window");
}

TEST(Segment, OfSubjectsIsTheDayOfArrivalWhateverTheInstantOfTheVersion) {
  SegmentBuilder builder = BuilderFor(AccountOf("u-1", "A"));
  record::Account since_years = AccountOf("u-1", "A");
  since_years.origin.at.at = At("2019-01-01T00:00:00Z");
  EXPECT_EQ(What(builder.AddFor(SubjectOf(1, KeyOf(5)), since_years)), "ok");
}

TEST(Segment, RefusesASecondKeyUnderOneHandle) {
  SegmentBuilder builder = BuilderFor(AccountOf("u-1", "A"));
  ASSERT_TRUE(builder.AddFor(SubjectOf(1, KeyOf(5)), AccountOf("u-1", "A")).ok());
  EXPECT_EQ(What(builder.AddFor(SubjectOf(1, KeyOf(6)), AccountOf("u-1", "A"))),
            "segment: two keys for one handle");
  EXPECT_EQ(builder.rows(), 1U);
}

TEST(Segment, KeepsTheLimitOfItsTokens) {
  record::NatEvent event = SessionAt(0, 1);
  event.origin.exporter.clear();
  event.subscriber.reset();
  SegmentBuilder builder = BuilderFor(event);
  const auto address = [](std::size_t i) {
    return IpAddress::V4(0xCB007100 + static_cast<std::uint32_t>(i));
  };
  for (std::size_t i = 0; i < kSegmentTokensMax; ++i) {
    event.public_ip = address(i);
    ASSERT_TRUE(builder.Add(event).ok());
  }
  event.public_ip = address(kSegmentTokensMax);
  EXPECT_EQ(What(builder.Add(event)), "segment: too many tokens");
  event.public_ip = address(0);
  EXPECT_TRUE(builder.Add(event).ok());  // a known token has room still
}

TEST(Segment, HidesHowMuchAnAccountWrote) {
  crypto::SeededRandom random(1);
  std::vector<std::size_t> sizes;
  for (const std::size_t rows : {1, 5}) {
    SegmentBuilder builder = BuilderFor(MessageSent("u-1", ""));
    for (std::size_t i = 0; i < rows; ++i) ASSERT_TRUE(builder.Add(MessageSent("u-1", "")).ok());
    sizes.push_back(builder.Build(random).blocks[0].size());
  }
  EXPECT_EQ(sizes[0], sizes[1]);
}

}  // namespace
}  // namespace probatio::seal
