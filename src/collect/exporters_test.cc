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

}  // namespace
}  // namespace probatio::collect
