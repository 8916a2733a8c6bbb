// Enters facts in a ledger that other processes append to as well. Who only sees an error does not know
// whether his entries were committed before it: the ledger is read again and asked. Not thread-safe.
#pragma once

#include "ledger/ledger.h"

namespace probatio::keep {

inline constexpr int kEnterTriesMax = 8;  // lost races against other writers before the failure is handed on

enum class Entered : std::uint8_t {
  kYes,      // in the ledger, once
  kNo,       // not in the ledger: the caller may go on and try again later
  kUnknown,  // in part, or the ledger cannot be read: what depends on the answer must stop
};

struct EnterResult {
  Entered entered = Entered::kNo;
  Status status;
};

// All entries, in one transaction up to ledger::kEntriesPerAppendMax of them, else in as few as can be. Each
// entry must be unlike any other in the ledger (it names its own segment and state).
EnterResult Enter(ledger::Ledger& ledger, std::span<const ledger::Entry> entries);

}  // namespace probatio::keep
