// Whose turn it is with the store. Box, vault and the entries that open and close segments belong to one
// process at a time, but a collector's run lives for ever: it takes the store for the moments in which it
// needs it and gives it back, so that imports, questions and purges go on meanwhile. Batches whose segments
// are open need no turn: the journal is the run's own, and the ledger's appends compare and swap. Not
// thread-safe.
#pragma once

#include <utility>

#include "base/result.h"

namespace probatio::keep {

class StoreTurn {
 public:
  // Whoever opened the store has it already: `held`.
  explicit StoreTurn(bool held) : depth_(held ? 1 : 0) {}
  virtual ~StoreTurn() = default;
  StoreTurn(const StoreTurn&) = delete;
  StoreTurn& operator=(const StoreTurn&) = delete;

  // Waits no longer than the implementation's limit; kStorage names who has it, and it is not held then. May
  // be taken again by who holds it: as many GiveBacks end it.
  Status Take();
  void GiveBack();
  bool held() const { return depth_ > 0; }

 private:
  virtual Status DoTake() = 0;
  virtual void DoGiveBack() = 0;
  int depth_;
};

// Holds the turn for a scope. Without a StoreTurn the store is the caller's for as long as it lives.
class HeldTurn {
 public:
  HeldTurn() = default;
  static Result<HeldTurn> Take(StoreTurn* turn);
  ~HeldTurn() {
    if (turn_ != nullptr) turn_->GiveBack();
  }
  HeldTurn(HeldTurn&& other) noexcept : turn_(std::exchange(other.turn_, nullptr)) {}
  HeldTurn& operator=(HeldTurn&& other) noexcept {
    std::swap(turn_, other.turn_);
    return *this;
  }

 private:
  explicit HeldTurn(StoreTurn* turn) : turn_(turn) {}
  StoreTurn* turn_ = nullptr;
};

}  // namespace probatio::keep
