// The title with the decision's particulars, and the parts that close the report.
#include <fmt/format.h>

#include "report/facts.h"
#include "report/sections.h"

namespace probatio::report {
namespace {

std::string Joined(const std::vector<std::string>& parts, const Words& words) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += &part == &parts.back() ? words.and_word : ", ";
    text += part;
  }
  return text.empty() ? std::string(words.none_stated) : text;
}

std::string ServiceText(const order::Service& service, const Words& words) {
  if (!service.at.has_value()) return std::string(words.not_served);
  std::string text = fmt::format("{} UTC — {}", UtcText(*service.at), law::ParisText(*service.at));
  if (!service.mode.empty()) text += ", " + service.mode;
  if (service.invented) text += fmt::format(" {}", words.invented);
  return text;
}

std::vector<std::string> RecipientNames(const order::Order& order) {
  std::vector<std::string> names;
  for (const order::Recipient& recipient : order.recipients) names.push_back(recipient.name);
  return names;
}

}  // namespace

void AddTitle(Sheet& sheet, const ReportInput& input) {
  const Words& words = WordsOf(input.language);
  const order::Order& order = input.order;
  if (input.demonstration_clock) sheet.Banner(words.demonstration);
  sheet.Paragraph(words.title, Style::kTitle, Tone::kAccent);
  sheet.Space(6);
  Table table;
  const auto add = [&](std::string_view label, std::string value) {
    if (value.empty()) value = words.none_stated;
    table.rows.push_back({{{std::string(label)}, Style::kBold}, {{std::move(value)}, Style::kBody}});
  };
  add(words.court, order.court);
  add(words.register_number, order.register_number);
  add(words.date, DateText(order.date, input.language));
  add(words.provider, input.provider);
  add(words.addressee, order.addressee);
  add(words.service, ServiceText(order.service, words));
  add(words.applicants, Joined(order.applicants, words));
  add(words.recipients, Joined(RecipientNames(order), words));
  add(words.regime, input.scope.regime);
  add(words.made_at, fmt::format("{} UTC — {}", UtcText(input.made_at), law::ParisText(input.made_at)));
  sheet.Add(table);
}

void AddApprovals(Sheet& sheet, const ReportInput& input) {
  const Words& words = WordsOf(input.language);
  sheet.Heading(words.approvals_heading);
  if (input.approvers.empty()) {
    sheet.Paragraph(words.no_approver, Style::kBody);
  } else {
    sheet.Paragraph(fmt::format(fmt::runtime(words.approved_by), Joined(input.approvers, words)),
                    Style::kBody);
  }
  if (input.custodians == 0) {
    sheet.Paragraph(words.custodians_unknown, Style::kBody);
  } else {
    sheet.Paragraph(fmt::format(fmt::runtime(words.custodians), input.custodians_needed, input.custodians),
                    Style::kBody);
  }
}

void AddProof(Sheet& sheet, const ReportInput& input) {
  const Words& words = WordsOf(input.language);
  sheet.Heading(words.proof_heading);
  sheet.Paragraph(words.proved, Style::kBody);
  sheet.Space(3);
  sheet.Paragraph(words.declared, Style::kBody);
}

void AddVerification(Sheet& sheet, const ReportInput& input) {
  const Words& words = WordsOf(input.language);
  sheet.Heading(words.verify_heading);
  int step = 1;
  for (const std::string_view text : words.verify_steps) {
    sheet.Bullet(fmt::format("{}.", step++), text, Style::kBody);
  }
  sheet.Subheading(words.files_heading);
  if (input.files.empty()) sheet.Paragraph(words.no_files, Style::kBody);
  Table table;
  table.head = {std::string(words.file), std::string(words.digest)};
  for (const FileDigest& file : input.files) {
    table.rows.push_back({{{file.name}, Style::kMono}, {{file.sha256}, Style::kMono}});
  }
  sheet.Add(table);
}

}  // namespace probatio::report
