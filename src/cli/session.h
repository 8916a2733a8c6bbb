// One call of the command line: where results and messages go, and how it ends. Results go to `out`, messages
// to `err`; with --json the same facts as JSON. A command is a function from its options to a Status.
#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "base/result.h"

namespace CLI {
class App;
}

namespace probatio::cli {

struct Session {
  std::ostream& out;
  std::ostream& err;
  bool json = false;
  std::string config = "probatio.toml";  // a file, or the deployment's folder
  int exit_code = 0;

  // Prints "probatio: <what>" and sets the exit code of the contract (ErrorCode's values).
  void Finish(const Status& status);
};

// Adds a command whose body runs when it was named. Lives as long as the app.
void OnRun(CLI::App* command, Session& session, std::function<Status()> body);

// Runs one command line as `probatio` would; used by main and, step by step, by the demonstration.
int Run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err);

}  // namespace probatio::cli
