#include "order/enforceability.h"

#include <gtest/gtest.h>

#include <functional>

#include "order/test_case.h"

namespace probatio::order {
namespace {

using example::At;
using example::Happened;
using example::Now;
using example::PlatformJson;
using law::Answer;
using nlohmann::json;

const Entity kTelegram{"Telegram Messenger Inc", "", {}};

Life Received() {
  return Replay({Happened(EventKind::kReceived, "clerk-1")}).value();
}

Event ServedAt(std::string_view at, const std::string& mode = "bailiff") {
  Event event = Happened(EventKind::kServed, "clerk-1", "the bailiff's act of that day");
  event.served = At(at);
  event.item = mode;
  return event;
}
Event Cured(std::string_view gate) {
  Event event = Happened(EventKind::kCured, "counsel-1", "the executory copy of 13 November arrived");
  event.item = gate;
  return event;
}

EnforcementGate Gate(const Order& order, std::string_view id, const Life& life = Received(),
                     const Entity& provider = kTelegram, Instant now = Now()) {
  for (const EnforcementGate& gate : CheckEnforceability(order, life, provider, now).gates) {
    if (gate.id == id) return gate;
  }
  ADD_FAILURE() << "no gate " << id;
  return {};
}

Order Changed(const std::function<void(json&)>& change) {
  json value = PlatformJson();
  change(value);
  return example::Parse(value.dump());
}

TEST(Enforceability, OfTheFoundingOrderWaitsOnlyForWhatNobodyTranscribed) {
  const Enforceability result = CheckEnforceability(example::Platform(), Received(), kTelegram, Now());
  EXPECT_EQ(result.FirstNotMet(), nullptr);
  EXPECT_TRUE(result.NeedsPerson());
  EXPECT_TRUE(RequireEnforceable(result).ok());
  EXPECT_EQ(Gate(example::Platform(), kForceGate).reference, "CPC 514, 514-1 al. 3");
  EXPECT_EQ(Gate(example::Platform(), kEntityGate).answer, GateAnswer::kMet);
  EXPECT_EQ(Gate(example::Platform(), kServiceGate).found, "the instant of service was never published");
}

// The mentions are the regime's, so that a lawyer can correct them.
TEST(Enforceability, EveryMandatoryMentionOfTheRegimeIsLookedFor) {
  const auto with = [](const json& mentions) {
    return Changed([&](json& value) { value["mentions"] = mentions; });
  };
  json all;
  const std::vector<law::Mention> wanted = example::Platform().wanted;
  ASSERT_EQ(wanted.size(), 9U);
  for (const law::Mention& mention : wanted) all[mention.id] = "yes";
  EXPECT_EQ(Gate(with(all), kMentionsGate).answer, GateAnswer::kMet);
  for (const char* answer : {"no", "unknown"}) {
    json without = all;
    without["registrar_named"] = answer;
    const EnforcementGate gate = Gate(with(without), kMentionsGate);
    EXPECT_EQ(gate.answer, GateAnswer::kHuman);  // nullity is for the court, so a person judges
    EXPECT_EQ(gate.found, "not found: Name of the registrar (CPC 454)");
    EXPECT_NE(gate.cure.find("CPC 462"), std::string::npos);
  }
  json without_lawyers = all;
  without_lawyers["lawyers_named"] = "no";  // the regime does not let this one block
  EXPECT_EQ(Gate(with(without_lawyers), kMentionsGate).answer, GateAnswer::kMet);
}

TEST(Enforceability, AnInstrumentThatTheRegimeDoesNotKnowIsReadByAPerson) {
  const Order order = Changed([](json& value) { value["instrument"] = "fr.unheard.of"; });
  ASSERT_FALSE(order.named.has_value());
  EXPECT_EQ(Gate(order, kMentionsGate).answer, GateAnswer::kHuman);
}

TEST(Enforceability, AJudgmentNeedsProvisionalOrFinalForce) {
  const auto judgment = [](bool provisional, const char* final_force) {
    return Changed([&](json& value) {
      value["instrument"] = "fr.judgment";
      value["provisionally_enforceable"] = provisional;
      value["formalities"]["final_force"] = final_force;
    });
  };
  EXPECT_EQ(Gate(judgment(true, "no"), kForceGate).answer, GateAnswer::kMet);
  EXPECT_EQ(Gate(judgment(false, "yes"), kForceGate).answer, GateAnswer::kMet);
  const EnforcementGate gate = Gate(judgment(false, "unknown"), kForceGate);
  EXPECT_EQ(gate.answer, GateAnswer::kNotMet);
  EXPECT_NE(gate.cure.find("504"), std::string::npos);
}

TEST(Enforceability, AnOrderIsServedOrEnforcedOnTheMinute) {
  const auto unserved = [](const char* instrument, const char* on_minute) {
    return Changed([&](json& value) {
      value["instrument"] = instrument;
      value.erase("service");
      value["formalities"]["on_minute"] = on_minute;
    });
  };
  const EnforcementGate gate = Gate(unserved("fr.cpc145.refere", "no"), kNoticeGate);
  EXPECT_EQ(gate.answer, GateAnswer::kNotMet);
  EXPECT_EQ(gate.reference, "CPC 503");
  EXPECT_NE(gate.cure.find("675"), std::string::npos);
  EXPECT_EQ(Gate(unserved("fr.cpc145.refere", "yes"), kNoticeGate).reference, "CPC 489");
  EXPECT_EQ(Gate(unserved("fr.cpc145.refere", "yes"), kNoticeGate).answer, GateAnswer::kMet);
  EXPECT_EQ(Gate(unserved("fr.cpc145.requete", "no"), kNoticeGate).reference, "CPC 495");
  EXPECT_EQ(Gate(unserved("fr.cpc145.requete", "no"), kNoticeGate).answer, GateAnswer::kMet);
}

TEST(Enforceability, AServiceToComeOrBeforeTheDecisionIsNone) {
  const Order order = example::Platform();
  EXPECT_EQ(Gate(order, kNoticeGate, Received(), kTelegram, At("2024-11-12T16:59:59+01:00")).found,
            "the instant of service is still to come");
  const Order early = Changed([](json& value) { value["service"]["at"] = "2024-11-11T17:00:00+01:00"; });
  EXPECT_EQ(Gate(early, kNoticeGate).answer, GateAnswer::kNotMet);
}

TEST(Enforceability, WhatWasServedLaterIsRecordedAndStartsTheTimeLimit) {
  const Order order = Changed([](json& value) { value.erase("service"); });
  EXPECT_FALSE(TimeLimitOf(order, Now()).has_value());
  Life life = Received();
  life = Apply(life, ServedAt("2024-11-13T08:30:00+01:00", "electronic")).value();
  EXPECT_EQ(Gate(order, kNoticeGate, life).answer, GateAnswer::kMet);
  EXPECT_EQ(Gate(order, kServiceGate, life).answer, GateAnswer::kMet);
  const Order served = WithRecordedService(order, life);
  EXPECT_EQ(served.digest, order.digest);
  EXPECT_EQ(TimeLimitOf(served, Now())->binding(), At("2024-11-15T08:30:00+01:00"));
}

TEST(Enforceability, TheExecutoryFormulaIsNeededUnlessOnTheMinute) {
  const auto with = [](const char* formula, const char* on_minute) {
    return Changed([&](json& value) {
      value["formalities"] = {{"executory_formula", formula}, {"on_minute", on_minute}};
    });
  };
  EXPECT_EQ(Gate(with("yes", "no"), kFormulaGate).answer, GateAnswer::kMet);
  EXPECT_EQ(Gate(with("unknown", "no"), kFormulaGate).answer, GateAnswer::kHuman);
  EXPECT_EQ(Gate(with("no", "yes"), kFormulaGate).answer, GateAnswer::kNotNeeded);
  const EnforcementGate gate = Gate(with("no", "no"), kFormulaGate);
  EXPECT_EQ(gate.answer, GateAnswer::kNotMet);
  EXPECT_EQ(gate.reference, "CPC 502");
}

TEST(Enforceability, AnExParteOrderComesWithItsRequest) {
  const auto with = [](const json& papers) {
    return Changed([&](json& value) {
      value["instrument"] = "fr.cpc145.requete";
      value["papers"] = papers;
    });
  };
  EXPECT_EQ(Gate(with(json::array()), kRequestGate).answer, GateAnswer::kNotMet);
  const json request = {{{"name", "requête.pdf"}, {"sha256", std::string(64, 'a')}}};
  EXPECT_EQ(Gate(with(request), kRequestGate).answer, GateAnswer::kMet);
}

TEST(Enforceability, ProtectiveConditionsAreFulfilledFirst) {
  const auto with = [](const char* met) {
    return Changed([&](json& value) {
      value["formalities"]["conditions"] = {{{"words", "consignation de 5 000 euros"}, {"met", met}}};
    });
  };
  EXPECT_EQ(Gate(example::Platform(), kConditionsGate).answer, GateAnswer::kNotNeeded);
  EXPECT_EQ(Gate(with("yes"), kConditionsGate).answer, GateAnswer::kMet);
  EXPECT_EQ(Gate(with("unknown"), kConditionsGate).answer, GateAnswer::kHuman);
  EXPECT_EQ(Gate(with("no"), kConditionsGate).answer, GateAnswer::kNotMet);
}

TEST(Enforceability, TheRightCompanyIsAddressed) {
  const Order order = Changed([](json& value) { value["addressee_number"] = "901234567"; });
  const auto answer = [&](const Entity& provider) {
    return Gate(order, kEntityGate, Received(), provider).answer;
  };
  EXPECT_EQ(answer({"Another name", "901234567", {}}), GateAnswer::kMet);
  EXPECT_EQ(answer({"Telegram Messenger Inc", "987654321", {}}), GateAnswer::kNotMet);
  EXPECT_EQ(answer({"TELEGRAM MESSENGER INC", "", {}}), GateAnswer::kMet);
  EXPECT_EQ(answer({"Example", "", {"Telegram Messenger Inc"}}), GateAnswer::kMet);
  EXPECT_EQ(answer({"Example", "", {}}), GateAnswer::kHuman);
}

TEST(Enforceability, AStayClosesAndNobodyCuresItByWords) {
  Life life = Apply(Received(), Happened(EventKind::kStayed, "counsel-1")).value();
  EXPECT_EQ(Gate(example::Platform(), kStayGate, life).answer, GateAnswer::kNotMet);
  const Event words = Cured("stay");
  EXPECT_EQ(Apply(life, words).error().what(), "cured: no gate that a person can make good");
  life = Apply(life, Happened(EventKind::kStayLifted, "counsel-1")).value();
  EXPECT_EQ(Gate(example::Platform(), kStayGate, life).answer, GateAnswer::kMet);
}

TEST(Enforceability, AClosedGateIsMadeGoodByANamedPersonWithAReason) {
  const Order order = Changed([](json& value) { value["formalities"]["executory_formula"] = "no"; });
  Life life = Received();
  EXPECT_EQ(
      RequireEnforceable(CheckEnforceability(order, life, kTelegram, Now())).error().what(),
      "enforceability: formula: the copy bears no executory formula [CPC 502]; cure: the applicant shows an "
      "executory copy (CPC 465, 502)");
  life = Apply(life, Cured("formula")).value();
  EXPECT_TRUE(RequireEnforceable(CheckEnforceability(order, life, kTelegram, Now())).ok());
  EXPECT_NE(Gate(order, kFormulaGate, life).found.find("counsel-1"), std::string::npos);
  Event silent = Cured("formula");
  silent.reason.clear();
  EXPECT_FALSE(Apply(life, silent).ok());
}

TEST(Enforceability, ARequisitionIsNoCivilDecision) {
  const Order order = Changed([](json& value) {
    value["instrument"] = "fr.cpp.60-1";
    value["provisionally_enforceable"] = false;
  });
  const Enforceability result = CheckEnforceability(order, Received(), kTelegram, Now());
  EXPECT_EQ(result.FirstNotMet(), nullptr);
  EXPECT_EQ(result.gates.size(), 4U);
  EXPECT_EQ(Gate(order, kMentionsGate).reference, "CPP 60-1 and following, CPP 60-1-2");
}

TEST(Enforceability, FollowsFromTheInstrumentWhateverAliasTheFileUses) {
  const auto of = [](const char* instrument) {
    return Changed([&](json& value) {
      value["instrument"] = instrument;
      value["provisionally_enforceable"] = false;
    });
  };
  EXPECT_EQ(Gate(of("FR_CPC145_REFERE"), kForceGate).reference, "CPC 514, 514-1 al. 3");
  EXPECT_EQ(Gate(of("FR_CPC145_REQUETE"), kForceGate).reference, "CPC 495 al. 2");
  EXPECT_EQ(Gate(of("fr.cpc145.refere_heure_indiquee"), kForceGate).answer, GateAnswer::kMet);
  EXPECT_EQ(Gate(of("fr.lcen.6-3"), kForceGate).answer, GateAnswer::kNotMet) << "its own words count";
}

TEST(Enforceability, WhatOnlyPreservesLastsAsLongAsItsInstrumentSays) {
  const Order order = Changed([](json& value) {
    value["instrument"] = "fr.cpp.60-2.preservation";
    value.erase("time_limit");
    value["cites"].erase("time_limit");
  });
  const auto limit = TimeLimitOf(order, Now());
  ASSERT_TRUE(limit.has_value());
  EXPECT_EQ(limit->duty, law::Duty::kKeep);
  EXPECT_GE(limit->binding() - limit->served, 365 * kNsPerDay);
}

TEST(Enforceability, AnUnknownInstrumentPassesEveryGate) {
  const Order order = Changed([](json& value) {
    value["instrument"] = "xx.letter";
    value["provisionally_enforceable"] = false;
  });
  EXPECT_EQ(CheckEnforceability(order, Received(), kTelegram, Now()).FirstNotMet()->id, kForceGate);
}

TEST(Enforceability, ServiceAtNightIsAWarningOnly) {
  const Order order = Changed([](json& value) { value["service"]["at"] = "2024-11-12T22:00:00+01:00"; });
  const Enforceability result = CheckEnforceability(order, Received(), kTelegram, Now());
  ASSERT_EQ(result.warnings.size(), 1U);
  EXPECT_NE(result.warnings[0].find("CPC 664"), std::string::npos);
  EXPECT_EQ(result.FirstNotMet(), nullptr);
}

TEST(Enforceability, ThePeriodicPenaltyRunsFromTheEndOfTheTimeLimit) {
  const Order order = Changed([](json& value) {
    value["penalty"] = {{"euro", 500}, {"per", "day"}, {"cap_euro", 50000}, {"reserved", true}};
  });
  const auto at = [&](std::string_view now) {
    return CheckEnforceability(order, Received(), kTelegram, At(now)).penalty.value();
  };
  EXPECT_EQ(at("2024-11-13T09:00:00+01:00").starts, At("2024-11-14T17:00:00+01:00"));
  EXPECT_EQ(at("2024-11-13T09:00:00+01:00").so_far.euro, 0);
  EXPECT_EQ(at("2024-11-16T09:00:00+01:00").so_far.euro, 1500);
  EXPECT_NE(at("2024-11-16T09:00:00+01:00").words.find("1500 euro at most so far"), std::string::npos);
}

TEST(Enforceability, AGraceOfThePenaltyIsCountedFromService) {
  const Order order = Changed([](json& value) {
    value["penalty"] = {{"euro", 500}, {"per", "day"}, {"grace", {{"amount", 8}, {"unit", "days"}}}};
  });
  EXPECT_EQ(CheckEnforceability(order, Received(), kTelegram, Now()).penalty->starts,
            At("2024-11-21T00:00:00+01:00"));
}

TEST(Enforceability, JsonNamesEachGateItsAnswerAndItsCure) {
  const json value =
      json::parse(ToJson(CheckEnforceability(example::Platform(), Received(), kTelegram, Now())));
  EXPECT_EQ(value["enforceable"], true);
  EXPECT_EQ(value["needs_person"], true);
  EXPECT_EQ(value["gates"].size(), 9U);
  EXPECT_EQ(value["gates"][0]["gate"], "mentions");
  EXPECT_EQ(value["gates"][0]["answer"], "human");
  EXPECT_TRUE(value["penalty"].is_null());
}

TEST(Formalities, ErrorsNameThePlace) {
  const auto error = [](const std::string& pointer, const json& value) {
    return ParseOrder(example::With(pointer, value), example::France()).error().what();
  };
  EXPECT_EQ(error("/mentions", {{"stamp", "yes"}}), "order: mentions.stamp: no such mention in the regime");
  EXPECT_EQ(error("/formalities", {{"executory_formula", "maybe"}}).substr(0, 36),
            "order: formalities.executory_formula");
  EXPECT_EQ(error("/penalty", {{"euro", 0}, {"per", "day"}}),
            "order: penalty.euro: not from 1 to 1000000000");
  EXPECT_EQ(error("/penalty", {{"euro", 1}, {"per", "hour"}}),
            "order: penalty.per: not day, week, month or breach");
  json conditions = json::array();
  for (std::size_t i = 0; i <= kProtectiveConditionsMax; ++i)
    conditions.push_back({{"words", "caution " + std::to_string(i)}, {"met", "yes"}});
  EXPECT_NE(error("/formalities", {{"conditions", conditions}}).find("16"), std::string::npos);
  conditions.erase(0);
  EXPECT_TRUE(
      ParseOrder(example::With("/formalities", {{"conditions", conditions}}), example::France()).ok());
}

TEST(Served, IsAnEventWithItsInstantItsModeAndItsProof) {
  const auto denial = [](const Event& event) { return Apply(Received(), event).error().what(); };
  Event event = ServedAt("2024-11-13T08:30:00+01:00");
  EXPECT_EQ(EventFromJson(EventToJson(event)).value().served, event.served);
  event.served.reset();
  EXPECT_EQ(denial(event), "served: the instant of service is missing");
  EXPECT_EQ(denial(ServedAt("2024-11-14T08:30:00+01:00")), "served: the instant of service is still to come");
  EXPECT_EQ(denial(ServedAt("2024-11-13T08:30:00+01:00", "")), "served: the mode of service is missing");
  EXPECT_FALSE(Apply(Received(), ServedAt("2024-11-13T08:30:00+01:00", "pigeon")).ok());
}

}  // namespace
}  // namespace probatio::order
