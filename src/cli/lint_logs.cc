// probatio lint-logs: could a platform's logs ever answer an order? Needs no deployment and keeps nothing.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/files.h"
#include "decode/lint/log_lint.h"

namespace probatio::cli {
namespace {

struct Options {
  std::string file;
  std::string mapping;
};

const char* WeightText(decode::Weight weight) {
  switch (weight) {
    case decode::Weight::kGood:
      return "good";
    case decode::Weight::kWarning:
      return "warning";
    case decode::Weight::kFault:
      return "fault";
  }
  return "";
}

void Print(Session& session, const decode::LintReport& report) {
  if (session.json) {
    nlohmann::json findings = nlohmann::json::array();
    for (const decode::LintFinding& finding : report.findings) {
      findings.push_back(
          {{"weight", WeightText(finding.weight)}, {"rule", finding.rule}, {"text", finding.text}});
    }
    const nlohmann::json printed = {{"shape", report.shape},
                                    {"rows", report.rows},
                                    {"could_answer", report.could_answer()},
                                    {"findings", findings}};
    session.out << printed.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
    return;
  }
  session.out << report.rows << " rows of " << report.shape << "\n";
  for (const decode::LintFinding& finding : report.findings) {
    session.out << WeightText(finding.weight) << ": " << finding.rule << ": " << finding.text << "\n";
  }
}

Status LintLogs(Session& session, const Options& options) {
  std::optional<decode::Mapping> mapping;
  if (!options.mapping.empty()) {
    const std::string text = TRY(ReadText(options.mapping, decode::kMappingBytesMax));
    mapping = TRY(decode::ParseMapping(text, options.mapping));
  }
  const Buffer file = TRY(ReadFile(options.file));
  const decode::LogColumns log = TRY_IN(options.file, decode::ReadLogColumns(file));
  const decode::LintReport report = decode::LintLog(log, mapping ? &*mapping : nullptr);
  Print(session, report);
  if (report.could_answer()) return Done{};
  return Error(ErrorCode::kRefused, options.file +
                                        ": no order about these rows could be answered; what to change "
                                        "stands above, and in docs/operate/source-port.md");
}

}  // namespace

void AddLintLogs(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("lint-logs", "say whether a platform's logs could ever answer an order (RFC 6302)");
  auto options = std::make_shared<Options>();
  command->add_option("FILE", options->file, "JSON Lines, CSV, or the lines of a web server")->required();
  command->add_option("--mapping", options->mapping, "which column is which field; else it is guessed");
  OnRun(command, session, [&session, options] { return LintLogs(session, *options); });
}

}  // namespace probatio::cli
