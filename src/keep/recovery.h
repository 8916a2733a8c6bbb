// After a crash: every segment that the ledger calls open and no living run owns is closed by crash, its journal's chain digest
// entered in the ledger: provable as bytes, and searched batch by batch by later look-ups.
#pragma once

#include "base/clock.h"
#include "keep/journal_file.h"
#include "keep/manifest.h"

namespace probatio::keep {

struct Recovered {
  std::uint64_t segments = 0;
  std::uint64_t batches = 0;
};

// Call once when a deployment is opened for writing, under its lock. Idempotent.
Result<Recovered> CloseCrashedSegments(ledger::Ledger& ledger, Manifest& manifest, const Journals& journals,
                                       const Clock& clock);

// The JournalArchive over a deployment's journal folder.
class KeptJournals : public seal::JournalArchive {
 public:
  explicit KeptJournals(const Journals& journals) : journals_(journals) {}
  Result<std::vector<Buffer>> Batches(const SegmentId& segment) const override;

 private:
  const Journals& journals_;
};

}  // namespace probatio::keep
