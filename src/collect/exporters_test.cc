#include "collect/exporters.h"

#include <gtest/gtest.h>

namespace probatio::collect {
namespace {

IpAddress Ip(const char* text) {
  return IpAddress::Parse(text).value();
}
Exporter From(const char* name, const char* network) {
  return {name, {ParseNetwork(network).value()}, {}};
}

TEST(Network, HoldsTheAddressesOfItsPrefix) {
  const Network v4 = ParseNetwork("192.0.2.128/25").value();
  EXPECT_TRUE(v4.Contains(Ip("192.0.2.128")));
  EXPECT_TRUE(v4.Contains(Ip("192.0.2.255")));
  EXPECT_FALSE(v4.Contains(Ip("192.0.2.127")));
  EXPECT_FALSE(v4.Contains(Ip("2001:db8::1")));
  EXPECT_TRUE(ParseNetwork("2001:db8::/33").value().Contains(Ip("2001:db8:7fff::1")));
  EXPECT_FALSE(ParseNetwork("2001:db8::/33").value().Contains(Ip("2001:db8:8000::1")));
  EXPECT_TRUE(ParseNetwork("0.0.0.0/0").value().Contains(Ip("203.0.113.7")));
  EXPECT_TRUE(ParseNetwork("192.0.2.1").value().Contains(Ip("192.0.2.1")));
  EXPECT_FALSE(ParseNetwork("192.0.2.1").value().Contains(Ip("192.0.2.2")));
}

TEST(Network, RefusesWhatIsNone) {
  for (const char* text :
       {"", "192.0.2.0/", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.1/24", "2001:db8::/129", "cgn/8"})
    EXPECT_FALSE(ParseNetwork(text).ok()) << text;
}

TEST(Exporters, KnowsWhoMaySend) {
  const Exporters exporters =
      Exporters::Make({From("cgn-1", "192.0.2.0/28"), From("cgn-2", "198.51.100.7")}).value();
  EXPECT_EQ(exporters.Find(Ip("192.0.2.15"))->name, "cgn-1");
  EXPECT_EQ(exporters.Find(Ip("198.51.100.7"))->name, "cgn-2");
  EXPECT_EQ(exporters.Find(Ip("192.0.2.16")), nullptr);
}

TEST(Exporters, RefusesAListThatDoesNotSayWhoseSettingsCount) {
  EXPECT_FALSE(Exporters::Make({From("cgn-1", "192.0.2.0/24"), From("cgn-2", "192.0.2.7")}).ok());
  EXPECT_FALSE(Exporters::Make({{"cgn-1", {}, {}}}).ok());
  std::vector<Exporter> many;
  for (std::size_t i = 0; i < kExportersMax; ++i) {
    const auto number = static_cast<std::uint32_t>(i);
    many.push_back({"x", {{IpAddress::V4(0xC633'0000U + number), 32}}, {}});
  }
  EXPECT_TRUE(Exporters::Make(many).ok());
  many.push_back(From("y", "192.0.2.1"));
  EXPECT_FALSE(Exporters::Make(many).ok());
}

}  // namespace
}  // namespace probatio::collect
