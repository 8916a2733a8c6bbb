// What a platform learns about its logs before an order comes.
#include "decode/lint/log_lint.h"

#include <gtest/gtest.h>

#include "decode/lint/column_facts.h"

namespace probatio::decode {
namespace {

LintReport Lint(const std::string& file) {
  return LintLog(ReadLogColumns(AsBytes(file)).value(), nullptr);
}

Weight Of(const LintReport& report, std::string_view rule) {
  Weight worst = Weight::kGood;
  for (const LintFinding& finding : report.findings) {
    if (finding.rule == rule) worst = std::max(worst, finding.weight);
  }
  return worst;
}

// Rows of a good log, each key to be replaced.
std::string Rows(const std::string& ip, const std::string& port, const std::string& at,
                 const std::string& others = R"("account":"u-1","message":"m-1","event":"login")") {
  std::string rows;
  for (int i = 0; i < 30; ++i) {
    const auto with = [&](std::string text) {
      const std::size_t mark = text.find('#');
      if (mark != std::string::npos) text.replace(mark, 1, std::to_string(10 + i));
      return text;
    };
    rows += R"({"at":")" + with(at) + R"(","client_ip":")" + with(ip) + R"(")";
    if (!port.empty()) rows += R"(,"client_port":")" + with(port) + R"(")";
    rows += (others.empty() ? "" : ",") + others + "}\n";
  }
  return rows;
}
const std::string kIp = "203.0.113.#";
const std::string kPort = "512#";
const std::string kAt = "17294984#.250";

TEST(LintLog, FindsNoFaultInALogThatCouldAnswer) {
  const LintReport report = Lint(Rows(kIp, kPort, kAt));
  EXPECT_TRUE(report.could_answer());
  for (const LintFinding& finding : report.findings) EXPECT_EQ(finding.weight, Weight::kGood) << finding.text;
  EXPECT_EQ(report.shape, "JSON Lines");
  EXPECT_EQ(report.rows, 30U);
}

TEST(LintLog, WithoutTheSourcePortNothingCanBeAnswered) {
  EXPECT_EQ(Of(Lint(Rows(kIp, "", kAt)), "source-port"), Weight::kFault);
  EXPECT_EQ(Of(Lint(Rows(kIp, "443", kAt)), "source-port"), Weight::kFault);  // the server's own
  EXPECT_EQ(Of(Lint(Rows(kIp, "0", kAt)), "source-port"), Weight::kFault);    // from a header
  EXPECT_FALSE(Lint(Rows(kIp, "", kAt)).could_answer());
}

TEST(LintLog, TheProxysAddressIsNotTheClients) {
  EXPECT_EQ(Of(Lint(Rows("10.0.0.#", kPort, kAt)), "client-address"), Weight::kFault);
  EXPECT_EQ(Of(Lint(Rows("203.0.113.7", kPort, kAt)), "client-address"), Weight::kFault);
  EXPECT_EQ(Of(Lint(Rows("front.example", kPort, kAt)), "client-address"), Weight::kFault);
}

TEST(LintLog, ATimeHasAZoneAndIsPreciseToTheSecond) {
  EXPECT_EQ(Of(Lint(Rows(kIp, kPort, "2024-10-21T08:14:#.250Z")), "time"), Weight::kGood);
  EXPECT_EQ(Of(Lint(Rows(kIp, kPort, "2024-10-21T08:14:#+02:00")), "time"), Weight::kWarning);
  EXPECT_EQ(Of(Lint(Rows(kIp, kPort, "2024-10-21 08:14:#")), "time"), Weight::kFault);
  EXPECT_EQ(Of(Lint(Rows(kIp, kPort, "2024-10-#")), "time"), Weight::kFault);
  EXPECT_EQ(Of(Lint(Rows(kIp, kPort, "yesterday")), "time"), Weight::kFault);
}

TEST(LintLog, WithoutAnAccountNoOrderFindsItsRows) {
  EXPECT_EQ(Of(Lint(Rows(kIp, kPort, kAt, R"("event":"login")")), "account"), Weight::kFault);
  EXPECT_EQ(Of(Lint(Rows(kIp, kPort, kAt, R"("account":"u-1","event":"login")")), "message"),
            Weight::kWarning);
}

TEST(LintLog, ContentHasNoPlaceInIt) {
  const LintReport report =
      Lint(Rows(kIp, kPort, kAt, R"("account":"u-1","message_body":"hello","to":"u-2")"));
  EXPECT_EQ(Of(report, "content"), Weight::kWarning);
  for (const LintFinding& finding : report.findings) EXPECT_EQ(finding.text.find("hello"), std::string::npos);
}

TEST(LintLog, WebServersOwnLogsLackThePort) {
  std::string common;
  for (int i = 0; i < 30; ++i) {
    common += "203.0.113." + std::to_string(i) + " - - [21/Oct/2024:10:14:" + std::to_string(10 + i) +
              " +0200] \"GET / HTTP/1.1\" 200 512 \"-\" \"curl/7.88.1\"\n";
  }
  const LintReport report = Lint(common);
  EXPECT_EQ(report.shape, "plain lines");
  EXPECT_EQ(Of(report, "client-address"), Weight::kGood);
  EXPECT_EQ(Of(report, "time"), Weight::kWarning);  // to the second
  EXPECT_EQ(Of(report, "source-port"), Weight::kFault);
}

TEST(LintLog, AddressAndPortInOnePartAreSeen) {
  std::string lines;
  for (int i = 0; i < 30; ++i) {
    lines += "203.0.113." + std::to_string(i) + ":51" + std::to_string(100 + i) +
             " [21/Oct/2024:10:14:" + std::to_string(10 + i) + ".250] front back/one 0/0/0/0 204\n";
  }
  const LintReport report = Lint(lines);
  EXPECT_EQ(Of(report, "source-port"), Weight::kGood);
  EXPECT_EQ(Of(report, "time"), Weight::kFault);  // HAProxy's default has no zone
}

TEST(LintLog, CsvIsReadByItsHeader) {
  std::string csv = "timestamp;client_ip;source_port;account_id;message_id;event\n";
  for (int i = 0; i < 30; ++i) {
    csv += "2024-10-21T08:14:" + std::to_string(10 + i) + ".5Z;203.0.113." + std::to_string(i) + ";51" +
           std::to_string(100 + i) + ";u-1;m-1;login\n";
  }
  const LintReport report = Lint(csv);
  EXPECT_EQ(report.shape, "CSV");
  EXPECT_TRUE(report.could_answer());
}

TEST(LintLog, AMappingSaysWhichColumnIsWhich) {
  const Mapping mapping = ParseMapping(R"(schema = "probatio-mapping/1"
record = "activity"
[[column]]
name = "a"
field = "source_ip"
[[column]]
name = "b"
field = "source_port"
[[column]]
name = "c"
field = "at"
time = "epoch"
[[column]]
name = "d"
field = "account"
[[constant]]
field = "event"
value = "login"
)",
                                       "m.toml")
                              .value();
  std::string rows;
  for (int i = 0; i < 30; ++i) {
    rows += R"({"a":"203.0.113.)" + std::to_string(i) + R"(","b":)" + std::to_string(51000 + i) +
            R"(,"c":1729498443.25,"d":"u"})" + "\n";
  }
  const LintReport report = LintLog(ReadLogColumns(AsBytes(rows)).value(), &mapping);
  EXPECT_TRUE(report.could_answer());
  EXPECT_EQ(Of(report, "source-port"), Weight::kGood);
}

TEST(ReadLogColumns, LooksAtSoManyRowsAndRefusesWhatHasNone) {
  std::string rows;
  for (std::size_t i = 0; i <= kLintRowsMax; ++i) rows += "{\"a\":1}\n";
  EXPECT_EQ(ReadLogColumns(AsBytes(rows)).value().rows.size(), kLintRowsMax);
  EXPECT_FALSE(ReadLogColumns({}).ok());
  EXPECT_FALSE(ReadLogColumns(AsBytes("\n \n")).ok());
  EXPECT_EQ(ReadLogColumns(AsBytes("{\"a\":1}\nnot json\n")).value().unread, 1U);
}

TEST(IsInside, KnowsTheRangesThatNoCustomerComesFrom) {
  for (const char* inside : {"10.1.2.3", "172.31.255.255", "192.168.0.1", "100.64.0.1", "127.0.0.1",
                             "169.254.1.1", "0.0.0.0", "::1", "fe80::1", "fd00::1"})
    EXPECT_TRUE(IsInside(IpAddress::Parse(inside).value())) << inside;
  for (const char* outside : {"203.0.113.7", "172.32.0.1", "100.128.0.1", "2001:db8::7", "11.0.0.1"})
    EXPECT_FALSE(IsInside(IpAddress::Parse(outside).value())) << outside;
}

}  // namespace
}  // namespace probatio::decode
