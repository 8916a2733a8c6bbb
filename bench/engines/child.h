// A server of a peer: started for one measurement, and gone with this object or with this process, however
// either ends.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace probatio::bench {

class Child {
 public:
  // Runs argv[0], an absolute path, with its output in `log`. As root, `user` (where not empty) is taken on
  // first: PostgreSQL refuses to run as root.
  static Result<std::unique_ptr<Child>> Start(const std::vector<std::string>& argv, const std::string& log,
                                              const std::string& user = "");
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  bool Alive();
  // Of the process and all its descendants, those that ended included.
  double CpuSeconds() const;
  // Sends the signal and waits; what does not go within seconds is killed. The exit status of waitpid.
  int Stop(int signal);
  int Wait();

 private:
  explicit Child(pid_t pid) : pid_(pid) {}
  pid_t pid_;
  bool ended_ = false;
  int status_ = 0;
  double final_cpu_ = 0;
};

// Runs to the end and returns what it printed. kStorage with the exit status when it failed.
Result<std::string> OutputOf(const std::vector<std::string>& argv, const std::string& log);

// A port of the loopback interface that was free a moment ago.
Result<std::uint16_t> FreePort(int socket_type);

}  // namespace probatio::bench
