#include "base/toml_table.h"

#include <gtest/gtest.h>

namespace probatio {
namespace {

Result<TomlTable> Parse(std::string_view toml, const TomlTable::Limits& limits = {}) {
  return TomlTable::Parse(toml, "a.toml", limits);
}
TomlTable Parsed(std::string_view toml) {
  return Parse(toml).value();
}
template <class T>
std::string WhyNot(const Result<T>& result) {
  return result.ok() ? "" : result.error().what();
}

TEST(TomlTable, ReadsEachKindOfValue) {
  const TomlTable root = Parsed(
      "name = \"a\"\nmany = [\"b\", \"\"]\ncount = 7\nyes = true\nday = 2021-10-21\n"
      "[inner]\nname = \"c\"\n[[row]]\nname = \"d\"\n[[row]]\nname = \"e\"\n");
  EXPECT_EQ(root.Text("name").value(), "a");
  EXPECT_EQ(root.Texts("many").value(), (std::vector<std::string>{"b", ""}));
  EXPECT_EQ(root.NumberOr("count", 0, 7, 1).value(), 7);
  EXPECT_TRUE(root.FlagOr("yes", false).value());
  EXPECT_EQ(root.Date("day").value(), "2021-10-21");
  EXPECT_EQ(root.Table("inner").value().Text("name").value(), "c");
  EXPECT_EQ(root.Tables("row").value()[1].Text("name").value(), "e");
}

TEST(TomlTable, WhatIsNotThereIsWhatTheCallerSays) {
  const TomlTable root = Parsed("");
  EXPECT_EQ(root.TextOr("name", "z").value(), "z");
  EXPECT_EQ(root.NumberOr("count", 0, 7, 3).value(), 3);
  EXPECT_TRUE(root.FlagOr("yes", true).value());
  EXPECT_TRUE(root.Texts("many").value().empty());
  EXPECT_TRUE(root.Tables("row").value().empty());
  EXPECT_FALSE(root.Table("inner").value().Has("name"));
}

TEST(TomlTable, AnErrorNamesFileLineTableAndKey) {
  const TomlTable root = Parsed("first = 1\n[inner]\nname = 5\n[[row]]\nx = 1\n[[row]]\nx = \"\"\n");
  EXPECT_EQ(WhyNot(root.Text("first")), "a.toml:1: first: not a text");
  EXPECT_EQ(WhyNot(root.Table("inner").value().Text("name")), "a.toml:3: inner.name: not a text");
  EXPECT_EQ(WhyNot(root.Table("inner").value().Text("other")), "a.toml:2: inner.other: missing");
  EXPECT_EQ(WhyNot(root.Tables("row").value()[1].Text("x")), "a.toml:7: row[1].x: empty");
  EXPECT_EQ(WhyNot(root.Tables("inner")), "a.toml:2: inner: not written as [[inner]]");
  EXPECT_EQ(WhyNot(root.Table("row")), "a.toml:4: row: not written as [row]");
  EXPECT_EQ(WhyNot(root.NumberOr("first", 2, 9, 2)), "a.toml:1: first: not a whole number from 2 to 9");
  EXPECT_EQ(WhyNot(root.FlagOr("first", false)), "a.toml:1: first: not true or false");
  EXPECT_EQ(WhyNot(root.Texts("first")), "a.toml:1: first: not a list of texts");
  EXPECT_NE(WhyNot(root.Date("first")).find("not a date"), std::string::npos);
  EXPECT_EQ(root.OnlyKeys({"first", "inner"}).error().what(), "a.toml:4: row: unknown key");
  EXPECT_EQ(WhyNot(Parse("a = 1\na = 2\n")).substr(0, 9), "a.toml:2:");
}

TEST(TomlTable, LimitsHoldOnBothSides) {
  const TomlTable::Limits limits{20, 3, 2};
  EXPECT_TRUE(Parse("a = \"123456789012\"\n\n", limits).ok());    // 20 bytes
  EXPECT_FALSE(Parse("a = \"1234567890123\"\n\n", limits).ok());  // 21
  EXPECT_TRUE(Parse("a = \"123\"\n", limits).value().Text("a").ok());
  EXPECT_FALSE(Parse("a = \"1234\"\n", limits).value().Text("a").ok());
  EXPECT_TRUE(Parse("a = [\"1\", \"2\"]\n", limits).value().Texts("a").ok());
  EXPECT_FALSE(Parse("a=[\"1\",\"2\",\"3\"]\n", limits).value().Texts("a").ok());
}

}  // namespace
}  // namespace probatio
