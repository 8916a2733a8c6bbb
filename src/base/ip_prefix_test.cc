#include "base/ip_prefix.h"

#include <gtest/gtest.h>

namespace probatio {
namespace {

IpAddress At(std::string_view text) {
  return IpAddress::Parse(text).value();
}

TEST(IpPrefix, PrintsAsItIsRead) {
  for (const char* text : {"0.0.0.0/0", "192.0.2.0/24", "192.0.2.7/32", "2001:db8::/32",
                           "2001:db8:12:3400::/56", "2001:db8::1/128"}) {
    EXPECT_EQ(IpPrefix::Parse(text).value().ToText(), text);
  }
}

TEST(IpPrefix, RefusesWhatIsWrittenInAnotherWayThanItsOwn) {
  for (const char* text : {"192.0.2.0", "192.0.2.0/", "192.0.2.0/024", "192.0.2.0/33", "192.0.2.1/24",
                           "2001:db8::/129", "2001:db8::1/64", "/24", "192.0.2.0/+4", "192.0.2.0/24 "}) {
    EXPECT_FALSE(IpPrefix::Parse(text).ok()) << text;
  }
}

TEST(IpPrefix, AnAddressAloneIsTheBlockOfItself) {
  EXPECT_EQ(IpPrefix::ParseOrAddress("192.0.2.7").value().ToText(), "192.0.2.7/32");
  EXPECT_EQ(IpPrefix::ParseOrAddress("2001:db8::1").value().ToText(), "2001:db8::1/128");
  EXPECT_EQ(IpPrefix::ParseOrAddress("192.0.2.0/24").value().ToText(), "192.0.2.0/24");
  for (const char* text : {"", "192.0.2.0/", "192.0.2.1/24", "cgn"})
    EXPECT_FALSE(IpPrefix::ParseOrAddress(text).ok()) << text;
}

TEST(IpPrefix, HoldsTheAddressesThatShareItsBitsAndNoOther) {
  const IpPrefix prefix = IpPrefix::Parse("2001:db8:12:3400::/56").value();
  EXPECT_TRUE(prefix.Contains(At("2001:db8:12:3400::")));
  EXPECT_TRUE(prefix.Contains(At("2001:db8:12:34ff::1")));
  EXPECT_FALSE(prefix.Contains(At("2001:db8:12:3500::")));
  EXPECT_FALSE(prefix.Contains(At("192.0.2.1")));
  EXPECT_EQ(prefix.Last().ToText(), "2001:db8:12:34ff:ffff:ffff:ffff:ffff");
  EXPECT_EQ(IpPrefix::Holding(At("192.0.2.77"), 28).ToText(), "192.0.2.64/28");
  EXPECT_EQ(IpPrefix::Parse("192.0.2.64/28").value().Last().ToText(), "192.0.2.79");
}

}  // namespace
}  // namespace probatio
