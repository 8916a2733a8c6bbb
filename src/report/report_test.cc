// The report as a reader gets it: through pdftotext. People and addresses are invented.
#include "report/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "report/canvas.h"
#include "report/sections.h"

namespace probatio::report {
namespace {

using record::Face;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

Instant At(std::string_view text) {
  return Instant::ParseRfc3339(text).value();
}

record::Activity Sent(Instant at, const std::string& account) {
  record::Activity row;
  row.origin.at = {at, kNsPerMs, 2 * kNsPerSecond, ClockSource::kEvent};
  row.origin.exporter = "front-1.example";
  row.event = record::ActivityKind::kMessageSent;
  row.proto = 6;
  row.source_ip = IpAddress::Parse("203.0.113.7").value();
  row.source_port = std::uint16_t{51'234};
  row.account = account;
  row.message = "m-20241021-0007";
  return row;
}

record::Identity Person() {
  record::Identity row;
  row.origin.at.at = At("2024-09-03T10:00:00Z");
  row.holder = "u-48213";
  row.surname = "Łódź-d'Exemple Παράδειγμα Пример";
  row.first_name = "Zoé";
  row.emails = {"cache@example.net"};
  row.phones = {"+33 6 39 98 12 34"};
  return row;
}

resolve::Support Show(const record::Record& record, std::set<Face> faces, std::string why) {
  resolve::Support support;
  support.row.record = record;
  support.faces = std::move(faces);
  support.why = std::move(why);
  return support;
}

// The founding case's shape: an event line and an identity line, one item left out.
struct Example {
  order::Order order;
  order::Scope scope;
  std::vector<resolve::LineAnswer> answers;

  Example() {
    order.court = "Tribunal judiciaire de Paris, juge des référés";
    order.register_number = "24/57625";
    order.date = {2024, 11, 12};
    order.applicants = {"Fournisseur d'accès Exemple"};
    order.addressee = "Messagerie Exemple";
    order.service = {At("2024-11-12T16:00:00Z"), "signification", true, ""};
    const order::Subject subject{order::SubjectKind::kMessage, "m-20241021-0007", std::nullopt};
    const Period period{At("2024-09-01T00:00:00Z"), At("2024-11-12T00:00:00Z")};
    order.recipients = {{"Fournisseur d'accès Exemple", ""}};
    order.lines = {{"L1",
                    {"surname", "first_name", "phone", "email"},
                    subject,
                    {},
                    period,
                    false,
                    {},
                    law::Answer::kYes,
                    law::Answer::kUnknown,
                    "",
                    {}},
                   {"L2",
                    {"source_ip", "source_port"},
                    subject,
                    {"message_sent"},
                    period,
                    false,
                    {},
                    law::Answer::kYes,
                    law::Answer::kUnknown,
                    "",
                    {}}};
    scope.regime = "fr 2026-03-31";
    scope.lines = {{"L1", subject, {}, period, {{"phone", "rule fr.cpc145.id", "CPCE R10-13 I"}}},
                   {"L2",
                    subject,
                    {"message_sent"},
                    period,
                    {{"source_ip", "person counsel-1: infraction grave", "CPCE L34-1 II bis"},
                     {"source_port", "person counsel-1: infraction grave", "CPCE L34-1 II bis"}}}};
    scope.left_out = {"L1 email: decline by counsel-1: hors de la liste close"};
    resolve::LineAnswer identity;
    identity.line = "L1";
    identity.certainty = resolve::Certainty::kUnique;
    identity.explanation = "one candidate was found";
    identity.candidates = {{"u-48213",
                            {Show(Person(), {Face::kHead, Face::kSurname, Face::kFirstName, Face::kPhones},
                                  "identity data that held within the period")},
                            {}}};
    resolve::LineAnswer event;
    event.line = "L2";
    event.certainty = resolve::Certainty::kAmbiguous;
    event.offsets = {-41 * kNsPerSecond, 9 * kNsPerSecond};
    event.candidates = {{"u-48213",
                         {Show(Sent(At("2024-10-21T08:14:03.250Z"), "u-48213"), {Face::kWhat, Face::kWho},
                               "the account that sent the message")},
                         {}},
                        {"u-secret",
                         {Show(Sent(At("2024-10-21T08:15:40Z"), "u-secret"), {Face::kWhat}, "")},
                         {"no end was seen"}}};
    event.gaps = {
        {resolve::GapKind::kLostRecords, {At("2024-10-21T08:20:00Z"), At("2024-10-21T08:21:00Z")}, ""}};
    answers = {identity, event};
  }

  ReportInput Input() const {
    ReportInput input{order,
                      scope,
                      answers,
                      {"Léa Martin-Exemple", "Noël D'Exemple"},
                      {},
                      "Messagerie Exemple",
                      At("2024-11-13T10:00:00Z")};
    input.files = {{"disclosure.json", std::string(60, 'a') + "0123"}, {"scope.json", std::string(64, 'b')}};
    input.custodians_needed = 2;
    input.custodians = 3;
    return input;
  }
};

std::string PathOf(const std::string& name) {
  return ::testing::TempDir() + "probatio_report_" + name;
}

std::string TextOf(const Buffer& pdf, const std::string& name) {
  std::ofstream(PathOf(name + ".pdf"), std::ios::binary) << AsText(pdf);
  FILE* pipe = popen(("pdftotext -layout " + PathOf(name + ".pdf") + " -").c_str(), "r");
  CHECK(pipe != nullptr);
  std::string text;
  std::array<char, 4096> part{};
  while (const std::size_t size = fread(part.data(), 1, part.size(), pipe)) text.append(part.data(), size);
  EXPECT_EQ(pclose(pipe), 0);
  return text;
}

std::string TextOf(const ReportInput& input, const std::string& name) {
  return TextOf(MakeReport(input).value(), name);
}

// Lines and columns of the layout joined by single spaces.
std::string Flat(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n';
    if (!space || (!out.empty() && out.back() != ' ')) out += space ? ' ' : c;
  }
  return out;
}

std::size_t CountOf(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

void AnswerWithEvents(Example& example, std::size_t count) {
  resolve::Candidate candidate;
  candidate.name = "u-48213";
  for (std::size_t i = 0; i < count; ++i) {
    const Instant at = At("2024-10-21T00:00:00Z") + static_cast<std::int64_t>(i) * kNsPerMinute;
    candidate.supports.push_back(Show(Sent(at, "u-48213"), {Face::kWhat, Face::kWho}, ""));
  }
  example.answers.back().candidates = {std::move(candidate)};
}

TEST(Report, SaysInFrenchWhatWasOrderedGrantedAndFound) {
  const std::string text = Flat(TextOf(Example().Input(), "french"));
  for (const char* expected : {"Communication de données d'identification",
                               "Tribunal judiciaire de Paris, juge des référés",
                               "24/57625",
                               "12 novembre 2024",
                               "instant inventé",
                               "Numéros de téléphone",
                               "CPCE R10-13 I",
                               "L1, Adresses de courrier électronique : écarté par counsel-1",
                               "une seule réponse",
                               "plusieurs réponses possibles",
                               "de −41 s à +9 s",
                               "2024-10-21",
                               "08:14:03.250",

                               "203.0.113.7",
                               "51234",
                               "tcp",
                               "+33 6 39 98 12 34",
                               "Léa Martin-Exemple et Noël D'Exemple",
                               "2 des 3 gardiens",
                               "enregistrements perdus",
                               "Page 1 sur "}) {
    EXPECT_THAT(text, HasSubstr(expected));
  }
  EXPECT_THAT(text, HasSubstr(std::string(60, 'a') + "0123"));
  EXPECT_THAT(text, ContainsRegex("± ?2 ?s"));  // pdftotext leaves out a narrow space
  EXPECT_THAT(text, Not(HasSubstr("HORLOGE")));
}

TEST(Report, SpeaksEnglishWhenAsked) {
  const Example example;
  ReportInput input = example.Input();
  input.language = Language::kEnglish;
  const std::string text = TextOf(input, "english");
  EXPECT_THAT(text, HasSubstr("Disclosure of identification data"));
  EXPECT_THAT(text, HasSubstr("several answers are possible"));
  EXPECT_THAT(text, HasSubstr("12 November 2024"));
  EXPECT_THAT(text, Not(HasSubstr("réponse")));
}

TEST(Report, NeverPrintsAFaceThatWasNotGranted) {
  const std::string text = TextOf(Example().Input(), "hidden");
  EXPECT_THAT(text, Not(HasSubstr("cache@example.net")));  // the e-mail face
  EXPECT_THAT(text, Not(HasSubstr("front-1.example")));    // the rest of an event
  EXPECT_THAT(text, Not(HasSubstr("u-secret")));           // a candidate's name that only a hidden face says
}

TEST(Report, WarnsOfADemonstrationClock) {
  const Example example;
  ReportInput input = example.Input();
  input.demonstration_clock = true;
  EXPECT_THAT(TextOf(input, "clock"), HasSubstr("HORLOGE DE DÉMONSTRATION"));
}

TEST(Report, KeepsNamesOfAllScripts) {
  const std::string text = TextOf(Example().Input(), "scripts");
  EXPECT_THAT(text, HasSubstr("Łódź-d'Exemple Παράδειγμα Пример"));
}

TEST(Report, IsTheSameFileForTheSameInput) {
  const Example example;
  EXPECT_EQ(MakeReport(example.Input()).value(), MakeReport(example.Input()).value());
}

TEST(Report, RepeatsTheTableHeadOnEachPageAndLosesNoRow) {
  Example example;
  AnswerWithEvents(example, 300);
  const std::string text = TextOf(example.Input(), "rows");
  EXPECT_EQ(CountOf(text, "203.0.113.7"), 300U);
  const std::size_t pages = CountOf(text, "\f");
  EXPECT_GT(pages, 4U);
  EXPECT_GE(CountOf(text, "Instant (UTC)"), pages - 3);
  EXPECT_THAT(text, HasSubstr("Page " + std::to_string(pages) + " sur " + std::to_string(pages)));
}

TEST(Report, PrintsRowsUpToItsLimitAndCountsTheRest) {
  Example example;
  example.answers.erase(example.answers.begin());
  AnswerWithEvents(example, kReportRowsMax);
  EXPECT_THAT(TextOf(example.Input(), "limit"), Not(HasSubstr("non imprimées ici")));
  AnswerWithEvents(example, kReportRowsMax + 1);
  EXPECT_THAT(TextOf(example.Input(), "beyond"), HasSubstr("non imprimées ici : 1."));
}

TEST(Report, WrapsWhatIsWiderThanThePage) {
  Example example;
  record::Identity person = Person();
  person.postal_address = std::string(1024, 'W');
  example.answers[0].candidates[0].supports = {Show(person, {Face::kHead, Face::kPostalAddress}, "")};
  EXPECT_EQ(CountOf(TextOf(example.Input(), "wide"), "W"), 1024U);
}

TEST(Report, SaysWhenAnInstantIsThatOfReceiptOrCoarse) {
  Example example;
  record::Activity row = Sent(At("2024-10-21T08:14:03Z"), "u-48213");
  row.origin.at.resolution_ns = kNsPerMinute;
  row.origin.at.source = ClockSource::kReceipt;
  example.answers[1].candidates[0].supports = {Show(row, {Face::kWhat}, "")};
  const std::string text = Flat(TextOf(example.Input(), "receipt"));
  EXPECT_THAT(text, HasSubstr("résolution 60 s"));
  EXPECT_THAT(text, HasSubstr("heure de réception"));
}

TEST(Report, StandsWithNothingToSay) {
  const Example example;
  const order::Order order;
  const order::Scope scope;
  const std::vector<resolve::LineAnswer> answers;
  const ReportInput input{order, scope, answers, {}, {}, "", Instant()};
  EXPECT_THAT(TextOf(input, "empty"), HasSubstr("Aucune réponse n'a été établie"));
}

TEST(Canvas, BreaksLinesThatFitTheWidth) {
  const auto canvas = Canvas::Open({"t", "a", "s", Instant()}).value();
  const std::string text = "un texte assez long pour tenir sur plusieurs lignes, " + std::string(300, 'm');
  for (const std::string& line : canvas->Break(text, Style::kBody, 120)) {
    EXPECT_LE(canvas->Width(line, Style::kBody), 120.5) << line;
  }
}

TEST(Sheet, ColumnsTogetherAreAsWideAsTheTextAndNoneVanishes) {
  const auto canvas = Canvas::Open({"t", "a", "s", Instant()}).value();
  Table table;
  table.head = {"a", "b", "c"};
  table.rows = {{{{"x"}}, {{std::string(900, 'W')}}, {{"trois mots courts"}}}};
  const std::vector<double> widths = ColumnWidths(*canvas, table, kTextWidth);
  double sum = 0;
  for (const double width : widths) {
    EXPECT_GE(width, 20.0);
    sum += width;
  }
  EXPECT_NEAR(sum, kTextWidth, 0.01);
}

TEST(Printable, ShowsWhatWouldTurnOrHideTheText) {
  EXPECT_EQ(Printable("a\nb\tc"), "a b c");
  EXPECT_EQ(Printable("a\xE2\x80\xAE"
                      "b"),
            "a\xEF\xBF\xBD"
            "b");  // U+202E, right-to-left override
  EXPECT_EQ(Printable("\xFFok\xC3"), "\xEF\xBF\xBDok\xEF\xBF\xBD");
  EXPECT_EQ(Printable("Łódź Ελλάδα"), "Łódź Ελλάδα");
}

}  // namespace
}  // namespace probatio::report
