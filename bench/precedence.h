// Look-ups on a machine that others use too: while this object lives, this process and its children (the
// servers of peers) run ahead of whatever else is there, so that other people's work is not measured. Loads
// are not measured so: their cost is told in processor time, which waiting does not add to.
#pragma once

namespace probatio::bench {

class Precedence {
 public:
  // Where it is not allowed nothing changes, and `taken` says so.
  explicit Precedence(bool wanted);
  ~Precedence();
  Precedence(const Precedence&) = delete;
  Precedence& operator=(const Precedence&) = delete;
  bool taken() const { return taken_; }

 private:
  bool taken_ = false;
};

}  // namespace probatio::bench
