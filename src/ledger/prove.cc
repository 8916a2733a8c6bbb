// Verifying one entry alone, without the ledger: what stands in an evidence package. Pure; thread-safe.
#include "ledger/ledger.h"

namespace probatio::ledger {

Result<ProvedEntry> VerifyEntry(const EntryProof& proof, const std::string& verifier_key) {
  Checkpoint checkpoint = TRY(OpenCheckpoint(proof.checkpoint, verifier_key));
  const crypto::Digest leaf = crypto::LeafHash(AsBytes(proof.entry));
  TRY(crypto::VerifyInclusion(leaf, proof.index, checkpoint.size, proof.path, checkpoint.root));
  Entry entry = TRY(EntryFromJson(proof.entry));
  return ProvedEntry{std::move(entry), std::move(checkpoint)};
}

}  // namespace probatio::ledger
