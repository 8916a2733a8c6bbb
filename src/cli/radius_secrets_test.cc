#include "cli/radius_secrets.h"

#include <gtest/gtest.h>

namespace probatio::cli {
namespace {

TEST(RadiusSecrets, AreOneClientOrBlockOfClientsALine) {
  const auto clients =
      ParseRadiusSecrets("# bngs\n192.0.2.0/24 one secret with blanks\n\n2001:db8::1\tother\r\n");
  ASSERT_TRUE(clients.ok()) << clients.error().what();
  const Secret* one = clients.value().Find(IpAddress::Parse("192.0.2.9").value());
  ASSERT_NE(one, nullptr);
  EXPECT_EQ(AsText(one->reveal()), "one secret with blanks");
  EXPECT_EQ(AsText(clients.value().Find(IpAddress::Parse("2001:db8::1").value())->reveal()), "other");
}

TEST(RadiusSecrets, AFaultNamesItsLineAndNeverTheSecret) {
  EXPECT_EQ(ParseRadiusSecrets("192.0.2.1 a\n192.0.2.2\n").error().what(),
            "line 2: no secret after the client");
  EXPECT_EQ(ParseRadiusSecrets("hunter2 192.0.2.1\n").error().what(), "line 1: no address or prefix");
  EXPECT_EQ(ParseRadiusSecrets("192.0.2.1 a\n192.0.2.1/32 b\n").error().what(),
            "line 2: radius client: stands twice");
  EXPECT_EQ(ParseRadiusSecrets("# nothing\n").error().what(), "no client");
}

}  // namespace
}  // namespace probatio::cli
