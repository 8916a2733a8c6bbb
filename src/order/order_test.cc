#include "order/order.h"

#include <gtest/gtest.h>

#include "order/test_case.h"

namespace probatio::order {
namespace {

using example::France;
using example::PlatformJson;
using example::With;
using example::Without;
using nlohmann::json;

std::string ErrorOf(const std::string& text) {
  const auto order = ParseOrder(text, France());
  if (order.ok()) return "accepted";
  EXPECT_EQ(order.error().code(), ErrorCode::kInvalid);
  return order.error().what();
}

TEST(Order, TheFoundingOrderIsReadAsPublished) {
  const std::string text = example::ReadText("examples/rg-24-57625/platform-order.json");
  const Order order = ParseOrder(text, France()).value();
  EXPECT_EQ(order.register_number, "24/57625");
  EXPECT_EQ(order.date, (law::CivilDate{2024, 11, 12}));
  EXPECT_EQ(order.applicants, (std::vector<std::string>{"Free", "Free Mobile"}));
  EXPECT_EQ(order.respondent, "Telegram Messenger Inc");
  EXPECT_EQ(order.time_limit->amount, 48);
  EXPECT_TRUE(order.service.invented);
  ASSERT_EQ(order.lines.size(), 5U);
  EXPECT_EQ(order.lines[1].events, (std::vector<std::string>{"account_created"}));
  EXPECT_TRUE(order.lines[3].open_ended);
  EXPECT_EQ(order.lines[4].subject.kind, SubjectKind::kOtherAccounts);
  EXPECT_EQ(order.source, text);
  EXPECT_EQ(order.digest, crypto::Sha256(AsBytes(text)));
}

TEST(Order, FactsAreWhatTheOrderSaysOfItself) {
  const law::Facts facts = FactsOf(example::Platform(), "ecs_operator");
  EXPECT_EQ(facts.max_prison_years, 5);
  EXPECT_TRUE(facts.offence_named);
  EXPECT_EQ(facts.decided, (law::CivilDate{2024, 11, 12}));
}

TEST(Order, AnErrorNamesThePlaceAndTheReason) {
  EXPECT_EQ(ErrorOf(With("/lines/2/period/to", "2024-10-20T00:00:00Z")),
            "order: lines[2].period: ends before it begins");
  EXPECT_EQ(ErrorOf(With("/lines/2/period/to", "2024-10-21T00:00:00+02:00")),
            "order: lines[2].period: is empty: `to` is excluded");
  EXPECT_EQ(ErrorOf(With("/lines/0/items", {"phone", "phon"})),
            "order: lines[0].items[1]: unknown item 'phon'");
  EXPECT_EQ(ErrorOf(With("/lines/0/items", {"phone", "phone"})), "order: lines[0].items[1]: given twice");
  EXPECT_EQ(ErrorOf(With("/lines/0/items", json::array())), "order: lines[0].items: empty");
  EXPECT_EQ(ErrorOf(With("/lines/1/id", "L1")), "order: lines[1].id: given twice");
  EXPECT_EQ(ErrorOf(With("/lines/1/events", {"account_deleted"})),
            "order: lines[1].events[0]: not account_created, login or message_sent");
  EXPECT_EQ(ErrorOf(With("/date", "2024-02-30")), "order: date: date: no such day");
  EXPECT_EQ(ErrorOf(With("/date", 20241112)), "order: date: not a text");
  EXPECT_EQ(ErrorOf(With("/service/at", "2024-11-12T17:00:00")),
            "order: service.at: instant: no zone (write Z or +01:00)");
  EXPECT_EQ(ErrorOf(With("/time_limit/amount", 0)), "order: time_limit.amount: not from 1 to 100000");
  EXPECT_EQ(ErrorOf(With("/time_limit/amount", 1.5)), "order: not a whole number");
  EXPECT_EQ(ErrorOf(With("/time_limit/unit", "weeks")), "order: time_limit.unit: not hours, days or months");
  EXPECT_EQ(ErrorOf(With("/schema", "probatio-order/2")), "order: schema: not 'probatio-order/1'");
  EXPECT_EQ(ErrorOf(Without("", "register_number")), "order: register_number: missing");
  EXPECT_EQ(ErrorOf(With("/register_number", "")), "order: register_number: empty");
  EXPECT_EQ(
      ErrorOf(With("/purpose", "curiosity")),
      "order: purpose: not criminal_proceedings, civil_claim, mixed, public_security, national_security, "
      "administrative or empty");
  EXPECT_EQ(ErrorOf(With("/lines", json::array())), "order: lines: empty: the order asks for nothing");
}

TEST(Order, AKeyThatNobodyKnowsIsRefusedByName) {
  EXPECT_EQ(ErrorOf(With("/urgent", true)), "order: urgent: unknown key");
  EXPECT_EQ(ErrorOf(With("/lines/0/amount", 1)), "order: lines[0].amount: unknown key");
  EXPECT_EQ(ErrorOf(With("/service/hour", 1)), "order: service.hour: unknown key");
}

TEST(Order, TwoReadersNeverSeeTwoOrders) {
  std::string text = PlatformJson().dump();
  text.insert(1, "\"court\":\"another court\",");
  EXPECT_EQ(ErrorOf(text), "order: key 'court' given twice");
}

TEST(Order, WhatTheVerdictsRestOnIsCited) {
  for (const char* field : {"court", "register_number", "date", "purpose", "time_limit"}) {
    EXPECT_EQ(ErrorOf(Without("/cites", field)), std::string("order: cites.") + field + ": missing citation");
  }
  EXPECT_EQ(ErrorOf(With("/cites/court/page", 0)), "order: cites.court.page: not from 1 to 10000");
  EXPECT_EQ(ErrorOf(With("/cites/court/words", "")), "order: cites.court.words: empty");
  EXPECT_EQ(ErrorOf(With("/cites/weather", {{"page", 1}, {"words", "sunny"}})),
            "order: cites.weather: cites a key that the order does not have");
  EXPECT_EQ(ErrorOf(Without("/lines/0", "cite")), "order: lines[0].cite: missing");
  EXPECT_EQ(ErrorOf(With("/conditions/no_trial/quote", "")), "order: conditions.no_trial.quote: empty");
}

TEST(Order, AnAbsentTimeLimitNeedsNoCitation) {
  json order = PlatformJson();
  order.erase("time_limit");
  EXPECT_EQ(ErrorOf(order.dump()), "order: cites.time_limit: cites a key that the order does not have");
  order["cites"].erase("time_limit");
  EXPECT_FALSE(example::Parse(order.dump()).time_limit.has_value());
}

TEST(Order, ASubjectIsExactlyOneThing) {
  EXPECT_EQ(ErrorOf(With("/lines/0/subject", json::object())),
            "order: lines[0].subject: exactly one subject is needed");
  EXPECT_EQ(ErrorOf(With("/lines/0/subject", {{"account", "a"}, {"message", "m"}})),
            "order: lines[0].subject: exactly one subject is needed");
  EXPECT_EQ(ErrorOf(With("/lines/0/subject", {{"other_accounts", false}})),
            "order: lines[0].subject.other_accounts: not true");
  EXPECT_EQ(ErrorOf(With("/lines/0/subject", {{"message", std::string(256, 'm')}})), "accepted");
  EXPECT_EQ(ErrorOf(With("/lines/0/subject", {{"message", std::string(257, 'm')}})),
            "order: lines[0].subject.message: longer than 256 bytes");
}

TEST(Order, ATupleCarriesItsInstantAndItsError) {
  json tuple = {{"ip", "203.0.113.7"},
                {"port", 40001},
                {"proto", "tcp"},
                {"at", "2024-10-21T10:14:03+02:00"},
                {"error_s", 2}};
  const Order order = example::Parse(With("/lines/0/subject", {{"tuple", tuple}}));
  ASSERT_TRUE(order.lines[0].subject.tuple.has_value());
  EXPECT_EQ(order.lines[0].subject.tuple->port, 40001);
  EXPECT_EQ(order.lines[0].subject.tuple->proto, 6);
  EXPECT_EQ(order.lines[0].subject.tuple->error_ns, 2 * kNsPerSecond);
  tuple["port"] = 65'536;
  EXPECT_EQ(ErrorOf(With("/lines/0/subject", {{"tuple", tuple}})),
            "order: lines[0].subject.tuple.port: not from 0 to 65535");
  tuple["port"] = 40001;
  tuple.erase("error_s");
  EXPECT_EQ(ErrorOf(With("/lines/0/subject", {{"tuple", tuple}})),
            "order: lines[0].subject.tuple: exactly one of error_s and error_ns is needed");
}

TEST(Order, HasLimitsWithATestOnEachSide) {
  json order = PlatformJson();
  const json line = order["lines"][0];
  const auto with_lines = [&](std::size_t count) {
    order["lines"] = json::array();
    for (std::size_t i = 0; i < count; ++i) {
      order["lines"].push_back(line);
      order["lines"].back()["id"] = "L" + std::to_string(i);
    }
    return ErrorOf(order.dump());
  };
  EXPECT_EQ(with_lines(kOrderLinesMax), "accepted");
  EXPECT_EQ(with_lines(kOrderLinesMax + 1), "order: lines: more than 1000");

  const auto with_recipients = [](std::size_t count) {
    return ErrorOf(With("/recipients", json(count, {{"name", "n"}, {"certificate_pem", ""}})));
  };
  EXPECT_EQ(with_recipients(kOrderRecipientsMax), "accepted");
  EXPECT_EQ(with_recipients(kOrderRecipientsMax + 1), "order: recipients: more than 16");

  const auto with_papers = [](std::size_t count) {
    return ErrorOf(With("/papers", json(count, {{"name", "n"}, {"sha256", std::string(64, 'a')}})));
  };
  EXPECT_EQ(with_papers(kOrderPapersMax), "accepted");
  EXPECT_EQ(with_papers(kOrderPapersMax + 1), "order: papers: more than 64");
  EXPECT_EQ(ErrorOf(With("/papers", json(1, {{"name", "n"}, {"sha256", "aa"}}))),
            "order: papers[0].sha256: not 64 hexadecimal digits");

  const std::string text = PlatformJson().dump();
  EXPECT_EQ(ErrorOf(text + std::string(kOrderBytesMax - text.size(), ' ')), "accepted");
  EXPECT_EQ(ErrorOf(text + std::string(kOrderBytesMax - text.size() + 1, ' ')),
            "order: larger than 1048576 bytes");
}

}  // namespace
}  // namespace probatio::order
