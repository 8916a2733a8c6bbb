// What the decision asks for, line by line, what is granted and on which basis, and what is left out.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "report/facts.h"
#include "report/sections.h"

namespace probatio::report {
namespace {

std::string TupleText(const order::Tuple& tuple, Language language) {
  return fmt::format(fmt::runtime(WordsOf(language).tuple_at), tuple.ip.ToText(), tuple.port,
                     record::ProtocolName(tuple.proto), UtcText(tuple.at),
                     DurationText(tuple.error_ns, language));
}

std::string SubjectText(const order::Subject& subject, Language language) {
  const std::string name = SubjectName(subject.kind, language);
  const std::string colon(WordsOf(language).colon);
  if (subject.tuple.has_value()) return name + colon + TupleText(*subject.tuple, language);
  return subject.value.empty() ? name : name + colon + subject.value;
}

// What a line asks: items, subject, events, period. Order and scope lines have the same shape here.
template <class AnyLine>
std::vector<std::string> AskedText(const AnyLine& line, const std::vector<std::string>& items,
                                   Language language) {
  const Words& words = WordsOf(language);
  std::string names;
  for (const std::string& item : items) names += (names.empty() ? "" : " ; ") + ItemName(item, language);
  std::vector<std::string> text;
  if (!names.empty()) text.push_back(names);
  text.push_back(SubjectText(line.subject, language));
  std::string events;
  for (const std::string& event : line.events)
    events += (events.empty() ? "" : ", ") + EventName(event, language);
  if (!events.empty()) text.push_back(std::string(words.events) + std::string(words.colon) + events);
  text.push_back(
      fmt::format(fmt::runtime(words.period), UtcText(line.period.begin), UtcText(line.period.end)));
  return text;
}

// "rule fr.x" and "person counsel-1: why" are the scope's own words.
std::string BasisText(const order::ScopeItem& item, Language language) {
  const Words& words = WordsOf(language);
  std::string text = item.basis;
  const auto replace = [&](std::string_view start, std::string_view by) {
    if (text.substr(0, start.size()) == start) text = fmt::format("{} {}", by, text.substr(start.size()));
  };
  replace("rule ", words.by_rule);
  replace("person ", words.by_person);
  return item.reference.empty() ? text : item.reference + " (" + text + ")";
}

// Items granted on one basis stand together.
struct Grants {
  std::vector<std::string> items;
  std::vector<std::string> bases;
};

Grants GrantsOf(const order::ScopeLine* line, Language language) {
  Grants grants;
  if (line == nullptr) {
    grants.items.emplace_back(WordsOf(language).not_granted);
    return grants;
  }
  for (const order::ScopeItem& item : line->items) {
    grants.items.push_back(ItemName(item.item, language));
    std::string basis = BasisText(item, language);
    const auto known = std::find(grants.bases.begin(), grants.bases.end(), basis);
    if (known == grants.bases.end()) grants.bases.push_back(std::move(basis));
  }
  return grants;
}

Row RowOf(const std::string& id, std::vector<std::string> asked, const Grants& grants) {
  return {{{id}, Style::kHead}, {std::move(asked)}, {grants.items}, {grants.bases}};
}

// "L1 phone: reason" or "L1: reason".
std::string LeftOutText(const std::string& text, Language language) {
  const std::size_t colon = text.find(": ");
  if (colon == std::string::npos) return Sentence(text, language);
  std::string what = text.substr(0, colon);
  const std::size_t space = what.find(' ');
  if (space != std::string::npos) {
    what = what.substr(0, space) + ", " + ItemName(what.substr(space + 1), language);
  }
  return what + std::string(WordsOf(language).colon) + Sentence(text.substr(colon + 2), language);
}

}  // namespace

void AddScope(Sheet& sheet, const ReportInput& input) {
  const Words& words = WordsOf(input.language);
  const Language language = input.language;
  sheet.Heading(words.scope_heading);
  sheet.Paragraph(words.scope_intro, Style::kNote, Tone::kGrey);
  sheet.Space(4);
  Table table;
  table.head = {std::string(words.line), std::string(words.asked), std::string(words.granted),
                std::string(words.basis)};
  std::set<std::string> shown;
  for (const order::Line& line : input.order.lines) {
    shown.insert(line.id);
    table.rows.push_back(
        RowOf(line.id, AskedText(line, line.items, language), GrantsOf(input.scope.Find(line.id), language)));
  }
  for (const order::ScopeLine& line : input.scope.lines) {
    if (shown.count(line.id) != 0) continue;
    std::vector<std::string> asked = AskedText(line, {}, language);
    asked.emplace_back(words.none_asked);
    table.rows.push_back(RowOf(line.id, std::move(asked), GrantsOf(&line, language)));
  }
  sheet.Add(table);
  sheet.Subheading(words.left_out_heading);
  if (input.scope.left_out.empty()) sheet.Paragraph(words.nothing_left_out, Style::kBody);
  for (const std::string& text : input.scope.left_out) {
    sheet.Bullet("•", LeftOutText(text, language), Style::kBody);
  }
}

}  // namespace probatio::report
