#include "seal/box_key.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace probatio::seal {
namespace {

SegmentId Segment(std::string_view text) {
  return SegmentId::Parse(text).value();
}
std::string Hex(const std::string& key) {
  return ToHex(AsBytes(key));
}
const SegmentId kActivity = Segment("activity-20241021T000000Z-0a1b2c3d");

TEST(BoxKey, IsTheOctetsOfTheFormatsPage) {
  const std::string name =
      "04"
      "98004eb5e21f0000"
      "0a1b2c3d";
  EXPECT_EQ(Hex(BlockKey(kActivity, kTokenEnd, 12)), "01" + name +
                                                         "01"
                                                         "ffffffffffffffffffffffffffffffff"
                                                         "0000000c");
  EXPECT_EQ(Hex(LeafPageKey(kActivity, 258)), "01" + name +
                                                  "02"
                                                  "00000102");
  EXPECT_EQ(Hex(LeafIndexKey(kActivity)), "01" + name + "03");
  EXPECT_EQ(Hex(WrappedKey(kActivity)), "02" + name);
  EXPECT_EQ(Hex(SubjectKey(record::RecordClass::kIdentity, SubjectHandle{0xAB})),
            "0301ab000000000000000000000000000000");
  EXPECT_EQ(ContentsPrefix(kActivity).size(), kContentsPrefixBytes);
}

TEST(BoxKey, StandsInTheOrderOfTheChain) {
  std::vector<std::string> keys;
  for (const Token& token : {Token{0}, Token{1}, Token{0x7F}, Token{0x80}, Token{0xFF}}) {
    for (std::uint32_t position : {0U, 1U, 255U, 256U, 65'536U, 0xFFFFFFFFU})
      keys.push_back(BlockKey(kActivity, token, position));
  }
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
}

TEST(BoxKey, StandsInTheOrderOfWindowsAlsoBefore1970) {
  std::vector<std::string> keys;
  for (const char* begin : {"19691231T000000Z", "19700101T000000Z", "20241021T000000Z", "20241022T000000Z"})
    keys.push_back(LeafIndexKey(Segment(std::string("activity-") + begin + "-00000001")));
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
}

TEST(BlocksPrefix, BeginsTheBlocksOfOneSegmentAndNothingElse) {
  const std::vector<SegmentId> segments{
      kActivity,
      Segment("activity-20241021T000000Z-0a1b2c3e"),
      Segment("activity-20241022T000000Z-0a1b2c3d"),
      Segment("access-20241021T000000Z-0a1b2c3d"),
      Segment("a"),
      Segment("aa"),
      Segment("activity"),
      Segment(std::string(kIdBytesMax, 'a')),
  };
  for (const SegmentId& mine : segments) {
    EXPECT_TRUE(BlockKey(mine, kTokenSentinel, 0).starts_with(BlocksPrefix(mine)));
    EXPECT_TRUE(BlocksPrefix(mine).starts_with(ContentsPrefix(mine)));
    EXPECT_TRUE(LeafIndexKey(mine).starts_with(ContentsPrefix(mine)));
    EXPECT_FALSE(LeafIndexKey(mine).starts_with(BlocksPrefix(mine)));
    EXPECT_FALSE(WrappedKey(mine).starts_with(ContentsPrefix(mine)));
    for (const SegmentId& other : segments) {
      if (other == mine) continue;
      EXPECT_FALSE(BlockKey(other, kTokenSentinel, 0).starts_with(ContentsPrefix(mine))) << other.text();
      EXPECT_FALSE(LeafIndexKey(other).starts_with(ContentsPrefix(mine))) << other.text();
      EXPECT_NE(WrappedKey(other), WrappedKey(mine));
    }
  }
}

TEST(HandleInKey, ReadsBackTheHandleOfASubjectAndRefusesOtherKeys) {
  const std::string key = SubjectKey(record::RecordClass::kAccount, {7});
  EXPECT_TRUE(key.starts_with(SubjectsPrefix(record::RecordClass::kAccount)));
  EXPECT_FALSE(key.starts_with(SubjectsPrefix(record::RecordClass::kIdentity)));
  EXPECT_EQ(HandleInKey(key).value(), SubjectHandle{7});
  EXPECT_FALSE(HandleInKey(key + "x").ok());
  EXPECT_FALSE(HandleInKey(key.substr(0, 17)).ok());
  EXPECT_FALSE(HandleInKey("").ok());
  EXPECT_FALSE(HandleInKey(LeafIndexKey(kActivity) + "xyz").ok());
}

TEST(DescribeKey, NamesSegmentAndPositionAndNeverWhoItIsAbout) {
  const Token token{0x5E, 0xC2, 0xE7};
  const std::string block = DescribeKey(BlockKey(kActivity, token, 3));
  EXPECT_EQ(block, "block 3 of a token of segment activity-20241021T000000Z-0a1b2c3d");
  EXPECT_EQ(block.find(ToHex(token).substr(0, 6)), std::string::npos);
  EXPECT_EQ(DescribeKey(LeafPageKey(kActivity, 9)),
            "leaf page 9 of segment activity-20241021T000000Z-0a1b2c3d");
  EXPECT_EQ(DescribeKey(LeafIndexKey(kActivity)),
            "the leaf index of segment activity-20241021T000000Z-0a1b2c3d");
  EXPECT_EQ(DescribeKey(WrappedKey(kActivity)),
            "the wrapped key of segment activity-20241021T000000Z-0a1b2c3d");
  EXPECT_EQ(DescribeKey(SubjectKey(record::RecordClass::kIdentity, {1})),
            "the wrapped key of subject identity/01000000000000000000000000000000");
  EXPECT_EQ(DescribeKey("\3\1"), "a subject's wrapped key");
  EXPECT_EQ(DescribeKey(WrappedKey(Segment("of-another-shape"))), "an entry");
  EXPECT_EQ(DescribeKey(""), "an entry");
  EXPECT_EQ(DescribeKey(std::string(64, '\x01')), "an entry");
}

TEST(ParseSegmentId, ReadsWhatMakeSegmentIdWrites) {
  const SegmentName name{Stream::kNatSession, Instant::ParseRfc3339("2024-10-21T08:15:00Z").value(),
                         0xFFFF0001};
  EXPECT_EQ(MakeSegmentId(name).text(), "nat_session-20241021T081500Z-ffff0001");
  EXPECT_EQ(ParseSegmentId(MakeSegmentId(name)).value(), name);
}

TEST(ParseSegmentId, RefusesEveryOtherText) {
  for (const char* text : {"a", "activity", "activity-0a1b2c3d", "activity-20241021T000000Z-0a1b2c3",
                           "activity-20241021T000000Z-0A1B2C3D", "activity-20241021T000000Z-0a1b2c3d00",
                           "nothing-20241021T000000Z-0a1b2c3d", "activity-20241321T000000Z-0a1b2c3d",
                           "activity-20241021T000000.0Z-0a1b2c3d", "activity-20241021t000000z-0a1b2c3d",
                           "activity-2024-1021T000000Z-0a1b2c3d"}) {
    EXPECT_FALSE(ParseSegmentId(Segment(text)).ok()) << text;
  }
}

}  // namespace
}  // namespace probatio::seal
