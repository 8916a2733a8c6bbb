#include <CLI/CLI.hpp>

#include "cli/commands.h"

namespace probatio::cli {
namespace {

constexpr char kAbout[] =
    "probatio: court-ordered disclosure of identification data.\n"
    "Keeps records sealed, checks an order against the law, and discloses exactly what was ordered.";
constexpr char kExitCodes[] =
    "exit codes: 0 success, 1 refused or negative finding, 2 usage, 3 bad input, 4 not found, 5 not "
    "permitted,\n"
    "            6 storage, 7 crypto";

}  // namespace

void Session::Finish(const Status& status) {
  if (status.ok()) return;
  err << "probatio: " << status.error().what() << "\n";
  exit_code = static_cast<int>(status.error().code());
}

void OnRun(CLI::App* command, Session& session, std::function<Status()> body) {
  command->callback([&session, body = std::move(body)] { session.Finish(body()); });
}

int Run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err) {
  Session session{out, err};
  CLI::App app{kAbout, "probatio"};
  app.footer(kExitCodes);
  app.require_subcommand(1);
  app.add_option("--config", session.config, "configuration file, or the deployment's folder")
      ->capture_default_str();
  app.add_flag("--json", session.json, "results as JSON");

  for (const auto add :
       {AddInit,    AddPeople,   AddCustody, AddDecode, AddImport,    AddCollect, AddQuarantine, AddLintLogs,
        AddWindow,  AddOrder,    AddHold,    AddRegime, AddDisclose,  AddOpen,    AddVerify,     AddRequest,
        AddResolve, AddDeadline, AddNotify,  AddRecall, AddProtected, AddLedger,  AddClock,      AddDemo}) {
    add(app, session);
  }

  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    // Help and version end here too, with code 0; everything else is a wrong call.
    const int code = app.exit(error, out, err);
    return code == 0 ? 0 : static_cast<int>(ErrorCode::kUsage);
  }
  return session.exit_code;
}

}  // namespace probatio::cli
