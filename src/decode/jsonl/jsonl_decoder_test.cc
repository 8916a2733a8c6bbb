#include "decode/jsonl/jsonl_decoder.h"

#include <gtest/gtest.h>

#include <fstream>

#include "decode/cut/file_for_tests.h"
#include "decode/cut/text_cutters.h"
#include "record/json.h"

namespace probatio::decode {
namespace {

struct JsonlContents {
  std::vector<record::Record> records;
  std::vector<Error> errors;
  JsonlCounts counts;
};

JsonlContents DecodeJsonl(Bytes file) {
  auto decoder = std::make_unique<JsonlDecoder>();
  const JsonlDecoder* const kept = decoder.get();
  FileDecoder lines(LinesForTests(std::make_unique<LineCutter>(), std::move(decoder)));
  JsonlContents contents;
  while (!file.empty()) file = file.subspan(lines.Take(file, true, &contents.records).value());
  contents.errors = lines.errors();
  contents.counts = kept->tally();
  return contents;
}

const std::string kLogin =
    R"({"class":"activity","event":"login","at":"2024-10-21T08:14:03Z","account":"u-48213",)"
    R"("source_ip":"203.0.113.7","source_port":51234,"proto":"tcp"})";

TEST(Jsonl, ABrokenLineIsNamedAndDoesNotStopTheOthers) {
  const std::string file =
      kLogin + "\n\n" +  //
      R"({"class":"activity","event":"login","at":"2024-10-21T08:14:03","account":"u-1"})" + "\n" +
      "{\n" +  //
      R"({"class":"activity","event":"login","at":"2024-10-21T08:14:03Z"})" + "\r\n" + kLogin;
  const JsonlContents contents = DecodeJsonl(AsBytes(file));
  EXPECT_EQ(contents.records.size(), 2U);
  ASSERT_EQ(contents.errors.size(), 3U);
  EXPECT_EQ(contents.errors[0].what(), "line 3: at: instant: no zone (write Z or +01:00)");
  EXPECT_EQ(contents.errors[1].what(), "line 4: json: syntax error at offset 1");
  EXPECT_EQ(contents.errors[2].what(), "line 5: account: missing");
  EXPECT_EQ(contents.counts.lines, 5U);
  EXPECT_EQ(contents.counts.records, 2U);
  EXPECT_EQ(contents.counts.broken_lines, 3U);
}

TEST(Jsonl, UnknownKeysAreDroppedAndThoseOfContentNamedApart) {
  const std::string line = kLogin.substr(0, kLogin.size() - 1) +
                           R"(,"text":"hello","to":["u-2"],"user_agent":"x","nested":{"body":"y"}})";
  const JsonlContents contents = DecodeJsonl(AsBytes(line));
  ASSERT_EQ(contents.records.size(), 1U);
  EXPECT_EQ(contents.records[0], DecodeJsonl(AsBytes(kLogin)).records.at(0));
  using Names = std::map<std::string, std::uint64_t>;
  EXPECT_EQ(contents.counts.content_keys, (Names{{"text", 1}, {"to", 1}}));
  EXPECT_EQ(contents.counts.dropped_keys, (Names{{"nested", 1}, {"user_agent", 1}}));
  EXPECT_EQ(record::ToJson(contents.records[0]).find("hello"), std::string::npos);
}

TEST(Jsonl, ARecordOfOneKindDoesNotTakeTheKeysOfAnother) {
  const std::string line = kLogin.substr(0, kLogin.size() - 1) + R"(,"surname":"Lefèvre"})";
  const JsonlContents contents = DecodeJsonl(AsBytes(line));
  EXPECT_EQ(contents.counts.dropped_keys.at("surname"), 1U);
  EXPECT_EQ(record::ToJson(contents.records.at(0)).find("surname"), std::string::npos);
}

TEST(Jsonl, ContentIsToldByTheWordsOfAKey) {
  for (const char* key :
       {"content", "text", "messageBody", "TO", "dst_ip", "recipient_id", "to", "mail.subject"}) {
    EXPECT_TRUE(SpeaksOfContent(key)) << key;
  }
  for (const char* key : {"token", "user_agent", "account", "together", "context", "", "bodyguard"}) {
    EXPECT_FALSE(SpeaksOfContent(key)) << key;
  }
}

TEST(Jsonl, RefusesAKeyThatStandsTwice) {
  const std::string line = kLogin.substr(0, kLogin.size() - 1) + R"(,"account":"u-1"})";
  EXPECT_EQ(DecodeJsonl(AsBytes(line)).errors.at(0).what(), R"(line 1: json: key "account": stands twice)");
}

TEST(Jsonl, DescribesSoManyBrokenLinesAndCountsAll) {
  std::string file;
  for (std::size_t i = 0; i < kFileErrorsMax + 1; ++i) file += "{\n";
  const JsonlContents contents = DecodeJsonl(AsBytes(file));
  EXPECT_EQ(contents.errors.size(), kFileErrorsMax);
  EXPECT_EQ(contents.counts.broken_lines, kFileErrorsMax + 1);
}

TEST(Jsonl, TellsSoManyDroppedKeysApart) {
  std::string file;
  for (std::size_t i = 0; i < kJsonlKeyNamesMax + 5; ++i) {
    file += kLogin.substr(0, kLogin.size() - 1) + ",\"k" + std::to_string(i) + "\":0}\n";
  }
  const JsonlContents contents = DecodeJsonl(AsBytes(file));
  EXPECT_EQ(contents.records.size(), kJsonlKeyNamesMax + 5);
  EXPECT_EQ(contents.counts.dropped_keys.size(), kJsonlKeyNamesMax + 1);
  EXPECT_EQ(contents.counts.dropped_keys.at("other keys"), 5U);
}

TEST(Jsonl, StepsOverAByteOrderMark) {
  const JsonlContents contents = DecodeJsonl(AsBytes("\xEF\xBB\xBF" + kLogin));
  EXPECT_EQ(contents.records.size(), 1U);
}

// The page is what people copy from, so its examples are read here.
TEST(Jsonl, EveryExampleOfTheFormatPageIsReadWhole) {
  std::ifstream page("docs/formats/jsonl.md");
  if (!page) GTEST_SKIP() << "no docs/formats/jsonl.md in the working directory";
  std::map<record::RecordKind, int> kinds;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("{\"class\"")) continue;
    const Result<record::Record> record = record::FromJson(line);
    ASSERT_TRUE(record.ok()) << line << " " << record.error().what();
    ++kinds[KindOf(record.value())];
  }
  EXPECT_EQ(kinds.size(), 6U);
}

}  // namespace
}  // namespace probatio::decode
