// An assessment for a legal officer to read: what the law says line by line, why, and what a person has to
// decide.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/order_file.h"

namespace probatio::cli {
namespace {

std::string OrNone(const std::string& text) {
  return text.empty() ? "not recognised" : text;
}

void PrintHead(const order::Order& order, const order::Assessment& assessment, std::ostream& out) {
  out << fmt::format("order {}, {}, {}, of {}\n", order.id.text(), order.court, order.register_number,
                     law::ToText(order.date));
  out << fmt::format("instrument {}; issued by: {}; provider judged as {}; at {} (Paris)\n",
                     assessment.instrument, OrNone(assessment.issuer), assessment.profile,
                     law::ParisText(assessment.at));
  if (!order.said.seriousness_quote.empty())
    out << fmt::format("on seriousness, page {}: \"{}\"\n", order.said.seriousness_page,
                       order.said.seriousness_quote);
}

void PrintConditions(const order::Assessment& assessment, std::ostream& out) {
  if (assessment.conditions.empty()) return;
  out << "\nthe four conditions of article 145, as the court found them, beside our own check:\n";
  for (const order::ConditionAssessment& condition : assessment.conditions) {
    out << fmt::format("  {:20} {:8} court: {:8} our check: {:8} {}\n", condition.condition,
                       condition.Verdict(), law::ToText(condition.court), law::ToText(condition.our_check),
                       condition.note);
    if (!condition.quote.empty())
      out << fmt::format("       page {}: \"{}\"\n", condition.page, condition.quote);
  }
}

void PrintLineHead(const order::Line& line, std::ostream& out) {
  std::string subject = line.subject.value;
  if (line.subject.tuple)
    subject = fmt::format("{} port {}", line.subject.tuple->ip.ToText(), line.subject.tuple->port);
  out << fmt::format("\nline {}: {} {}\n", line.id, order::ToText(line.subject.kind), subject);
  out << fmt::format("  page {}: \"{}\"\n", line.cite.page, line.cite.words);
}

void PrintItem(const order::ItemAssessment& item, std::ostream& out) {
  out << fmt::format("  {:8} {:22} {:9} {}{}\n", law::ToText(item.law.verdict), item.item,
                     order::ToText(item.holding), item.law.rule.empty() ? "" : item.law.rule + ": ",
                     item.law.reference);
  if (!item.law.facts_used.empty())
    out << fmt::format("       rests on: {}\n", fmt::join(item.law.facts_used, ", "));
  if (!item.law.missing.empty()) out << fmt::format("       missing: {}\n", item.law.missing);
  for (const std::string& reading : item.law.open.readings)
    out << fmt::format("       open point {}: {}\n", item.law.open.id, reading);
  if (!item.choices.empty())
    out << fmt::format("       may be answered: {}\n", fmt::join(item.choices, ", "));
  if (item.not_before) out << fmt::format("       not before {} (Paris)\n", law::ParisText(*item.not_before));
  if (item.held_since)
    out << fmt::format("       kept by this order's own hold, since {}\n", item.held_since->ToRfc3339());
  for (const std::string& note : item.notes) out << "       note: " << note << "\n";
}

void PrintPreservation(const order::Preservation& preservation, std::ostream& out) {
  out << "\nto be preserved from " << law::ParisText(preservation.from);
  if (preservation.until) {
    out << " until " << law::ParisText(*preservation.until);
  } else {
    out << " until a person ends it";
  }
  if (preservation.extended_until) out << ", at most until " << law::ParisText(*preservation.extended_until);
  out << " (Paris)\n";
}

}  // namespace

void PrintAssessment(const order::Order& order, const order::Assessment& assessment, std::ostream& out) {
  PrintHead(order, assessment, out);
  PrintConditions(assessment, out);
  for (const order::Line& line : order.lines) {
    PrintLineHead(line, out);
    for (const order::ItemAssessment& item : assessment.items) {
      if (item.line == line.id) PrintItem(item, out);
    }
  }
  if (assessment.preservation) PrintPreservation(*assessment.preservation, out);
  if (assessment.time_limit) {
    out << "\nanswer before " << law::ParisText(assessment.time_limit->binding()) << " (Paris)\n";
  }
  if (!assessment.defects.empty() || !assessment.warnings.empty()) out << "\n";
  for (const std::string& defect : assessment.defects) out << "defect: " << defect << "\n";
  for (const std::string& warning : assessment.warnings) out << "warning: " << warning << "\n";
}

}  // namespace probatio::cli
