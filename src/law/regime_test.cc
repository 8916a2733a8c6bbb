#include "law/regime.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace probatio::law {
namespace {

constexpr const char* kHead =
    "schema = \"probatio-regime/2\"\n"
    "id = \"xx\"\n"
    "title = \"a country\"\n"
    "as_of = 2026-03-31\n";
constexpr const char* kPhone =
    "[[item]]\n"
    "id = \"phone\"\n"
    "category = \"ID\"\n"
    "title_fr = \"Téléphone\"\n"
    "title_en = \"Telephone\"\n";
constexpr const char* kGate =
    "[[gate]]\n"
    "id = \"any\"\n"
    "needs = [\"an_offence\"]\n"
    "otherwise = \"human\"\n"
    "reference = \"text\"\n";

std::string Retention(std::string_view more) {
  return fmt::format(
      "[[retention]]\nid = \"keep\"\ncategory = \"ID\"\nstart = \"event\"\nyears = 1\n"
      "reference = \"text\"\n{}\n",
      more);
}
std::string Rule(std::string_view more) {
  return fmt::format("[[rule]]\nid = \"r\"\ninstruments = [\"i\"]\nreference = \"text\"\n{}\n", more);
}

// Stands at the end, so that the lines of what is tested stay where they are.
constexpr const char* kInstrument =
    "\n[[issuer]]\n"
    "id = \"court\"\n"
    "title_fr = \"Juridiction\"\n"
    "title_en = \"Court\"\n"
    "names = [\"court\"]\n"
    "reference = \"text\"\n"
    "[[instrument]]\n"
    "id = \"i\"\n"
    "title_fr = \"Décision\"\n"
    "title_en = \"Decision\"\n"
    "issuers = [\"court\"]\n"
    "reference = \"text\"\n"
    "in_force_from = 2000-01-01\n";

std::string ErrorOf(const std::string& body) {
  const auto regime = ParseRegime(kHead + body + kInstrument, "xx.toml");
  if (regime.ok()) return "accepted";
  EXPECT_EQ(regime.error().code(), ErrorCode::kInvalid);
  return regime.error().what();
}

TEST(Regime, TheFrenchRegimeIsReadWhole) {
  std::ifstream file("regimes/fr.toml");
  std::stringstream text;
  text << file.rdbuf();
  const auto regime = ParseRegime(text.str(), "regimes/fr.toml");
  ASSERT_TRUE(regime.ok()) << regime.error().what();
  EXPECT_EQ(regime.value().id, "fr");
  EXPECT_EQ(regime.value().as_of, "2026-03-31");
  EXPECT_EQ(regime.value().items.at("first_name").title_fr, "Prénom");
  EXPECT_TRUE(regime.value().items.at("password_verification").express_only);
  EXPECT_EQ(regime.value().described_from, (CivilDate{2021, 10, 21}));
  for (const DisclosureRule& rule : regime.value().rules) {
    EXPECT_GE(rule.in_force_from, (CivilDate{2021, 10, 21})) << rule.id;
    EXPECT_FALSE(rule.reference.empty()) << rule.id;
    EXPECT_FALSE(rule.title_fr.empty()) << rule.id;
    EXPECT_NE(rule.confidence, Confidence::kUnstated) << rule.id;
  }
}

TEST(Regime, AnErrorNamesFileLineAndKey) {
  EXPECT_EQ(ErrorOf("[[item]]\nid = \"phone\"\ncategry = \"ID\"\n"),
            "xx.toml:7: item[0].categry: unknown key");
  EXPECT_EQ(ErrorOf("[[item]]\nid = \"phone\"\n"), "xx.toml:5: item[0].category: missing");
  EXPECT_EQ(ErrorOf(std::string(kPhone) + "express_only = 1\n"),
            "xx.toml:10: item[0].express_only: not true or false");
  EXPECT_EQ(ErrorOf(std::string(kPhone) + kPhone), "xx.toml:11: item[1].id: given twice");
  EXPECT_NE(ErrorOf("item = ").find("xx.toml:5: "), std::string::npos);
}

TEST(Regime, AMalformedFileIsAnErrorAndNotTheEndOfTheProgram) {
  for (const char* header : {"[$]", "[[é]]", "[[[item]]]", "[item", "[]", "[a.b]"}) {
    EXPECT_EQ(ErrorOf(std::string(header) + "\n"), "xx.toml:5: not a table header") << header;
  }
  EXPECT_EQ(ErrorOf("é = 1\n"), "xx.toml:5: not a key");
  EXPECT_EQ(ErrorOf("aé = 1\n"), "xx.toml:5: no '=' after the key");
  for (const char* value :
       {"23\"ř\"", "[[[1]]]", "[1 2]", "[,]", "{b = 1}", "\"x\\\"", "", "\"\"\"x\"\"\"", "[\"x\""}) {
    EXPECT_EQ(ErrorOf(std::string("a = ") + value + "\n"),
              "xx.toml:5: not a string, number, flag, date or list on one line")
        << value;
  }
  EXPECT_EQ(ErrorOf(std::string(kPhone) + "  # é { [$] \" '\n"), "accepted");
}

TEST(Regime, ARuleMayOnlySpeakOfWhatTheRegimeKnows) {
  const std::string base = std::string(kPhone) + kGate;
  const std::string dates = "in_force_from = 2021-10-21";
  EXPECT_EQ(ErrorOf(base + Rule("categories = [\"ID\"]\ngate = \"any\"\n" + dates)), "accepted");
  EXPECT_EQ(ErrorOf(base + Rule("items = [\"phon\"]\ngate = \"any\"\n" + dates)),
            "xx.toml:19: rule[0].items: unknown item 'phon'");
  EXPECT_EQ(ErrorOf(base + Rule("categories = [\"CON\"]\ngate = \"any\"\n" + dates)),
            "xx.toml:19: rule[0].categories: no item has the category 'CON'");
  EXPECT_EQ(ErrorOf(base + Rule("categories = [\"ID\"]\ngate = \"none\"\n" + dates)),
            "xx.toml:20: rule[0].gate: unknown gate 'none'");
  EXPECT_EQ(ErrorOf(base + Rule("categories = [\"ID\"]\n" + dates)),
            "xx.toml:15: rule[0].verdict: exactly one of gate and verdict is needed");
  EXPECT_EQ(ErrorOf(base + Rule("verdict = \"human\"\n" + dates)),
            "xx.toml:15: rule[0].categories: exactly one of categories and items is needed");
  EXPECT_EQ(ErrorOf(base + Rule("categories = [\"ID\"]\nverdict = \"maybe\"\n" + dates)),
            "xx.toml:20: rule[0].verdict: verdict: one of release, refuse, human");
}

TEST(Regime, EveryRuleCitesATextAndSaysSinceWhen) {
  EXPECT_EQ(
      ErrorOf(std::string(kPhone) + "[[rule]]\nid = \"r\"\ninstruments = [\"i\"]\ncategories = [\"ID\"]\n"
                                    "verdict = \"human\"\nin_force_from = 2021-10-21\n"),
      "xx.toml:10: rule[0].reference: missing");
  EXPECT_EQ(ErrorOf(kPhone + Rule("categories = [\"ID\"]\nverdict = \"human\"")),
            "xx.toml:10: rule[0].in_force_from: missing");
  EXPECT_EQ(
      ErrorOf(kPhone + Rule("categories = [\"ID\"]\nverdict = \"human\"\nin_force_from = \"2021-10-21\"")),
      "xx.toml:16: rule[0].in_force_from: not a date such as 2021-10-21, without quotes");
  EXPECT_EQ(ErrorOf(kPhone + Retention("in_force_from = 2021-10-21\nin_force_to = 2021-10-20")),
            "xx.toml:17: retention[0].in_force_to: before in_force_from");
}

TEST(Regime, NoTwoRetentionsOfOneCategoryAreInForceOnOneDay) {
  const std::string first = kPhone + Retention("in_force_from = 2021-10-21\nin_force_to = 2022-12-31");
  EXPECT_EQ(ErrorOf(first + Retention("in_force_from = 2023-01-01")), "accepted");
  EXPECT_EQ(ErrorOf(first + Retention("in_force_from = 2022-12-31")),
            "xx.toml:24: retention[1].in_force_from: overlaps with 'keep' for the same category");
  const std::string operators =
      kPhone + Retention("profiles = [\"ecs_operator\"]\nin_force_from = 2021-10-21");
  std::string hosts = Retention("profiles = [\"host_platform\"]\nin_force_from = 2021-10-21");
  EXPECT_EQ(ErrorOf(operators + hosts), "xx.toml:19: retention[1].id: given twice");
  hosts.replace(hosts.find("keep"), 4, "keep.host");
  EXPECT_EQ(ErrorOf(operators + hosts), "accepted");
}

TEST(Regime, AGateThatIsAlwaysOpenOrReleasesWhenClosedIsRefused) {
  const std::string base = kPhone;
  EXPECT_EQ(ErrorOf(base + "[[gate]]\nid =\"g\"\nneeds=[]\notherwise=\"human\"\nreference=\"t\"\n"),
            "xx.toml:12: gate[0].needs: empty: such a gate would always be open");
  EXPECT_EQ(ErrorOf(base + "[[gate]]\nid =\"g\"\nneeds=[\"luck\"]\notherwise=\"human\"\nreference=\"t\"\n"),
            "xx.toml:12: gate[0].needs: unknown need 'luck'");
  EXPECT_EQ(
      ErrorOf(base + "[[gate]]\nid =\"g\"\nneeds=[\"an_offence\"]\notherwise=\"release\"\nreference=\"t\"\n"),
      "xx.toml:13: gate[0].otherwise: a closed gate cannot release");
}

TEST(Regime, HasLimitsOnSizeAndEntries) {
  const std::string padding(kRegimeBytesMax - std::string(kHead).size() - std::string(kPhone).size() -
                                std::string(kInstrument).size() - 1,
                            '#');
  EXPECT_EQ(ErrorOf(kPhone + padding + "\n"), "accepted");
  EXPECT_EQ(ErrorOf(kPhone + padding + "#\n"), "xx.toml:1: larger than 1048576 bytes");
  std::string items;
  for (std::size_t i = 0; i < kRegimeEntriesMax; ++i) {
    items += fmt::format("[[item]]\nid=\"i{}\"\ncategory=\"ID\"\ntitle_fr=\"f\"\ntitle_en=\"e\"\n", i);
  }
  EXPECT_EQ(ErrorOf(items), "accepted");
  EXPECT_NE(ErrorOf(items + kPhone).find("item: more than 1000"), std::string::npos);
}

std::string Injunction(std::string_view more) {
  return fmt::format("[[injunction]]\nid = \"decree\"\nreference = \"text\"\n{}\n", more);
}
constexpr const char* kNeedsOne = "needs_injunction = true\nin_force_from = 2021-10-21";

TEST(Regime, AnInjunctionLastsAYearAtMostAndNamesACategoryThatNeedsOne) {
  const std::string body = kPhone + Retention(kNeedsOne);
  EXPECT_EQ(ErrorOf(body + Injunction("categories = [\"ID\"]\nin_force_from = 2025-10-21\n"
                                      "in_force_to = 2026-10-20")),
            "accepted");
  EXPECT_NE(ErrorOf(body + Injunction("categories = [\"ID\"]\nin_force_from = 2025-10-21\n"
                                      "in_force_to = 2026-10-21"))
                .find("more than a year"),
            std::string::npos);
  EXPECT_NE(
      ErrorOf(body + Injunction("categories = [\"ID\"]\nin_force_from = 2025-10-21")).find("in_force_to"),
      std::string::npos);
  EXPECT_NE(ErrorOf(body + Injunction("categories = [\"CON\"]\nin_force_from = 2025-10-21\n"
                                      "in_force_to = 2026-10-20"))
                .find("no retention of 'CON' needs an injunction"),
            std::string::npos);
}

TEST(Regime, OnlyWhatIsKeptFromAnEventCanNeedAnInjunction) {
  const std::string rule =
      "[[retention]]\nid = \"keep\"\ncategory = \"ID\"\nstart = \"contract_end\"\nyears = 1\n"
      "reference = \"text\"\n" +
      std::string(kNeedsOne) + "\n";
  EXPECT_NE(ErrorOf(kPhone + rule).find("needs_injunction"), std::string::npos);
}

}  // namespace
}  // namespace probatio::law
