// The stage of the demonstration: runs command lines, shows each with what it prints, and holds them to how
// they must end.
#pragma once

#include <string>
#include <vector>

#include "cli/session.h"

namespace probatio::cli::demo {

class Stage {
 public:
  Stage(Session& session, std::string out) : session_(session), out_(std::move(out)) {}

  const std::string& folder() const { return out_; }
  std::string Path(const std::string& relative) const { return out_ + "/" + relative; }

  void Act(const std::string& title);
  void Say(const std::string& words);
  // While brief, commands that succeed are shown without what they print.
  void Brief(bool brief) { brief_ = brief; }

  // Shows and runs `probatio ...`; must succeed. Its standard output.
  Result<std::string> Run(const std::vector<std::string>& arguments);
  // The same, not shown: for what the play itself has to know.
  Result<std::string> Ask(const std::vector<std::string>& arguments);
  // Must be refused, with `words` in what it says.
  Status Refuses(const std::vector<std::string>& arguments, const std::string& words);

 private:
  struct Ending {
    int exit_code;
    std::string out;
    std::string err;
  };
  Ending RunShown(const std::vector<std::string>& arguments);

  Session& session_;
  std::string out_;
  bool brief_ = false;
};

}  // namespace probatio::cli::demo
