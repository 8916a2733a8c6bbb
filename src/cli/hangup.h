// SIGHUP while a command runs: read the configuration again. One object at a time.
#pragma once

namespace probatio::cli {

class Hangup {
 public:
  Hangup();
  ~Hangup();  // the signal does again what it did before
  Hangup(const Hangup&) = delete;
  Hangup& operator=(const Hangup&) = delete;

  bool TakeCame();  // since the last call
};

}  // namespace probatio::cli
