// What is known of each segment, from the ledger's own entries: the ledger, not the box, says which segments
// exist.
#pragma once

#include <optional>
#include <vector>

#include "seal/journal.h"
#include "seal/public_range.h"

namespace probatio::seal {

// kPurged: past its retention and its erasure key gone, or going; nothing of it can or may be read.
// kReplaced: its rows stand in another segment, sealed anew by the custodians (docs/formats/reseal.md).
enum class SegmentState : std::uint8_t { kOpen, kClosed, kClosedByCrash, kPurged, kReplaced };
std::string_view ToText(SegmentState state);  // "open", "closed", "closed_by_crash", "purged", "replaced"

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
  // kClosed, of NAT events: rows whose other end is in no row here or in the next window (a create that had
  // not ended when its collector stopped, a delete whose create was not seen). Questions about instants
  // farther away look at these too.
  std::uint64_t loose = 0;
  JournalHead journal;             // kClosedByCrash: what the chain must end in
  std::uint64_t lost_before = 0;   // records the exporters' sequences say were lost on the way in (gap)
  std::uint64_t opened_index = 0;  // ledger index of "segment_opened"
  std::uint64_t closed_index =
      0;  // ledger index of "segment_closed", "segment_closed_by_crash" or "segment_resealed"
  std::vector<SegmentId> sources;  // kClosed: whose rows it holds, when the custodians sealed it anew
  std::optional<Instant> expires;  // from then on no row of it may be kept; subject streams have none
  std::string erasure_key;         // the id of the key that its outer layer is under; empty: it has none
  bool rewrapped = false;          // moved under another erasure key than that of its birth
  bool retired = false;            // kReplaced: the ledger says that nothing of it is kept any more
  bool erased = false;             // kPurged: the ledger says that its key is gone from every replica
};

// May a NAT segment say anything about who held a public address at the asked instants? Its window is one of
// theirs or the one after; or it has rows whose other end is elsewhere; or it was not closed. A session that
// ends later than the window after lasted through all of that window, and stands there as a carried row
// (docs/formats/window.md, "Sessions").
bool MayConcern(const SegmentInfo& info, const Period& asked);
// A carried row says that its session lasted through its own window, and nothing else: read in a window that
// is neither of the asked instants nor the one after, it would seem to lack an end that is elsewhere.
bool IsCarriedFromFar(const record::NatEvent& event, const Window& window, const Period& asked);
// A row of one event whose other end may stand in a window that `asked` does not open, in one row with it: a
// carried create, a row of a window that is far, and any row of a journal (not `closed`), whose run may have
// handed the create over before it died. What is paired with such a row must be paired again over all
// windows.
bool MayEndElsewhere(const record::NatEvent& event, const Window& window, bool closed, const Period& asked);

// Where the wrapped key of a segment lies in the box now.
std::string WrappedKeyOf(const SegmentInfo& info);

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
