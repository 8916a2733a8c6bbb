// That one tree continues another, as a file: the body of c2sp.org/tlog-witness, "add-checkpoint". What a
// server gives a witness, an auditor, or somebody who verifies a package. Pure; thread-safe.
#pragma once

#include <optional>

#include "ledger/cosignature.h"

namespace probatio::ledger {

inline constexpr std::size_t kContinuationBytesMax = kCheckpointBytesMax + 4096;
inline constexpr std::size_t kConsistencyPathMax = 63;  // c2sp.org/tlog-witness

struct Continuation {
  std::uint64_t old_size = 0;
  std::vector<crypto::Digest> proof;  // empty from size 0 and from the same size
  std::string checkpoint;             // signed note, with whatever cosignatures it has
};

// "old <size>\n", a line of Base64 for each digest, a blank line, the checkpoint.
std::string WriteContinuation(const Continuation& continuation);
// kInvalid names the line.
Result<Continuation> ParseContinuation(std::string_view text);

// The newer checkpoint, after its signature was verified and the proof from `old` to it. kCrypto "the ledger
// does not continue the tree seen before" when it does not hold. CHECKs nothing of `old`: it may be hostile.
Result<Checkpoint> VerifyContinuation(const Continuation& continuation, const Checkpoint& old,
                                      const std::string& verifier_key);

}  // namespace probatio::ledger
