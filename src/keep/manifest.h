// The manifest: which segments exist and in what state, replayed from the ledger's own entries. The ledger
// says it; the box is not asked. Refresh reads what was appended since. Of an open segment it keeps the last
// journal head that the ledger names, so that recovery can tell a journal which lost acknowledged batches.
// Not thread-safe.
#pragma once

#include <map>
#include <set>

#include "ledger/ledger.h"
#include "seal/directory.h"

namespace probatio::keep {

class Manifest : public seal::SegmentDirectory {
 public:
  // kStorage names the ledger index of an entry that contradicts an earlier one.
  static Result<Manifest> FromLedger(const ledger::Ledger& ledger);
  Status Refresh(const ledger::Ledger& ledger);

  // Those that a look-up may concern: none that was replaced.
  std::vector<seal::SegmentInfo> Find(seal::Stream stream, const Period& period) const override;
  std::optional<seal::SegmentInfo> Get(const SegmentId& segment) const override;
  std::vector<seal::SegmentInfo> All() const;

  // Erasure keys whose destruction has begun: never used again. True: gone from every replica.
  const std::map<std::string, bool>& dying_keys() const { return dying_keys_; }

 private:
  Status Apply(const ledger::Entry& entry, std::uint64_t index);
  Status ApplyOpened(const ledger::Entry& entry, std::uint64_t index);
  Status ApplyResealed(const ledger::Entry& entry, std::uint64_t index);
  Status Add(seal::SegmentInfo info);
  Status ApplyToKey(const ledger::Entry& entry);

  using Window = std::pair<seal::Stream, Instant>;  // by its begin; the windows of a stream do not overlap
  std::map<SegmentId, seal::SegmentInfo> segments_;
  std::map<std::string, bool> dying_keys_;
  std::map<Window, std::set<SegmentId>> by_window_;
  std::uint64_t seen_ = 0;
};

// The ledger entries of a segment's life (docs/formats/ledger.md).
ledger::Entry OpenedEntry(const seal::SegmentInfo& info);
ledger::Entry ClosedEntry(const seal::SegmentInfo& info);
ledger::Entry CrashedEntry(const seal::SegmentInfo& info, Instant now);
// `digests`: of each source its journal head's digest or its root, hexadecimal, joined with commas.
ledger::Entry ResealedEntry(const seal::SegmentInfo& info, const std::string& digests);
ledger::Entry ReplacedEntry(const seal::SegmentInfo& info, const std::string& run, Instant now);
ledger::Entry RetiredEntry(const seal::SegmentInfo& info, Instant now);
ledger::Entry RewrappedEntry(const seal::SegmentInfo& info, Instant now);
ledger::Entry PurgedEntry(const seal::SegmentInfo& info, Instant now);
ledger::Entry JournalHeadEntry(const seal::SegmentInfo& info, Instant now);

// The run that opened a segment, from the tail of its id; empty when the id has none.
std::string RunOf(const SegmentId& segment);

}  // namespace probatio::keep
