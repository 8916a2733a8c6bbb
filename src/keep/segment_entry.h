// Ledger entries of a segment's life read back into what they say (docs/formats/ledger.md). Pure;
// thread-safe.
#pragma once

#include "ledger/entry.h"
#include "seal/directory.h"

namespace probatio::keep {

// Each returns `before` with what the entry adds; kInvalid names the field and the reason.
Result<seal::SegmentInfo> ReadOpened(const ledger::Entry& entry);
Result<seal::SegmentInfo> ReadClosed(const ledger::Entry& entry, seal::SegmentInfo before);
Result<seal::SegmentInfo> ReadCrashed(const ledger::Entry& entry, seal::SegmentInfo before);
Result<seal::SegmentInfo> ReadJournalHead(const ledger::Entry& entry, seal::SegmentInfo before);
Result<seal::SegmentInfo> ReadRewrapped(const ledger::Entry& entry, seal::SegmentInfo before);
Result<seal::SegmentInfo> ReadPurged(const ledger::Entry& entry, seal::SegmentInfo before);
// A segment that was opened and closed by one entry: what the custodians sealed anew.
Result<seal::SegmentInfo> ReadResealed(const ledger::Entry& entry);
Result<seal::SegmentInfo> ReadReplaced(const ledger::Entry& entry, seal::SegmentInfo before);
Result<seal::SegmentInfo> ReadRetired(const ledger::Entry& entry, seal::SegmentInfo before);
Result<SegmentId> ReadSegmentId(const ledger::Entry& entry);

}  // namespace probatio::keep
