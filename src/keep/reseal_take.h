// Taking in what the custodians sealed anew. Order of writes:
//   1. wrapped keys, blocks and leaves of the new segments are in the box;
//   2. one transaction of the ledger says that the new segments hold the rows and the old ones are replaced:
//      from here on look-ups see the new ones and only them;
//   3. only then the old ones go: blocks, wrapped keys, the journal that nobody needs any more;
//   4. the ledger says that they are retired.
// After a crash before 2 the answer is taken in again; after it RetireReplaced ends what is left. Not
// thread-safe.
#pragma once

#include "base/clock.h"
#include "keep/journal_file.h"
#include "keep/manifest.h"
#include "seal/box.h"
#include "seal/reseal_file.h"

namespace probatio::keep {

// What the ledger says of a request: its entry "custody_reseal".
struct ResealAsked {
  std::string id;
  std::string kind;
  std::string run;
  std::vector<seal::SegmentInfo> sources;
  bool taken = false;  // its answer is in the ledger already
};
ledger::Entry ResealAskedEntry(const ResealAsked& asked, const crypto::Digest& digest, Instant now);
// kNotFound for a digest of no request here.
Result<ResealAsked> FindReseal(const ledger::Ledger& ledger, const Manifest& manifest,
                               const crypto::Digest& digest);

struct ResealParts {
  seal::Box& box;
  ledger::Ledger& ledger;
  Manifest& manifest;
  Journals& journals;
  const Clock& clock;
  std::function<Result<Buffer>(const SegmentId&, Bytes inner)> outer;  // the erasure layer of a wrapped key
};

// The answer was signed by those who may (custody::CheckResealed). kCrypto or kDenied says what does not fit;
// nothing is written then. A second time it only ends what the first may have left. The new segments; none of
// a verification, which enters "segments_verified".
Result<std::vector<seal::SegmentInfo>> TakeResealed(const ResealParts& parts, const ResealAsked& asked,
                                                    seal::Resealed resealed);

// Ends what was interrupted after step 2. Idempotent; cheap when there is nothing.
Status RetireReplaced(seal::Box& box, ledger::Ledger& ledger, Manifest& manifest, Journals& journals,
                      const Clock& clock);

}  // namespace probatio::keep
