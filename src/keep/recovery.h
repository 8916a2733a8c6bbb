// After a crash: every segment that the ledger calls open and no living run owns (Journals::IsAlive) is
// closed by crash, its journal's chain digest entered in the ledger: provable as bytes, and searched batch by
// batch by later look-ups. What a living run holds open, in this process or another, is left alone.
#pragma once

#include "base/clock.h"
#include "keep/journal_file.h"
#include "keep/manifest.h"

namespace probatio::keep {

struct Recovered {
  std::vector<SegmentId> ids;  // of the segments that were closed now
  std::uint64_t segments = 0;
  std::uint64_t batches = 0;
  std::uint64_t damaged =
      0;  // segments whose journal is missing, shorter or other than the ledger's own journal heads say
};

// Call once when a deployment is opened for writing, under its lock. Idempotent. A damaged segment is closed
// with the head that the ledger names, so that every look-up in it ends at "store incomplete" and never at
// "none". Journals that no segment needs any more are removed. kStorage names a file that is damaged in its
// middle, after everything else was closed.
Result<Recovered> CloseCrashedSegments(ledger::Ledger& ledger, Manifest& manifest, Journals& journals,
                                       const Clock& clock);

// Removes the journals whose segments are all closed, and those of runs that died before their first batch;
// never that of a living run.
Status RemoveUnneededJournals(const Manifest& manifest, Journals& journals);

// The JournalArchive over a deployment's journal folder.
class KeptJournals : public seal::JournalArchive {
 public:
  explicit KeptJournals(const Journals& journals) : journals_(journals) {}
  Result<std::vector<Buffer>> Batches(const SegmentId& segment) const override;

 private:
  const Journals& journals_;
};

}  // namespace probatio::keep
