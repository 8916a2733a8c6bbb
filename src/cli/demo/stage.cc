#include "cli/demo/stage.h"

#include <sstream>

namespace probatio::cli::demo {
namespace {

constexpr std::size_t kLinesShownMax = 40;

// A command as one would type it.
std::string Typed(const std::vector<std::string>& arguments) {
  std::string line = "probatio";
  for (const std::string& argument : arguments) {
    const bool plain = argument.find_first_of(" '\"()") == std::string::npos;
    line += plain ? " " + argument : " \"" + argument + "\"";
  }
  return line;
}

void PrintIndented(const std::string& text, std::ostream& out) {
  std::istringstream lines(text);
  std::string line;
  std::size_t shown = 0;
  while (std::getline(lines, line)) {
    if (++shown > kLinesShownMax) {
      out << "    ...\n";
      return;
    }
    out << "    " << line << "\n";
  }
}

}  // namespace

void Stage::Act(const std::string& title) {
  session_.out << "\n=== " << title << "\n";
}

void Stage::Say(const std::string& words) {
  session_.out << "\n" << words << "\n";
}

Stage::Ending Stage::RunShown(const std::vector<std::string>& arguments) {
  session_.out << "\n$ " << Typed(arguments) << "\n" << std::flush;
  std::ostringstream out;
  std::ostringstream err;
  const int exit_code = cli::Run(arguments, out, err);
  if (exit_code != 0 || !brief_) {
    PrintIndented(out.str(), session_.out);
    PrintIndented(err.str(), session_.out);
  }
  if (exit_code != 0) session_.out << "    exit " << exit_code << "\n";
  return {exit_code, out.str(), err.str()};
}

Result<std::string> Stage::Run(const std::vector<std::string>& arguments) {
  Ending ending = RunShown(arguments);
  if (ending.exit_code != 0) {
    return Error(ErrorCode::kRefused, "demo: this step should have succeeded: " + Typed(arguments));
  }
  return std::move(ending.out);
}

Result<std::string> Stage::Ask(const std::vector<std::string>& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  if (cli::Run(arguments, out, err) != 0) return Error(ErrorCode::kRefused, "demo: " + err.str());
  return out.str();
}

Status Stage::Refuses(const std::vector<std::string>& arguments, const std::string& words) {
  const Ending ending = RunShown(arguments);
  if (ending.exit_code == 0)
    return Error(ErrorCode::kRefused, "demo: this should have been refused: " + Typed(arguments));
  if ((ending.err + ending.out).find(words) == std::string::npos) {
    return Error(ErrorCode::kRefused, "demo: refused, but not in the words expected ('" + words + "')");
  }
  return Done{};
}

}  // namespace probatio::cli::demo
