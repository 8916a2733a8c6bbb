// What is known of each segment, from the ledger's own entries: the ledger, not the box, says which segments
// exist.
#pragma once

#include <optional>
#include <vector>

#include "seal/journal.h"
#include "seal/public_range.h"

namespace probatio::seal {

enum class SegmentState : std::uint8_t { kOpen, kClosed, kClosedByCrash };
std::string_view ToText(SegmentState state);  // "open", "closed", "closed_by_crash"

struct SegmentInfo {
  SegmentId id;
  Window window;
  SegmentState state = SegmentState::kOpen;
  bool late = false;  // opened after its window's end
  Instant opened_at;
  Instant closed_at;
  crypto::Digest wrapped_digest{};          // SHA-256 of the wrapped key in the box
  crypto::Digest root{};                    // kClosed
  std::uint64_t leaf_count = 0;             // kClosed
  std::uint64_t rows = 0;                   // kClosed
  std::optional<PublicRange> public_range;  // kClosed, of NAT events: no other public address is in it
  JournalHead journal;                      // kClosedByCrash: what the chain must end in
  std::uint64_t lost_before = 0;   // records the exporters' sequences say were lost on the way in (gap)
  std::uint64_t opened_index = 0;  // ledger index of "segment_opened"
  std::uint64_t closed_index = 0;  // ledger index of "segment_closed" or "segment_closed_by_crash"
};

class SegmentDirectory {
 public:
  virtual ~SegmentDirectory() = default;
  // Segments of a stream whose window overlaps the period, newest window first.
  virtual std::vector<SegmentInfo> Find(Stream stream, const Period& period) const = 0;
  virtual std::optional<SegmentInfo> Get(const SegmentId& segment) const = 0;
};

// Reads the journal of a segment that was closed by a crash.
class JournalArchive {
 public:
  virtual ~JournalArchive() = default;
  virtual Result<std::vector<Buffer>> Batches(
      const SegmentId& segment) const = 0;  // kStorage when missing or torn
};

}  // namespace probatio::seal
