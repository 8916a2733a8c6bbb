// Sealing segments anew: rows are read from what was sealed and go through the code of a normal close, under
// new keys. Runs on the custodians' station, which has the old keys; knows nothing of requests.
#pragma once

#include "keep/nat_rows.h"
#include "keep/subjects.h"
#include "seal/directory.h"
#include "seal/reseal_file.h"

namespace probatio::keep {

// One segment to read: what the ledger says of it, its key, and its parts in a seal::ResealFile.
struct ResealInput {
  const seal::SegmentInfo* info = nullptr;
  const seal::WindowKeys* keys = nullptr;
  std::span<const Bytes> parts;
};

struct ResealBuild {
  Random& random;
  std::string run;      // of the new segments
  bool padded = false;  // the blocks of NAT streams
  WrapSegmentKey wrap;
  std::string spill_folder = "/tmp";
  Disk* disk = &SystemDisk();
  NatRows::Limits nat_limits = {};
};

struct ResealOutput {
  std::vector<seal::ResealedSegment> segments;
  std::uint64_t rows_read = 0;
};

// Dead segments of one stream and run: one new segment for each of their windows, and, of NAT streams, for
// those that sessions lasted through. Creates meet their deletes as in a run that had not died. kCrypto or
// kStorage names the segment and batch that does not hold; nothing is left out.
Result<ResealOutput> RebuildSegments(const ResealBuild& build, std::vector<ResealInput> inputs);

// Closed segments of one window into one. Rows stay as they are: nothing is paired that its run did not pair.
Result<ResealOutput> MergeSegments(const ResealBuild& build, std::span<const ResealInput> inputs);

// Opens every block, computes every commitment and the root, and holds the count of rows against the ledger.
Result<ResealOutput> VerifySegments(std::span<const ResealInput> inputs);

}  // namespace probatio::keep
