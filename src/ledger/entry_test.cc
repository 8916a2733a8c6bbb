#include "ledger/entry.h"

#include <gtest/gtest.h>

namespace probatio::ledger {
namespace {

Entry OrderReceived() {
  return {"order_received",
          Instant::ParseRfc3339("2024-11-12T14:37:20Z").value(),
          {{"order", "2024-000123"}, {"event", "received"}, {"digest", std::string(64, 'a')}}};
}

TEST(Entry, HasOneByteStringAndIsReadBackFromIt) {
  const std::string json = EntryToJson(OrderReceived());
  EXPECT_EQ(json, R"({"at":"2024-11-12T14:37:20Z","fields":{"digest":")" + std::string(64, 'a') +
                      R"(","event":"received","order":"2024-000123"},"type":"order_received"})");
  EXPECT_EQ(EntryFromJson(json).value(), OrderReceived());
}

TEST(Entry, KeepsQuotesBackslashesLinesAndAccents) {
  Entry entry = OrderReceived();
  entry.fields["reason"] = "dit \"réquisition\"\\\n\tsigné";
  EXPECT_TRUE(CheckEntry(entry).ok());
  EXPECT_EQ(EntryFromJson(EntryToJson(entry)).value(), entry);
}

TEST(Entry, WithoutFieldsIsAnEntry) {
  const Entry bare{"clock_moved", Instant(), {}};
  EXPECT_EQ(EntryFromJson(EntryToJson(bare)).value(), bare);
}

TEST(Entry, IsRefusedWhenAnyOtherBytesSayTheSame) {
  for (const char* json : {
           R"({"at":"2024-11-12T15:37:20+01:00","fields":{},"type":"t"})",            // another zone
           R"({"at":"2024-11-12T14:37:20.000Z","fields":{},"type":"t"})",             // needless digits
           R"({"at":"2024-11-12T14:37:20Z", "fields":{},"type":"t"})",                // a space
           R"({"fields":{},"at":"2024-11-12T14:37:20Z","type":"t"})",                 // another order
           R"({"at":"2024-11-12T14:37:20Z","fields":{"b":"","a":""},"type":"t"})",    // fields out of order
           R"({"at":"2024-11-12T14:37:20Z","fields":{"a":"1","a":"2"},"type":"t"})",  // a field twice
           R"({"at":"2024-11-12T14:37:20Z","fields":{"a":"\u0041"},"type":"t"})",     // another escape
           R"({"at":"2024-11-12T14:37:20Z","fields":{"a":1},"type":"t"})",            // a number
           R"({"at":"2024-11-12T14:37:20Z","fields":{"a":"1",},"type":"t"})",         // a comma too many
           R"({"at":"2024-11-12T14:37:20Z","fields":{,"a":"1"},"type":"t"})",
           "{\"at\":\"2024-11-12T14:37:20Z\",\"fields\":{\"a\":\"\n\"},\"type\":\"t\"}",  // a bare newline
           R"({"at":"2024-11-12T14:37:20Z","fields":{},"type":"t"}x)",
           R"({"at":"2024-11-12T14:37:20Z","fields":{},"type":""})",
           R"({"at":"2024-11-12T14:37:20Z","fields":{},"type":"T"})",
       }) {
    const auto entry = EntryFromJson(json);
    ASSERT_FALSE(entry.ok()) << json;
    EXPECT_EQ(entry.error().code(), ErrorCode::kInvalid);
  }
}

TEST(Entry, IsRefusedWhereverItIsCut) {
  const std::string json = EntryToJson(OrderReceived());
  for (std::size_t size = 0; size < json.size(); ++size)
    EXPECT_FALSE(EntryFromJson(json.substr(0, size)).ok()) << size;
}

TEST(Entry, ErrorNamesTheOffset) {
  EXPECT_EQ(EntryFromJson(R"({"at":"2024-11-12T14:37:20Z","type":"t"})").error().what(),
            "entry: offset 28: expected ,\"fields\":");
}

TEST(Entry, NamesAndTextsHaveTheirRules) {
  Entry entry = OrderReceived();
  entry.fields["Reason"] = "";
  EXPECT_FALSE(CheckEntry(entry).ok());
  entry = OrderReceived();
  entry.fields["reason"] = std::string("a\0b", 3);
  EXPECT_EQ(CheckEntry(entry).error().what(), "entry: field reason: text: control character at offset 1");
  entry = OrderReceived();
  entry.fields["reason"] = "\xC3";
  EXPECT_FALSE(CheckEntry(entry).ok());
}

TEST(Entry, NameMayBeAsLongAsTheLimitAndNotOneMore) {
  Entry entry = OrderReceived();
  entry.type = std::string(kEntryNameBytesMax, 't');
  EXPECT_TRUE(CheckEntry(entry).ok());
  entry.type += 't';
  EXPECT_FALSE(CheckEntry(entry).ok());
}

TEST(Entry, MayBeAsLongAsTheLimitAndNotOneMore) {
  Entry entry = OrderReceived();
  entry.fields["reason"] = "";
  entry.fields["reason"] = std::string(kEntryBytesMax - EntryToJson(entry).size(), 'x');
  EXPECT_TRUE(CheckEntry(entry).ok());
  EXPECT_TRUE(EntryFromJson(EntryToJson(entry)).ok());
  entry.fields["reason"] += 'x';
  EXPECT_FALSE(CheckEntry(entry).ok());
  EXPECT_FALSE(EntryFromJson(EntryToJson(entry)).ok());
}

}  // namespace
}  // namespace probatio::ledger
