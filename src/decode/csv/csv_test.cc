// CSV as RFC 4180 has it, and what exports really look like; records by a mapping.
#include <gtest/gtest.h>

#include "decode/csv/csv_decoder.h"
#include "decode/cut/file_for_tests.h"
#include "record/json.h"

namespace probatio::decode {
namespace {

std::vector<std::string> Rows(std::string_view text) {
  std::vector<std::string> rows;
  CsvRows all(text, ',');
  while (const std::optional<CsvRow> row = all.Next()) rows.emplace_back(row->text);
  return rows;
}

std::vector<std::string> Cells(std::string_view row, char delimiter = ',') {
  const std::vector<CsvCell> cells = ParseCsvRow(row, delimiter).value();
  std::vector<std::string> texts;
  for (const CsvCell& cell : cells) texts.push_back(cell.text);
  return texts;
}

std::string Refusal(std::string_view row) {
  return ParseCsvRow(row, ',').error().what();
}

constexpr std::string_view kMapping = R"(schema = "probatio-mapping/1"
record = "activity"
delimiter = ";"
drop = ["status"]
skip_without = ["account"]

[[column]]
name = "when"
field = "at"
time = "epoch_ms"

[[column]]
name = "what"
field = "event"
from = ["signup", "signin"]
to = ["account_created", "login"]
others = "skip"

[[column]]
name = "client"
field = "source"

[[column]]
name = "user"
field = "account"

[[constant]]
field = "proto"
value = "tcp"
)";

Result<FileContents> DecodeCsv(Bytes file, const Mapping& mapping, const SourceClock& clock) {
  auto decoder = std::make_unique<CsvDecoder>(mapping, clock);
  const CsvDecoder* const kept = decoder.get();
  FileDecoder::Parts parts =
      LinesForTests(std::make_unique<CsvCutter>(mapping.delimiter.front()), std::move(decoder));
  parts.still_readable = [kept] { return kept->header(); };
  return DecodeWhole(std::move(parts), file);
}

FileContents Decoded(std::string_view file, std::string_view mapping = kMapping) {
  return DecodeCsv(AsBytes(file), ParseMapping(mapping, "m.toml").value(), {}).value();
}

std::string HeaderRefusal(std::string_view file) {
  return DecodeCsv(AsBytes(file), ParseMapping(kMapping, "m.toml").value(), {}).error().what();
}

TEST(CsvRows, ALineBreakInsideQuotesIsPartOfTheCell) {
  EXPECT_EQ(Rows("a,b\r\n\"1\n2\",c\nd,e"), (std::vector<std::string>{"a,b\r\n", "\"1\n2\",c\n", "d,e"}));
  EXPECT_EQ(Cells("\"1\r\n2\",c\r\n"), (std::vector<std::string>{"1\r\n2", "c"}));
  EXPECT_EQ(Cells(R"("say ""hi""",,"")"), (std::vector<std::string>{"say \"hi\"", "", ""}));
  EXPECT_EQ(Rows("\"a\"\"\nb\",c\nd\n"), (std::vector<std::string>{"\"a\"\"\nb\",c\n", "d\n"}));
}

TEST(CsvRows, AQuoteThatIsNeverClosedCostsItsLineAlone) {
  EXPECT_EQ(Rows("\"a,b\nc,d\ne,f\n"), (std::vector<std::string>{"\"a,b\n", "c,d\n", "e,f\n"}));
  EXPECT_EQ(Rows("5\" disk,b\nc\n"), (std::vector<std::string>{"5\" disk,b\n", "c\n"}));
}

TEST(CsvRows, ARowStandsWithinItsLimit) {
  const std::string most = "\"" + std::string(kCsvRowBytesMax - 3, '\n') + "\"";
  EXPECT_EQ(Rows(most + "\nx\n").size(), 2U);
  const std::string more = "\"" + std::string(kCsvRowBytesMax, '\n') + "\"";
  EXPECT_GT(Rows(more + "\nx\n").size(), 2U);
  EXPECT_EQ(Refusal(std::string(kCsvRowBytesMax + 1, 'a')), "longer than 1048576 bytes");
}

TEST(ParseCsvRow, NamesTheColumnThatIsBroken) {
  EXPECT_EQ(Refusal("a,\"b"), "column 2: the quote is not closed");
  EXPECT_EQ(Refusal("a,\"b\"c"), "column 2: text after the closing quote");
  EXPECT_EQ(Refusal("a,b\"c"), "column 2: a quote inside a cell that begins without one");
  EXPECT_EQ(Refusal("a\rb"), "column 1: a carriage return that ends no line");
  EXPECT_EQ(Refusal(std::string_view("a,\0", 3)), "column 2: an octet of zeros");
  EXPECT_EQ(ParseCsvRow(std::string(kCsvCellsMax - 1, ','), ',').value().size(), kCsvCellsMax);
  EXPECT_EQ(Refusal(std::string(kCsvCellsMax, ',')), "more than 1024 columns");
}

TEST(CheckCsvDelimiter, TakesWhatATextCanBeToldFrom) {
  for (const char* good : {",", ";", "\t", "|", " "}) EXPECT_TRUE(CheckCsvDelimiter(good).ok()) << good;
  for (const char* bad : {"", ";;", "\"", "a", "0", "\n", "\x01", "\xC3\xA9"})
    EXPECT_FALSE(CheckCsvDelimiter(bad).ok()) << bad;
}

TEST(CsvDecoder, ReadsTheColumnsThatTheMappingNamesAndNoOthers) {
  const FileContents contents = Decoded(
      "\xEF\xBB\xBFwhen;what;client;user;status\n"
      "1729498443250;signin;203.0.113.7:51234;u-48213;200\n"
      "1729498444001;signup;\"[2001:db8::7]:443\";u-2;201\n");
  ASSERT_TRUE(contents.errors.empty()) << contents.errors.front().what();
  ASSERT_EQ(contents.records.size(), 2U);
  EXPECT_EQ(record::ToJson(contents.records[0]),
            R"({"class":"activity","at":"2024-10-21T08:14:03.250Z","at_resolution_ns":1000000,)"
            R"("at_source":"event","event":"login","proto":"tcp","source_ip":"203.0.113.7",)"
            R"("source_port":51234,"account":"u-48213"})");
  EXPECT_EQ(std::get<record::Activity>(contents.records[1]).source_ip->ToText(), "2001:db8::7");
  const std::map<std::string, std::uint64_t> counts{
      {"rows", 2}, {"records", 2}, {"dropped column: status", 2}};
  EXPECT_EQ(contents.counts, counts);
}

TEST(CsvDecoder, RowsThatSayNothingToUsAreSkippedAndCountedAndBrokenOnesNamed) {
  const FileContents contents = Decoded(
      "when;what;client;user;status\n"
      "1729498443250;view;203.0.113.7:1;u-1;200\n"
      "1729498443250;signin;203.0.113.7:1;-;200\n"
      "1729498443250;signin;203.0.113.7:65536;u-1;200\n"
      "\n"
      "17294984432x0;signin;203.0.113.7:1;u-1;200\n"
      "1729498443250;signin;203.0.113.7:1;u-1\n"
      "1729498443250;signin;203.0.113.7:1;u-1;200\n");
  EXPECT_EQ(contents.records.size(), 1U);
  ASSERT_EQ(contents.errors.size(), 3U);
  EXPECT_EQ(std::string(contents.errors[0].what()), "line 4: column client: source_port: above 65535");
  EXPECT_EQ(std::string(contents.errors[1].what()), "line 6: column when: not a count since 1970");
  EXPECT_EQ(std::string(contents.errors[2].what()), "line 7: 4 columns, where the header has 5");
  EXPECT_EQ(contents.counts.at("skipped rows: other event"), 1U);
  EXPECT_EQ(contents.counts.at("skipped rows: no account"), 1U);
  EXPECT_EQ(contents.counts.at("broken rows"), 3U);
}

TEST(CsvDecoder, AHeaderThatIsNotTheMappingsIsRefusedWithItsColumns) {
  EXPECT_EQ(
      HeaderRefusal("when;what;client;user;status;port\n"),
      "header: columns that the mapping does not know; give them a field, or name them under drop: port");
  EXPECT_EQ(HeaderRefusal("when;what\n"),
            "header: columns of the mapping that the file does not have: client, user");
  EXPECT_EQ(HeaderRefusal("when;when;what;client;user\n"), "header: column when stands twice");
}

TEST(CsvDecoder, ColumnsOfContentOrRecipientsAreDroppedAndCountedApart) {
  const FileContents contents = Decoded(
      "when;what;client;user;status;message_body;to\n"
      "1729498443250;signin;203.0.113.7:1;u-1;200;hello;u-2\n");
  ASSERT_EQ(contents.records.size(), 1U);
  EXPECT_EQ(record::ToJson(contents.records[0]).find("hello"), std::string::npos);
  EXPECT_EQ(contents.counts.at("dropped column that speaks of content or recipients: message_body"), 1U);
  EXPECT_EQ(contents.counts.at("dropped column that speaks of content or recipients: to"), 1U);
}

TEST(CsvDecoder, WithoutAMappingColumnsHaveTheNamesOfFields) {
  const FileContents contents =
      DecodeCsv(AsBytes("class,holder,at,surname,phones,colour\n"
                        "identity,L-1,2024-10-21T08:14:03Z,Exemple,+33199000001; +33639980001,blue\n"),
                NativeMapping(), {})
          .value();
  ASSERT_EQ(contents.records.size(), 1U);
  EXPECT_EQ(std::get<record::Identity>(contents.records[0]).phones,
            (std::vector<std::string>{"+33199000001", "+33639980001"}));
  EXPECT_EQ(contents.counts.at("dropped column: colour"), 1U);
}

TEST(CsvDecoder, SaysOfEachColumnWhatBecameOfItAndShowsNoSecret) {
  CsvDecoder decoder(ParseMapping(R"(schema = "probatio-mapping/1"
record = "account"
drop = ["plan"]
[[column]]
name = "id"
field = "account"
[[column]]
name = "changed"
field = "at"
[[column]]
name = "hash"
field = "password_verification"
optional = true
)",
                                  "m.toml")
                         .value(),
                     {});
  RowReading nothing;
  ASSERT_TRUE(decoder.Read({AsBytes("id,changed,hash,plan,body\n"), {}, {}, 0}, &nothing).ok());
  RowReading reading;
  const std::string row = "u-1,2024-10-21T08:14:03Z,$argon2id$secret,gold,hello\n";
  ASSERT_TRUE(decoder.Read({AsBytes(row), {}, {}, 0}, &reading).ok());
  ASSERT_EQ(reading.columns.size(), 5U);
  EXPECT_EQ(reading.columns[0].written, "u-1");
  EXPECT_EQ(reading.columns[2].written, "(present, not shown)");
  EXPECT_EQ(reading.columns[3].fate, Fate::kDropped);
  EXPECT_EQ(reading.columns[4].fate, Fate::kContent);
  EXPECT_EQ(reading.columns[4].written, "");
  EXPECT_EQ(*std::get<record::Account>(*reading.record).password_verification, "$argon2id$secret");
}

TEST(CsvDecoder, ALocalTimeNeedsAZone) {
  constexpr std::string_view mapping = R"(schema = "probatio-mapping/1"
record = "activity"
[[column]]
name = "t"
field = "at"
time = "%d/%m/%Y %H:%M:%S"
[[column]]
name = "a"
field = "account"
[[constant]]
field = "event"
value = "login"
)";
  constexpr std::string_view file = "t,a\n21/10/2024 10:14:03,u-1\n";
  EXPECT_EQ(Decoded(file, mapping).errors.size(), 1U);
  SourceClock paris;
  paris.zone = std::make_shared<const TimeZone>(TimeZone::Fixed("+02:00", 7200));
  const FileContents contents =
      DecodeCsv(AsBytes(file), ParseMapping(mapping, "m.toml").value(), paris).value();
  ASSERT_EQ(contents.records.size(), 1U);
  EXPECT_EQ(record::OriginOf(contents.records[0]).at.at.ToRfc3339(), "2024-10-21T08:14:03Z");
}

}  // namespace
}  // namespace probatio::decode
