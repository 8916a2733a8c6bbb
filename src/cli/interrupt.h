// Ctrl-C and SIGTERM while a long command runs: it is told, and ends in order. One object at a time.
#pragma once

namespace probatio::cli {

class Interrupt {
 public:
  Interrupt();
  ~Interrupt();  // both do again what they did before
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  bool came() const;
};

}  // namespace probatio::cli
