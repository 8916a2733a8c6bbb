// The answers: for each line its certainty in words, what could not be seen, and each candidate with the rows
// it rests on. Only what FactsOf gives is printed of a row.
#include <fmt/format.h>

#include <algorithm>

#include "report/facts.h"
#include "report/sections.h"

namespace probatio::report {
namespace {

std::string OrDash(std::string text) {
  return text.empty() ? "—" : text;
}

Table EventTable(const Words& words) {
  Table table;
  for (const std::string_view title : {words.instant_utc, words.instant_paris, words.event, words.address,
                                       words.port, words.protocol, words.details}) {
    table.head.emplace_back(title);
  }
  return table;
}

// "2024-10-21 08:14:03": the date on a line of its own, which keeps the columns narrow.
Cell DateAndTime(const std::string& text) {
  const std::size_t space = text.find(' ');
  CHECK(space != std::string::npos);
  return {{text.substr(0, space), text.substr(space + 1)}};
}

Row EventRow(const Facts& facts, Language language) {
  const auto text = [&](record::FieldId field) {
    const std::string* value = facts.Find(field);
    return value == nullptr ? std::string("—") : *value;
  };
  Cell utc{{"—"}};
  Cell paris{{"—"}};
  if (facts.at.has_value()) {
    utc = DateAndTime(UtcText(facts.at->at));
    for (std::string& line : PrecisionText(*facts.at, language)) utc.paragraphs.push_back(std::move(line));
    paris = DateAndTime(law::ParisText(facts.at->at));
  }
  return {utc,
          paris,
          {{text(record::FieldId::kEvent)}},
          {{OrDash(AddressText(facts))}},
          {{OrDash(PortText(facts))}},
          {{text(record::FieldId::kProto)}},
          {OtherDetails(facts, language)}};
}

Table DataTable(const Facts& facts, Language language) {
  const Words& words = WordsOf(language);
  Table table;
  table.head = {
      std::string(facts.kind == record::RecordKind::kIdentity ? words.identity_row : words.account_row),
      std::string(words.value)};
  for (const Fact& fact : facts.facts) {
    const bool clock = fact.field == record::FieldId::kAtResolution ||
                       fact.field == record::FieldId::kAtError || fact.field == record::FieldId::kAtSource;
    if (clock) continue;  // a version holds from an instant; its clock's step says nothing more
    table.rows.push_back({{{FieldName(fact.field, language)}}, {{fact.value}}});
  }
  return table;
}

// Counts down the rows that may still be printed, over the whole report.
class RowAllowance {
 public:
  bool Take() {
    if (left_ == 0) ++omitted_;
    return left_ != 0 && left_-- != 0;
  }
  std::size_t omitted() const { return omitted_; }

 private:
  std::size_t left_ = kReportRowsMax;
  std::size_t omitted_ = 0;
};

void AddSupports(Sheet& sheet, const resolve::Candidate& candidate, Language language, RowAllowance& rows) {
  Table events = EventTable(WordsOf(language));
  std::vector<Table> data;
  for (const resolve::Support& support : candidate.supports) {
    if (!rows.Take()) continue;
    const Facts facts = FactsOf(support, language);
    if (facts.is_event()) {
      events.rows.push_back(EventRow(facts, language));
    } else {
      data.push_back(DataTable(facts, language));
    }
  }
  sheet.Add(events);
  for (const Table& table : data) sheet.Add(table);
}

// The name is printed only when a granted field says it.
bool MayName(const resolve::Candidate& candidate, Language language) {
  return !candidate.name.empty() && std::any_of(candidate.supports.begin(), candidate.supports.end(),
                                                [&](const resolve::Support& support) {
                                                  return FactsOf(support, language).Names(candidate.name);
                                                });
}

void AddCandidate(Sheet& sheet, const resolve::Candidate& candidate, std::size_t number, std::size_t count,
                  Language language, RowAllowance& rows) {
  const Words& words = WordsOf(language);
  sheet.Space(4);
  sheet.Need(50);
  sheet.Paragraph(MayName(candidate, language)
                      ? fmt::format(fmt::runtime(words.candidate_named), number, count, candidate.name)
                      : fmt::format(fmt::runtime(words.candidate), number, count),
                  Style::kBold);
  std::vector<std::string> reasons;
  for (const resolve::Support& support : candidate.supports) {
    std::string why = Sentence(support.why, language);
    if (!why.empty() && std::find(reasons.begin(), reasons.end(), why) == reasons.end())
      reasons.push_back(why);
  }
  const auto list = [&](std::string_view label, const std::vector<std::string>& texts) {
    std::string line;
    for (const std::string& text : texts) line += (line.empty() ? "" : " ; ") + text;
    if (!line.empty()) sheet.Paragraph(fmt::format("{}{}{}.", label, words.colon, line), Style::kNote);
  };
  list(words.supports, reasons);
  std::vector<std::string> rules;
  for (const std::string& rule : candidate.rules) rules.push_back(Sentence(rule, language));
  list(words.rules, rules);
  sheet.Space(2);
  AddSupports(sheet, candidate, language, rows);
}

void AddGaps(Sheet& sheet, const std::vector<resolve::Gap>& gaps, Language language) {
  const Words& words = WordsOf(language);
  if (gaps.empty()) return;
  sheet.Paragraph(std::string(words.gaps) + std::string(words.colon), Style::kBold);
  for (const resolve::Gap& gap : gaps) {
    std::string text =
        GapName(gap.kind, language) + ", " +
        fmt::format(fmt::runtime(words.period), UtcText(gap.period.begin), UtcText(gap.period.end));
    if (!gap.note.empty()) text += " — " + Sentence(gap.note, language);
    sheet.Bullet("•", text, Style::kNote);
  }
}

void AddOffsets(Sheet& sheet, const resolve::OffsetProfile& offsets, Language language) {
  const Words& words = WordsOf(language);
  if (!offsets.unchanged_from_ns.has_value() && !offsets.unchanged_to_ns.has_value()) return;
  const auto bound = [&](const std::optional<std::int64_t>& ns) {
    if (!ns.has_value()) return std::string(words.offset_open);
    return (*ns > 0 ? "+" : "") + DurationText(*ns, language);
  };
  sheet.Paragraph(fmt::format(fmt::runtime(words.offsets), bound(offsets.unchanged_from_ns),
                              bound(offsets.unchanged_to_ns)),
                  Style::kBody);
}

}  // namespace

void AddAnswers(Sheet& sheet, const ReportInput& input) {
  const Words& words = WordsOf(input.language);
  sheet.Heading(words.answers_heading);
  if (input.answers.empty()) sheet.Paragraph(words.no_answers, Style::kBody);
  RowAllowance rows;
  for (const resolve::LineAnswer& answer : input.answers) {
    sheet.Subheading(fmt::format("{} {} — {}", words.line_answer, answer.line,
                                 CertaintyName(answer.certainty, input.language)));
    if (!answer.explanation.empty()) {
      sheet.Paragraph(Sentence(answer.explanation, input.language), Style::kNote, Tone::kGrey);
    }
    AddOffsets(sheet, answer.offsets, input.language);
    AddGaps(sheet, answer.gaps, input.language);
    for (std::size_t i = 0; i < answer.candidates.size(); ++i) {
      AddCandidate(sheet, answer.candidates[i], i + 1, answer.candidates.size(), input.language, rows);
    }
  }
  if (rows.omitted() != 0) {
    sheet.Paragraph(fmt::format(fmt::runtime(words.rows_omitted), rows.omitted()), Style::kBold);
  }
}

}  // namespace probatio::report
