// What a regime's rules speak of: instruments, issuers, open points, gates of gates; and two regimes made
// one.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "law/evaluate.h"
#include "law/needs.h"
#include "law/words.h"

namespace probatio::law {
namespace {

Regime Read(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  auto regime = ParseRegime(text.str(), path);
  if (!regime.ok()) ADD_FAILURE() << regime.error().what();
  return std::move(regime).value();
}

const Regime& France() {
  static const Regime regime = Read("regimes/fr.toml");
  return regime;
}
const Regime& Union() {
  static const Regime regime = BuildOn(France(), Read("regimes/eu-e-evidence.toml")).value();
  return regime;
}

constexpr const char* kSmall = R"(schema = "probatio-regime/2"
id = "xx"
title = "a country"
as_of = 2026-03-31
[[item]]
id = "phone"
category = "ID"
title_fr = "f"
title_en = "e"
[[issuer]]
id = "court"
title_fr = "f"
title_en = "e"
names = ["court"]
reference = "r"
[[instrument]]
id = "i.one"
family = "i"
aliases = ["ONE"]
title_fr = "f"
title_en = "e"
issuers = ["court"]
reference = "r"
in_force_from = 2000-01-01
)";

std::string ErrorOf(const std::string& more) {
  const auto regime = ParseRegime(kSmall + more, "xx.toml");
  return regime.ok() ? "accepted" : regime.error().what();
}

std::string Rule(const std::string& id, const std::string& more) {
  return fmt::format(
      "[[rule]]\nid = \"{}\"\ninstruments = [\"i\"]\nreference = \"r\"\nin_force_from = 2020-01-01\n{}\n", id,
      more);
}

TEST(RegimeWords, ForceBelongsToWhatNeedsService) {
  const std::string instrument =
      "[[instrument]]\nid = \"i.two\"\ntitle_fr = \"f\"\ntitle_en = \"e\"\nissuers = [\"court\"]\n"
      "reference = \"r\"\nin_force_from = 2000-01-01\n";
  EXPECT_EQ(ErrorOf(instrument + "needs_service = true\nforce = \"by_law\"\n"), "accepted");
  EXPECT_NE(ErrorOf(instrument + "force = \"by_law\"\n").find("force: only for needs_service = true"),
            std::string::npos);
  EXPECT_NE(ErrorOf(instrument + "needs_service = true\nforce = \"never\"\n").find("one of stated"),
            std::string::npos);
  EXPECT_EQ(France().FindInstrument("FR_CPC145_REFERE")->force, Force::kByLaw);
  EXPECT_EQ(France().FindInstrument("fr.cpc145.requete")->force, Force::kOnMinute);
}

TEST(RegimeWords, HoursOfUrgencyBelongToWhatMayBeUrgent) {
  const std::string instrument =
      "[[instrument]]\nid = \"i.two\"\ntitle_fr = \"f\"\ntitle_en = \"e\"\nissuers = [\"court\"]\n"
      "reference = \"r\"\nin_force_from = 2000-01-01\n";
  EXPECT_EQ(ErrorOf(instrument + "urgent = true\n"), "accepted");
  EXPECT_EQ(ErrorOf(instrument + "urgent = true\nurgent_hours = 240\n"), "accepted");
  EXPECT_NE(ErrorOf(instrument + "urgent = true\nurgent_hours = 241\n"), "accepted");
  EXPECT_NE(ErrorOf(instrument + "urgent_hours = 8\n").find("urgent_hours: only for urgent = true"),
            std::string::npos);
}

TEST(RegimeWords, WhoTellsThePersonConcernedIsSaidWithItsText) {
  const std::string instrument =
      "[[instrument]]\nid = \"i.two\"\ntitle_fr = \"f\"\ntitle_en = \"e\"\nissuers = [\"court\"]\n"
      "reference = \"r\"\nin_force_from = 2000-01-01\n";
  EXPECT_EQ(ErrorOf(instrument + "user_notice = \"never\"\nuser_notice_reference = \"r\"\n"), "accepted");
  EXPECT_NE(ErrorOf(instrument + "user_notice = \"never\"\n").find("user_notice_reference: missing"),
            std::string::npos);
  EXPECT_NE(ErrorOf(instrument + "user_notice = \"soon\"\n").find("one of human"), std::string::npos);
  EXPECT_EQ(France().FindInstrument("eu.dsa.10")->user_notice, UserNotice::kAddressee);
  EXPECT_EQ(Union().FindInstrument("eu.epoc")->user_notice, UserNotice::kNever);
}

TEST(RegimeWords, AGroundIsOneOfItsInstrumentAndSaysWhoseItIs) {
  const std::string ground =
      "[[ground]]\nid = \"g\"\ninstruments = [\"i.one\"]\ntitle_fr = \"f\"\ntitle_en = \"e\"\n"
      "reference = \"r\"\n";
  EXPECT_EQ(ErrorOf(ground), "accepted");
  EXPECT_EQ(ErrorOf(ground + "of = \"enforcing_authority\"\n"), "accepted");
  EXPECT_NE(ErrorOf(ground + "of = \"anybody\"\n").find("of: one of addressee, enforcing_authority"),
            std::string::npos);
  EXPECT_NE(ErrorOf(ground + ground).find("given twice for one instrument"), std::string::npos);
}

TEST(RegimeWords, ARuleNamesInstrumentsOrTheirFamilyAndNothingElse) {
  EXPECT_EQ(ErrorOf(Rule("a", "categories = [\"ID\"]\nverdict = \"human\"")), "accepted");
  EXPECT_EQ(
      ErrorOf("[[rule]]\nid = \"a\"\ninstruments = [\"j\"]\ncategories = [\"ID\"]\nverdict = \"human\"\n"
              "reference = \"r\"\nin_force_from = 2020-01-01\n"),
      "xx.toml:27: rule[0].instruments: unknown instrument 'j'");
}

TEST(RegimeWords, RulesThatContradictEachOtherAreRefused) {
  const std::string release = Rule("a", "categories = [\"ID\"]\nverdict = \"release\"");
  EXPECT_EQ(
      ErrorOf(release + Rule("b", "categories = [\"ID\"]\nverdict = \"refuse\"")),
      "xx.toml:38: rule[1].verdict: contradicts 'a', which says release of the same lines on the same days");
  // Narrower by purpose, or on other days: an exception, not a contradiction.
  EXPECT_EQ(ErrorOf(release +
                    Rule("b", "categories = [\"ID\"]\nverdict = \"refuse\"\npurposes = [\"civil_claim\"]")),
            "accepted");
}

TEST(RegimeWords, AWordThatNobodyUsesElsewhereIsRefused) {
  const std::string rule = "categories = [\"ID\"]\nverdict = \"refuse\"\n";
  EXPECT_NE(
      ErrorOf(Rule("a", rule + "purposes = [\"civil_clam\"]")).find("purposes: unknown purpose 'civil_clam'"),
      std::string::npos);
  EXPECT_NE(ErrorOf(Rule("a", rule + "profiles = [\"host\"]")).find("profiles: unknown profile 'host'"),
            std::string::npos);
}

TEST(RegimeWords, AnOpenPointNamesTwoReadingsAndEndsAtAPerson) {
  const std::string open = "categories = [\"ID\"]\nopen_point = \"A1\"\n";
  EXPECT_EQ(ErrorOf(Rule("a", open + "readings = [\"one\", \"two\"]\nverdict = \"human\"")), "accepted");
  EXPECT_NE(ErrorOf(Rule("a", open + "readings = [\"one\"]\nverdict = \"human\"")).find("two readings"),
            std::string::npos);
  EXPECT_NE(ErrorOf(Rule("a", open + "readings = [\"one\", \"two\"]\nverdict = \"release\""))
                .find("where the law is open the verdict is \"human\""),
            std::string::npos);
}

TEST(RegimeWords, AGateAsksOnlyGatesAboveIt) {
  EXPECT_NE(ErrorOf("[[gate]]\nid = \"g\"\nany_gate = [\"g\"]\notherwise = \"human\"\nreference = \"r\"\n")
                .find("unknown gate 'g', or one that stands below"),
            std::string::npos);
  EXPECT_NE(ErrorOf("[[gate]]\nid = \"g\"\nneeds = [\"issuer\"]\notherwise = \"human\"\nreference = \"r\"\n")
                .find("issuers: stated exactly where the need 'issuer' is"),
            std::string::npos);
}

TEST(RegimeWords, AnIssuerOrAnInstrumentIsNamedOnce) {
  EXPECT_NE(ErrorOf("[[issuer]]\nid = \"court\"\ntitle_fr = \"f\"\ntitle_en = \"e\"\nnames = [\"x\"]\n"
                    "reference = \"r\"\n")
                .find("issuer[1].id: given twice"),
            std::string::npos);
  EXPECT_NE(ErrorOf("[[issuer]]\nid = \"cour\"\ntitle_fr = \"f\"\ntitle_en = \"e\"\nnames = [\"Cour\"]\n"
                    "reference = \"r\"\n")
                .find("'Cour' is not in lower case without accents"),
            std::string::npos);
  EXPECT_NE(
      ErrorOf("[[instrument]]\nid = \"ONE\"\ntitle_fr = \"f\"\ntitle_en = \"e\"\nissuers = [\"court\"]\n"
              "reference = \"r\"\nin_force_from = 2000-01-01\n")
          .find("instrument[1].id: given twice"),
      std::string::npos);
}

TEST(RegimeWords, AListHasALimit) {
  std::string names = "\"court\"";
  for (std::size_t i = 1; i < kRegimeListMax; ++i) names += fmt::format(", \"c{}\"", i);
  const auto issuer = [](const std::string& list) {
    return "[[issuer]]\nid = \"c\"\ntitle_fr = \"f\"\ntitle_en = \"e\"\nreference = \"r\"\nnames = [" + list +
           "]\n";
  };
  EXPECT_EQ(ErrorOf(issuer(names)), "accepted");
  EXPECT_NE(ErrorOf(issuer(names + ", \"more\"")).find("names: more than 200 entries"), std::string::npos);
}

TEST(Words, AreComparedWithoutCaseAndAccentsAndAsWholeWords) {
  EXPECT_EQ(Folded("Cour d’appel de NÎMES, Œuvre Ç"), "cour d'appel de nimes, oeuvre c");
  EXPECT_TRUE(HoldsWords("Tribunal judiciaire de Paris", "tribunal judiciaire"));
  EXPECT_FALSE(HoldsWords("le courrier", "cour"));
  EXPECT_TRUE(HoldsWords("le numéro de l'avocat", "avocat"));
  EXPECT_FALSE(HoldsWords("anything", ""));
}

TEST(Issuers, AreToldByTheCourtsName) {
  const std::vector<std::pair<const char*, const char*>> named{
      {"Tribunal judiciaire de Paris, juge des référés", "civil_court"},
      {"Procureur de la République près le tribunal judiciaire de Lyon", "prosecutor"},
      {"Juge d'instruction, tribunal judiciaire de Nantes", "investigating_judge"},
      {"Tribunal administratif de Paris", "administrative_court"},
      {"Tribunal de commerce de Lille", "commercial_court"},
      {"Brigade de lutte contre la cybercriminalité", "police_officer"},
      {"High Court of Justice, London", "court"},
      {"Nobody in particular", ""}};
  for (const auto& [court, kind] : named) EXPECT_EQ(IssuerNamedIn(France(), court), kind) << court;
  EXPECT_EQ(IssuerNamedIn(Union(), "Staatsanwaltschaft Musterstadt"), "prosecutor");
  EXPECT_TRUE(IsAmong(France(), "civil_court", {"court"}));
  EXPECT_FALSE(IsAmong(France(), "court", {"civil_court"}));
}

TEST(Regimes, EveryRuleOfEveryGateCanBeTraced) {
  for (const auto& [id, gate] : Union().gates) {
    EXPECT_FALSE(gate.reference.empty()) << id;
    EXPECT_FALSE(gate.title_fr.empty()) << id;
    EXPECT_FALSE(gate.title_en.empty()) << id;
  }
  for (const Instrument& instrument : Union().instruments) EXPECT_FALSE(instrument.reference.empty());
}

TEST(Regimes, NoRuleMarkedAsNotVerifiedReleases) {
  Regime regime = France();
  for (DisclosureRule& rule : regime.rules) rule.confidence = Confidence::kWeak;
  const Facts facts{"fr.cpc145.refere", "criminal_proceedings", "ecs_operator", {2024, 11, 12}, 5, true,
                    Answer::kUnknown};
  const LineVerdict verdict = EvaluateItem(regime, facts, "phone");
  EXPECT_EQ(verdict.verdict, Verdict::kHuman);
  EXPECT_NE(verdict.missing.find("not verified"), std::string::npos);
}

Facts Requisition(int years) {
  Facts facts{"fr.cpp.requisition", "criminal_proceedings", "ecs_operator", {2024, 11, 12}, years, true,
              Answer::kUnknown};
  facts.issuer = "prosecutor";
  return facts;
}

// CPP 60-1-2.
TEST(Requisition, ReachesConnectionDataInOneOfFourCases) {
  const auto of = [](const Facts& facts) { return EvaluateItem(France(), facts, "source_ip").verdict; };
  EXPECT_EQ(of(Requisition(3)), Verdict::kRelease);
  Facts online = Requisition(1);
  EXPECT_EQ(of(online), Verdict::kHuman) << "nobody said whether it was online";
  online.said = {{"online_offence", Answer::kYes}, {"sole_identification", Answer::kYes}};
  EXPECT_EQ(of(online), Verdict::kRelease);
  online.said["online_offence"] = Answer::kNo;
  EXPECT_EQ(of(online), Verdict::kRefuse);
  online.said["victim_terminal"] = Answer::kYes;
  online.said["imprisonable"] = Answer::kYes;
  EXPECT_EQ(of(online), Verdict::kRelease);
  Facts missing = Requisition(0);
  EXPECT_EQ(of(missing), Verdict::kRefuse);
  missing.said["missing_person"] = Answer::kYes;
  EXPECT_EQ(of(missing), Verdict::kRelease);
  EXPECT_EQ(EvaluateItem(France(), Requisition(0), "phone").verdict, Verdict::kRelease) << "no threshold";
}

TEST(Requisition, OfConnectionDataIsNotDescribedBeforeItsText) {
  Facts facts = Requisition(5);
  facts.decided = {2022, 3, 3};
  EXPECT_EQ(EvaluateItem(France(), facts, "source_ip").verdict, Verdict::kHuman);
  facts.decided = {2022, 3, 4};
  EXPECT_EQ(EvaluateItem(France(), facts, "source_ip").verdict, Verdict::kRelease);
}

TEST(Requisition, OfAnOfficerInAPreliminaryInquiryNeedsAnAuthorisation) {
  Facts facts = Requisition(5);
  facts.instrument = "fr.cpp.77-1-1";
  EXPECT_EQ(EvaluateItem(France(), facts, "phone").verdict, Verdict::kRelease);
  facts.issuer = "police_officer";
  EXPECT_EQ(EvaluateItem(France(), facts, "phone").verdict, Verdict::kHuman);
  facts.said["authorised"] = Answer::kYes;
  EXPECT_EQ(EvaluateItem(France(), facts, "phone").verdict, Verdict::kRelease);
}

Facts Certificate(const std::string& issuer) {
  Facts facts{"eu.epoc", "criminal_proceedings", "ecs_operator", {2026, 9, 1}, 2, true, Answer::kUnknown};
  facts.issuer = issuer;
  return facts;
}

TEST(Epoc, IdentificationIsForAnyIssuerAndAnyOffence) {
  Facts facts = Certificate("prosecutor");
  EXPECT_EQ(EvaluateItem(Union(), facts, "surname").verdict, Verdict::kRelease);
  EXPECT_EQ(EvaluateItem(Union(), facts, "source_ip").verdict, Verdict::kHuman) << "the aim is not stated";
  facts.said["sole_identification"] = Answer::kYes;
  EXPECT_EQ(EvaluateItem(Union(), facts, "source_ip").verdict, Verdict::kRelease);
  facts.issuer = "police_authority";
  EXPECT_EQ(EvaluateItem(Union(), facts, "surname").verdict, Verdict::kHuman);
  facts.validated_by = "prosecutor";
  EXPECT_EQ(EvaluateItem(Union(), facts, "surname").verdict, Verdict::kRelease);
}

TEST(Epoc, TrafficIsForJudgesThreeYearsAndAClearedNotification) {
  Facts facts = Certificate("court");
  facts.max_prison_years = 3;
  EXPECT_EQ(EvaluateItem(Union(), facts, "recipients").verdict, Verdict::kHuman) << "not notified";
  facts.said["notification_cleared"] = Answer::kYes;
  EXPECT_EQ(EvaluateItem(Union(), facts, "recipients").verdict, Verdict::kRelease);
  facts.max_prison_years = 2;
  EXPECT_EQ(EvaluateItem(Union(), facts, "recipients").verdict, Verdict::kHuman);
  facts.said["listed_offence"] = Answer::kYes;
  EXPECT_EQ(EvaluateItem(Union(), facts, "recipients").verdict, Verdict::kRelease);
  facts.issuer = "prosecutor";
  EXPECT_EQ(EvaluateItem(Union(), facts, "recipients").verdict, Verdict::kHuman);
}

TEST(Epoc, NoCertificateAsksForPasswords) {
  const LineVerdict verdict = EvaluateItem(Union(), Certificate("court"), "password_verification");
  EXPECT_EQ(verdict.verdict, Verdict::kRefuse);
  EXPECT_TRUE(verdict.absolute);
}

TEST(BuildOn, TakesRetentionFromTheBaseAndKeepsItsRules) {
  EXPECT_EQ(Union().retention.size(), France().retention.size());
  EXPECT_EQ(Union().items.at("source_ip").category, "CON");
  EXPECT_EQ(Union().items.at("source_ip").also, (std::vector<std::string>{"IDENT_ONLY"}));
  EXPECT_EQ(EvaluateItem(Union(), Requisition(3), "source_ip").rule, "fr.cpp.con");
}

TEST(BuildOn, RefusesAMappingThatTheItemsBelie) {
  Regime regime = Read("regimes/eu-e-evidence.toml");
  regime.items.at("phone").category = "TRAFFIC";
  const auto both = BuildOn(France(), regime);
  ASSERT_FALSE(both.ok());
  EXPECT_NE(std::string(both.error().what()).find("item 'phone' has the category 'TRAFFIC'"),
            std::string::npos);
  EXPECT_FALSE(BuildOn(regime, regime).ok());
}

TEST(Injunctions, ThatWereNotVerifiedKeepNothing) {
  bool weak = false;
  for (const Injunction& injunction : France().injunctions)
    weak |= injunction.confidence == Confidence::kWeak;
  EXPECT_TRUE(weak);
  EXPECT_FALSE(IsEnjoined(France(), "TRA", {2024, 1, 1}));
}

}  // namespace
}  // namespace probatio::law
