#include "seal/public_range.h"

#include <gtest/gtest.h>

#include "seal/test_rows.h"

namespace probatio::seal {
namespace {

IpAddress Ip(const char* text) {
  return IpAddress::Parse(text).value();
}

TEST(PublicRange, IsAsCoarseAsAPrefix) {
  EXPECT_EQ(RangeAround(Ip("203.0.113.7")), (PublicRange{Ip("203.0.113.0"), Ip("203.0.113.255")}));
  EXPECT_EQ(RangeAround(Ip("2001:db8:7:9::1")),
            (PublicRange{Ip("2001:db8:7::"), Ip("2001:db8:7:ffff:ffff:ffff:ffff:ffff")}));
}

TEST(PublicRange, ContainsItsEdgesAndNothingBeyond) {
  const PublicRange range = Join(RangeAround(Ip("203.0.113.200")), RangeAround(Ip("198.51.100.9")));
  EXPECT_TRUE(range.Contains(Ip("198.51.100.0")));
  EXPECT_TRUE(range.Contains(Ip("203.0.113.255")));
  EXPECT_TRUE(range.Contains(Ip("200.1.2.3")));
  EXPECT_FALSE(range.Contains(Ip("198.51.99.255")));
  EXPECT_FALSE(range.Contains(Ip("203.0.114.0")));
  EXPECT_FALSE(range.Contains(Ip("2001:db8::1")));
}

TEST(PublicRange, OfBothFamiliesSpansEverythingBetween) {
  const PublicRange range = Join(RangeAround(Ip("2001:db8:7::1")), RangeAround(Ip("203.0.113.9")));
  EXPECT_TRUE(range.Contains(Ip("203.0.113.0")));
  EXPECT_TRUE(range.Contains(Ip("203.0.200.1")));
  EXPECT_TRUE(range.Contains(Ip("2001:db8::1")));
  EXPECT_TRUE(range.Contains(Ip("2001:db8:7:ffff::")));
  EXPECT_FALSE(range.Contains(Ip("203.0.112.255")));
  EXPECT_FALSE(range.Contains(Ip("2001:db8:8::")));
}

TEST(PublicRange, IsRefusedFinerThanAPrefixOrUpsideDown) {
  EXPECT_TRUE(CheckPublicRange(RangeAround(Ip("203.0.113.7"))).ok());
  EXPECT_EQ(What(CheckPublicRange({Ip("203.0.113.1"), Ip("203.0.113.255")})),
            "public range: its bounds are not those of a /24 or /48");
  EXPECT_EQ(Code(CheckPublicRange({Ip("203.0.113.0"), Ip("203.0.113.254")})), ErrorCode::kInvalid);
  EXPECT_EQ(What(CheckPublicRange({Ip("203.0.113.0"), Ip("198.51.100.255")})),
            "public range: ends before it begins");
}

TEST(PublicAddressOf, IsThatOfTuplesAndAddressesAlone) {
  for (const char* text : {"203.0.113.7", "2001:db8::7"}) {
    EXPECT_EQ(PublicAddressOf(ForPublicTuple(Ip(text), 51'234)), Ip(text));
    EXPECT_EQ(PublicAddressOf(ForPublicIp(Ip(text))), Ip(text));
    EXPECT_FALSE(PublicAddressOf(ForInside(Ip(text), "realm")).has_value());
  }
  EXPECT_FALSE(PublicAddressOf(ForAccount("u-7")).has_value());
}

TEST(Segment, SaysThePublicRangeOfItsNatEventsAndOfNothingElse) {
  crypto::SeededRandom random(1);
  SegmentBuilder builder = BuilderFor(SessionAt(0, 1));
  EXPECT_FALSE(builder.Build(random).public_range.has_value());
  for (const char* text : {"203.0.113.7", "198.51.100.255", "203.0.113.0"}) {
    record::NatEvent event = SessionAt(5, 1);
    event.public_ip = Ip(text);
    ASSERT_TRUE(builder.Add(event).ok());
  }
  EXPECT_EQ(builder.Build(random).public_range, (PublicRange{Ip("198.51.100.0"), Ip("203.0.113.255")}));
  EXPECT_FALSE(builder.Build(random).public_range.has_value());

  const record::Activity sent = MessageSent("u-1", "m-1");
  SegmentBuilder activities = BuilderFor(sent);
  ASSERT_TRUE(activities.Add(sent).ok());
  EXPECT_FALSE(activities.Build(random).public_range.has_value());
}

}  // namespace
}  // namespace probatio::seal
