// The manifest: which segments exist and in what state, replayed from the ledger's own entries. The ledger says it; the box is
// not asked. Refresh reads what was appended since. Not thread-safe.
#pragma once

#include "ledger/ledger.h"
#include "seal/directory.h"

namespace probatio::keep {

class Manifest : public seal::SegmentDirectory {
 public:
  // kStorage names the ledger index of an entry that contradicts an earlier one.
  static Result<Manifest> FromLedger(const ledger::Ledger& ledger);
  Status Refresh(const ledger::Ledger& ledger);

  std::vector<seal::SegmentInfo> Find(seal::Stream stream, const Period& period) const override;
  std::optional<seal::SegmentInfo> Get(const SegmentId& segment) const override;
  std::vector<seal::SegmentInfo> All() const;

 private:
  std::map<SegmentId, seal::SegmentInfo> segments_;
  std::uint64_t seen_ = 0;
};

// The ledger entries of a segment's life (docs/formats/ledger.md).
ledger::Entry OpenedEntry(const seal::SegmentInfo& info);
ledger::Entry ClosedEntry(const seal::SegmentInfo& info);
ledger::Entry CrashedEntry(const seal::SegmentInfo& info, Instant now);

}  // namespace probatio::keep
