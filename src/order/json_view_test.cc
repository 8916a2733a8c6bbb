#include "order/json_view.h"

#include <gtest/gtest.h>

namespace probatio::order {
namespace {

std::string ErrorOf(const std::string& text) {
  const auto value = ParseJson(text, "paper", 4U << 20);
  return value.ok() ? "accepted" : value.error().what();
}

TEST(Json, ErrorsNameTheLineAndNeverTheContent) {
  EXPECT_EQ(ErrorOf("{\n\"a\": 1,\n\"b\": secret}"), "paper: line 3: not JSON");
  EXPECT_EQ(ErrorOf("{}x"), "paper: line 1: not JSON");
  EXPECT_EQ(ErrorOf(""), "paper: line 1: not JSON");
  EXPECT_EQ(ErrorOf("{\"a\": \"\xC3\x28\"}"), "paper: line 1: not JSON");  // not UTF-8
}

TEST(Json, WhatTwoReadersCouldReadDifferentlyIsRefused) {
  EXPECT_EQ(ErrorOf(R"({"a":1,"b":{"c":1,"c":2}})"), "paper: key 'c' given twice");
  EXPECT_EQ(ErrorOf(R"({"a":1,"b":{"a":2}})"), "accepted");
  EXPECT_EQ(ErrorOf(R"({"a":1.0})"), "paper: not a whole number");
  EXPECT_EQ(ErrorOf(R"({"a":9223372036854775807})"), "accepted");
  EXPECT_EQ(ErrorOf(R"({"a":9223372036854775808})"), "paper: number too large");
  EXPECT_EQ(ErrorOf(R"({"a":"x\u0000y"})"), "paper: control character in a text");
  EXPECT_EQ(ErrorOf(R"({"a\u0000":"y"})"), "paper: a key that is not a plain word");
}

TEST(Json, NestingCountAndTextHaveLimits) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(ErrorOf(nested(kJsonDepthMax)), "accepted");
  EXPECT_EQ(ErrorOf(nested(kJsonDepthMax + 1)), "paper: nested deeper than 8");
  EXPECT_EQ(ErrorOf(nested(100'000)), "paper: nested deeper than 8");

  const auto values = [](std::size_t count) {  // the list itself is a value too
    std::string text = "[1";
    for (std::size_t i = 2; i < count; ++i) text += ",1";
    return text + "]";
  };
  EXPECT_EQ(ErrorOf(values(kJsonValuesMax)), "accepted");
  EXPECT_EQ(ErrorOf(values(kJsonValuesMax + 1)), "paper: more than 200000 values");

  EXPECT_EQ(ErrorOf("[\"" + std::string(kJsonTextBytesMax, 'x') + "\"]"), "accepted");
  EXPECT_EQ(ErrorOf("[\"" + std::string(kJsonTextBytesMax + 1, 'x') + "\"]"),
            "paper: text longer than 8192 bytes");
}

TEST(Json, AKeyOfTheWrongKindIsNamedWithItsPlace) {
  const JsonValue value = ParseJson(R"({"a":{"list":[{"n":1},2]},"t":""})", "paper", 100).value();
  const JsonView root(value, "paper");
  EXPECT_EQ(root.Object("t").error().what(), "paper: t: not an object");
  EXPECT_EQ(root.Filled("t").error().what(), "paper: t: empty");
  EXPECT_EQ(root.Flag("u").error().what(), "paper: u: missing");
  const JsonView a = root.Object("a").value();
  EXPECT_EQ(a.Objects("list", 2).error().what(), "paper: a.list[1]: not an object");
  EXPECT_EQ(a.Objects("list", 1).error().what(), "paper: a.list: more than 1");
  EXPECT_EQ(root.OnlyKeys({"t"}).error().what(), "paper: a: unknown key");
}

TEST(Json, ARootThatIsNoObjectIsSaidSo) {
  const JsonValue value = ParseJson("[]", "paper", 100).value();
  EXPECT_EQ(JsonView(value, "paper").OnlyKeys({}).error().what(), "paper: not an object");
}

}  // namespace
}  // namespace probatio::order
