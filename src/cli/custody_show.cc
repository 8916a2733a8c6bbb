// probatio custody show, return: a request said in plain words to the custodian who carries it, and the
// answer laid where `disclose` waits for it.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <filesystem>
#include <map>
#include <set>

#include "cli/config.h"
#include "cli/custody_commands.h"
#include "cli/files.h"
#include "cli/station_folder.h"
#include "custody/answer_frame.h"

namespace probatio::cli {
namespace {

struct Options {
  std::string request;
  std::string answer;
};

// What is asked for one line of the scope, all its questions together.
struct LineAsked {
  std::size_t questions = 0;
  std::size_t after_a_row = 0;  // questions that rest on a row of the step before
  std::size_t subjects = 0;
  std::set<std::string_view> streams;
  std::optional<Period> period;
  std::set<SegmentId> segments;
  std::set<std::string_view> held;  // sections of the order's own hold, by class
};

std::map<std::string, LineAsked> ByLine(const custody::Request& request) {
  std::map<std::string, LineAsked> lines;
  for (const custody::Question& question : request.questions) {
    LineAsked& line = lines[question.look_up.line];
    ++line.questions;
    if (question.look_up.because.has_value()) ++line.after_a_row;
    if (question.subject.has_value()) ++line.subjects;
    for (const seal::Stream stream : question.look_up.streams) line.streams.insert(seal::ToText(stream));
    if (question.held.has_value()) line.held.insert(record::ToText(question.held->record_class));
    if (!line.period) line.period = question.look_up.period;
    line.period->begin = std::min(line.period->begin, question.look_up.period.begin);
    line.period->end = std::max(line.period->end, question.look_up.period.end);
    for (const custody::SegmentAsked& segment : question.segments) line.segments.insert(segment.segment);
  }
  return lines;
}

// No selector's value: it may be a person's that only a row showed. The scope's own text names what it
// orders.
void PrintLine(Session& session, const order::Scope& scope, const std::string& id, const LineAsked& asked) {
  std::string streams;
  for (const std::string_view stream : asked.streams)
    streams += (streams.empty() ? "" : ", ") + std::string(stream);
  const order::ScopeLine* const line = scope.Find(id);
  session.out << fmt::format(
      "line {}: {}\n", id,
      line == nullptr ? "NOT IN THE SCOPE; the station will refuse"
                      : "a " + std::string(order::ToText(line->subject.kind)) + " that the order names");
  session.out << fmt::format("  {} question(s), {} of them led to by a row already found\n", asked.questions,
                             asked.after_a_row);
  session.out << fmt::format("  in {}, from {} to {}: {} segment(s), {} subject key(s)\n", streams,
                             asked.period->begin.ToRfc3339(), asked.period->end.ToRfc3339(),
                             asked.segments.size(), asked.subjects);
  for (const std::string_view section : asked.held) {
    session.out << fmt::format("  and all that the order's own hold has of {} data\n", section);
  }
}

Status Show(Session& session, const Options& options) {
  const std::string text = TRY(ReadText(options.request, custody::kSentRequestBytesMax));
  const custody::SentRequest sent = TRY_IN(options.request, custody::SentRequestFromJson(text));
  const custody::Request request = TRY_IN(options.request, custody::RequestFromJson(sent.request_json));
  const order::Scope scope = TRY_IN(options.request, order::ScopeFromJson(request.signed_scope.scope_json));
  session.out << "request " << request.id << ", made " << request.made_at.ToRfc3339() << "\n"
              << "order " << scope.order.text() << ": " << scope.court << ", " << scope.register_number
              << "\n"
              << "provider: " << scope.provider << "\n"
              << "to " << order::ToText(scope.kind) << ", before " << scope.valid_until.ToRfc3339() << "\n";
  for (const order::Approval& approval : request.signed_scope.approvals) {
    session.out << "approved by " << approval.certificate.CommonName() << " (" << approval.person.text()
                << "), " << approval.at.ToRfc3339() << "\n";
  }
  for (const auto& [id, asked] : ByLine(request)) PrintLine(session, scope, id, asked);
  session.out << "this is what the file says; `custody answer` checks it against what the station pinned\n";
  return Done{};
}

// The request that waits in the folder and has this digest; empty when none has.
Result<std::string> WaitingRequest(const std::string& folder, const crypto::Digest& asked) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".request") continue;
    const Result<std::string> text = ReadText(entry.path().string(), custody::kSentRequestBytesMax);
    if (!text.ok()) continue;  // another wait has ended between the two
    const Result<custody::SentRequest> sent = custody::SentRequestFromJson(text.value());
    if (sent.ok() && crypto::Sha256(AsBytes(sent.value().request_json)) == asked)
      return entry.path().string();
  }
  return std::string();
}

// Does not open the deployment: whoever waits for the answer, or works meanwhile, may have its lock.
Status Return(Session& session, const Options& options) {
  const Config config = TRY(ReadConfig(session.config));
  const Buffer answer = TRY(ReadFile(options.answer, custody::kAnswerBytesMax));
  const custody::FramedAnswer framed =
      TRY_IN(options.answer, custody::ReadAnswerFrame(custody::AnswerKind::kKeys, answer));
  const std::string request = TRY(WaitingRequest(config.Path("custody"), framed.asked));
  if (request.empty()) {
    return NotFound(options.answer + ": answers no request that waits in " + config.Path("custody") +
                    "; it may be for another request, or the wait has ended");
  }
  TRY(WriteFile(std::filesystem::path(request).replace_extension(".answer").string(), answer,
                Mode::kPrivate));
  session.out << "laid where the disclosure waits for it\n";
  return Done{};
}

}  // namespace

void AddCustodyShow(CLI::App& custody, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* show = custody.add_subcommand("show", "say in plain words what a request asks; needs no key");
  show->add_option("--request", options->request, "the request file")->required();
  OnRun(show, session, [&session, options] { return Show(session, *options); });

  CLI::App* give_back = custody.add_subcommand("return", "bring an answer back to the server");
  give_back->add_option("ANSWER", options->answer, "the answer file")->required();
  OnRun(give_back, session, [&session, options] { return Return(session, *options); });
}

}  // namespace probatio::cli
