#include "collect/exporters.h"

#include <gtest/gtest.h>

namespace probatio::collect {
namespace {

IpAddress Ip(const char* text) {
  return IpAddress::Parse(text).value();
}
Exporter From(const char* name, const char* network) {
  return {name, {IpPrefix::ParseOrAddress(network).value()}, {}};
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
    many.push_back({"x", {IpPrefix::Holding(IpAddress::V4(0xC633'0000U + number), 32)}, {}});
  }
  EXPECT_TRUE(Exporters::Make(many).ok());
  many.push_back(From("y", "192.0.2.1"));
  EXPECT_FALSE(Exporters::Make(many).ok());
}

TEST(Exporters, FindsEachSenderAmongTheMostThereMayBe) {
  std::vector<Exporter> exporters;
  for (std::size_t i = 0; i < kExportersMax; ++i) {
    const std::string name = std::to_string(i);
    const bool v4 = i % 2 == 0;
    const std::string low = std::to_string(i % 256);
    const std::string network = v4 ? "10." + std::to_string(i / 256) + "." + low + ".16/28"
                                   : "2001:db8:" + std::to_string(i / 256) + ":" + low + "::/64";
    exporters.push_back({name, {IpPrefix::Parse(network).value()}, {}});
  }
  const Exporters list = Exporters::Make(exporters).value();
  for (const Exporter& exporter : exporters) {
    const IpPrefix& network = exporter.from[0];
    ASSERT_EQ(list.Find(network.address())->name, exporter.name);
    ASSERT_EQ(list.Find(network.Last())->name, exporter.name);
  }
  for (const char* const stranger : {"0.0.0.0", "10.0.0.15", "10.0.0.32", "255.255.255.255",
                                     "::", "2001:db8::", "2001:db8:0:2::", "ffff::"})
    EXPECT_EQ(list.Find(IpAddress::Parse(stranger).value()), nullptr) << stranger;
}

TEST(Exporters, ABlockWithinAnotherOfTheSameExporterHidesNothing) {
  const Exporters list =
      Exporters::Make({{"one",
                        {IpPrefix::Parse("10.1.0.0/16").value(), IpPrefix::Parse("10.0.0.0/8").value(),
                         IpPrefix::Parse("10.1.0.0/16").value()},
                        {}}})
          .value();
  for (const char* const sender : {"10.0.0.1", "10.1.2.3", "10.2.0.1", "10.255.255.255"})
    EXPECT_NE(list.Find(IpAddress::Parse(sender).value()), nullptr) << sender;
}

}  // namespace
}  // namespace probatio::collect
