// The RecordReader over the sealed store: asks the custodians for the keys of exactly the tokens a grant
// needs, opens those blocks, proves completeness (hit: all blocks to the last; miss: the spanning leaf; dead
// segment: the whole journal chain), and drops what may no longer be kept. One object is for one thread and
// one grant's execution.
#pragma once

#include <functional>

#include "base/clock.h"
#include "custody/custodians.h"
#include "custody/request.h"
#include "resolve/retention.h"
#include "seal/box.h"
#include "seal/leaf_cache.h"

namespace probatio::custody {

// Finds the handle of a subject: the one place that holds the index key (keep/subjects.h).
struct KnownSubject {
  seal::SubjectHandle handle{};
  std::optional<Buffer> wrapped;  // its wrapped private half; absent when the box has none
  bool purged = false;   // what was kept of it before is past its retention, or superseded, and destroyed
  bool expired = false;  // past its retention, and to be destroyed by the next purge
};
using FindSubject = std::function<Result<KnownSubject>(seal::Stream, std::string_view holder)>;

class SealedReader : public resolve::RecordReader {
 public:
  struct Parts {
    const seal::Box& box;
    const seal::SegmentDirectory& directory;
    const seal::JournalArchive& journals;
    const resolve::Retention& retention;
    ledger::Ledger& ledger;
    Custodians& custodians;
    const Clock& clock;
    Random& random;
    FindSubject find_subject;
    std::function<Result<order::Life>(const OrderId&)>
        life_of;  // so that a stay kills the grant between two steps
    // Takes the outer layer off a segment's wrapped key, here on the server; without it there is none.
    std::function<Result<Buffer>(const seal::SegmentInfo&, Bytes outer)> open_outer = {};
  };
  explicit SealedReader(Parts parts) : parts_(std::move(parts)) {}

  Result<resolve::Found> Read(const order::Grant& grant,
                              const std::vector<resolve::LookUp>& look_ups) override;

 private:
  Parts parts_;
  seal::LeafCache leaves_;  // what one step of the plan read, the next need not read again
};

}  // namespace probatio::custody
