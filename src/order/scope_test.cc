#include "order/scope.h"

#include <gtest/gtest.h>

#include "order/test_case.h"

namespace probatio::order {
namespace {

using example::At;
using example::Decided;
using example::France;
using example::Now;
using example::PlatformJson;
using nlohmann::json;

const std::string& RecipientPem() {
  static const std::string pem =
      example::CertificateFor("Free", crypto::PrivateKey::GenerateP256(), crypto::CertificateUse::kReceive)
          .ToPem();
  return pem;
}

// The founding order with the recipients' certificates filled in, changed by `change`.
template <class Change>
Order Ready(Change change) {
  json order = PlatformJson();
  order["recipients"] = {{{"name", "Free"}, {"certificate_pem", RecipientPem()}}};
  change(order);
  return example::Parse(order.dump());
}
Order Ready() {
  return Ready([](json&) {});
}

Life DecidedLife(Choice choice) {
  std::vector<Event> events = example::UntilAssessed();
  events.push_back(Decided("L5", "identifier_used", choice));
  events.push_back(Decided("L5", "pseudonyms", choice));
  return Replay(events).value();
}

Result<Scope> Build(const Order& order, const Life& life, Instant now = Now()) {
  return BuildScope(order, life, Assess(order, France(), "ecs_operator", now), GrantKind::kDisclose,
                    "Example Messaging", "fr 2026-03-31", At("2024-11-20T00:00:00Z"));
}

TEST(BuildScope, HoldsWhatIsOrderedDecidedAndKept) {
  const Scope scope = Build(Ready(), DecidedLife(Choice::kDecline)).value();
  ASSERT_EQ(scope.lines.size(), 4U);
  EXPECT_EQ(scope.Find("L5"), nullptr);
  EXPECT_EQ(scope.left_out, (std::vector<std::string>{
                                "L5 identifier_used: decline by counsel-1: read with the operative part",
                                "L5 pseudonyms: decline by counsel-1: read with the operative part"}));
  const ScopeLine* line = scope.Find("L2");
  ASSERT_NE(line, nullptr);
  EXPECT_EQ(line->items[0].basis, "rule fr.cpc145.con");
  EXPECT_EQ(line->events, (std::vector<std::string>{"account_created"}));
  EXPECT_EQ(scope.order_digest, Ready().digest);
}

TEST(BuildScope, WaitsForThePersonWhoMustDecide) {
  const auto scope = Build(Ready(), Replay(example::UntilAssessed()).value());
  ASSERT_FALSE(scope.ok());
  EXPECT_EQ(scope.error().code(), ErrorCode::kDenied);
  EXPECT_EQ(scope.error().what(), "scope: line L5, item identifier_used: a person has not decided");
}

TEST(BuildScope, APersonsDecisionIsTheBasisAndBearsTheirName) {
  const Scope scope = Build(Ready(), DecidedLife(Choice::kComply)).value();
  const ScopeLine* line = scope.Find("L5");
  ASSERT_NE(line, nullptr);
  EXPECT_EQ(line->items[0].basis, "person counsel-1: read with the operative part");
  EXPECT_TRUE(scope.left_out.empty());
}

TEST(BuildScope, APersonMayHoldBackWhatARuleReleasesAndNeverLiftARefusal) {
  std::vector<Event> events = DecidedLife(Choice::kDecline).events;
  events.push_back(Decided("L1", "phone", Choice::kAppeal));
  EXPECT_EQ(Build(Ready(), Replay(events).value()).value().Find("L1"), nullptr);

  const Order content = Ready([](json& order) { order["lines"][0]["items"] = {"message_content"}; });
  events.back() = Decided("L1", "message_content", Choice::kComply);
  EXPECT_EQ(Build(content, Replay(events).value()).value().Find("L1"), nullptr);

  const Order password = Ready([](json& order) {
    order["lines"][3]["items"] = {"phone", "password_verification"};
  });
  events.back() = Decided("L4", "password_verification", Choice::kComply);
  const Scope scope = Build(password, Replay(events).value()).value();
  ASSERT_EQ(scope.Find("L4")->items.size(), 1U);
  EXPECT_EQ(scope.Find("L4")->items[0].item, "phone");
}

TEST(BuildScope, WhatIsOutsideRetentionCannotEnter) {
  const Scope scope = Build(Ready(), DecidedLife(Choice::kDecline), At("2025-10-22T00:00:00+02:00")).value();
  EXPECT_EQ(scope.Find("L3"), nullptr);
  EXPECT_EQ(scope.left_out.front(), "L2 source_ip: outside retention");
}

TEST(BuildScope, ALineIsCutToWhatIsStillKept) {
  const Scope scope = Build(Ready(), DecidedLife(Choice::kDecline), At("2025-10-10T12:00:00+02:00")).value();
  EXPECT_EQ(scope.Find("L2")->period.begin, At("2024-10-10T00:00:00+02:00"));
  EXPECT_EQ(scope.left_out.front(),
            "L2: outside retention before 2024-10-09T22:00:00Z or from 2024-10-21T22:00:00Z");
}

TEST(BuildScope, NothingAtAllIsARefusal) {
  const Order order = Ready([](json& value) {
    value["lines"] = json::array({value["lines"][0]});
    value["lines"][0]["items"] = {"message_content"};
  });
  const auto scope = Build(order, Replay(example::UntilAssessed()).value());
  EXPECT_EQ(scope.error().code(), ErrorCode::kRefused);
  EXPECT_EQ(scope.error().what(), "scope: nothing may be released");
}

TEST(BuildScope, NeedsEachRecipientsCertificate) {
  EXPECT_EQ(Build(example::Platform(), DecidedLife(Choice::kDecline)).error().what(),
            "scope: recipients[0]: no certificate");
}

TEST(BuildScope, RefusesTheAssessmentOfAnotherOrder) {
  const Order order = Ready();
  Assessment assessment = Assess(order, France(), "ecs_operator", Now());
  assessment.items.erase(assessment.items.begin());
  const auto scope = BuildScope(order, DecidedLife(Choice::kDecline), assessment, GrantKind::kDisclose, "p",
                                "r", At("2024-11-20T00:00:00Z"));
  EXPECT_EQ(scope.error().what(), "scope: line L1, item phone: not assessed");
}

TEST(ScopeJson, OneScopeHasOneByteString) {
  Scope scope = Build(Ready(), DecidedLife(Choice::kDecline)).value();
  scope.lines.resize(1);
  scope.left_out.clear();
  scope.order_digest = {};
  scope.recipients = {std::string(64, 'a')};
  EXPECT_EQ(
      ScopeToJson(scope),
      "{\"court\":\"Tribunal judiciaire de Paris, juge des référés\",\"kind\":\"disclose\",\"left_out\":[],"
      "\"lines\":[{\"events\":[],\"id\":\"L1\",\"items\":[{\"basis\":\"rule fr.cpc145.id\",\"item\":"
      "\"phone\",\"reference\":\"CPC 145; CPCE L34-1 II bis 1°; R10-13 I; décret 2021-1362 art. 2; CPCE "
      "L34-1 II bis 1° et 2° (besoins des procédures pénales)\"}],\"period\":{\"from\":"
      "\"2024-08-31T22:00:00Z\",\"to\":\"2024-11-11T23:00:00Z\"},\"subject\":{\"message\":"
      "\"m-20241021-0007\"}}],\"order\":\"rg-24-57625\",\"order_digest\":\"" +
          std::string(64, '0') + "\",\"provider\":\"Example Messaging\",\"recipients\":[\"" +
          std::string(64, 'a') +
          "\"],\"regime\":\"fr 2026-03-31\",\"register_number\":\"24/57625\",\"schema\":"
          "\"probatio-scope/1\",\"valid_until\":\"2024-11-20T00:00:00Z\"}");
}

TEST(ScopeJson, IsReadBackAndWrittenTheSame) {
  const Order order = Ready([](json& value) {
    value["lines"][0]["subject"] = {{"tuple",
                                     {{"ip", "2001:db8::7"},
                                      {"port", 40001},
                                      {"proto", "udp"},
                                      {"at", "2024-10-21T10:14:03.250+02:00"},
                                      {"error_s", 1}}}};
  });
  const Scope scope = Build(order, DecidedLife(Choice::kComply)).value();
  const std::string text = ScopeToJson(scope);
  const Scope back = ScopeFromJson(text).value();
  EXPECT_EQ(ScopeToJson(back), text);
  EXPECT_EQ(back.lines[0].subject, scope.lines[0].subject);
  EXPECT_EQ(back.valid_until, scope.valid_until);
}

TEST(ScopeJson, AnyOtherWritingOfTheSameScopeIsRefused) {
  const std::string text = ScopeToJson(Build(Ready(), DecidedLife(Choice::kDecline)).value());
  ASSERT_TRUE(ScopeFromJson(text).ok());
  EXPECT_EQ(ScopeFromJson(text + "\n").error().what(), "scope: not in canonical form");
  EXPECT_FALSE(ScopeFromJson(json::parse(text).dump(1)).ok());
  std::string escaped = text;
  escaped.replace(escaped.find("é"), 2, "\\u00e9");
  EXPECT_EQ(ScopeFromJson(escaped).error().what(), "scope: not in canonical form");
  std::string other_zone = text;
  other_zone.replace(other_zone.find("2024-11-20T00:00:00Z"), 20, "2024-11-20T01:00:00+01:00");
  EXPECT_EQ(ScopeFromJson(other_zone).error().what(), "scope: not in canonical form");
  json more = json::parse(text);
  more["more"] = 1;
  EXPECT_EQ(ScopeFromJson(more.dump()).error().what(), "scope: more: unknown key");
  more.erase("more");
  more["recipients"] = json::array();
  EXPECT_EQ(ScopeFromJson(more.dump()).error().what(), "scope: recipients: empty");
  EXPECT_EQ(ScopeFromJson(std::string(kScopeBytesMax + 1, ' ')).error().what(),
            "scope: larger than 4194304 bytes");
  EXPECT_EQ(ScopeFromJson(std::string(kScopeBytesMax, ' ')).error().what(), "scope: line 1: not JSON");
}

}  // namespace
}  // namespace probatio::order
