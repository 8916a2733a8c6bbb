// proofs.json: for each row its way up to the segment root, for each segment its entry in the ledger. For the
// .cc files of this folder. Pure; thread-safe.
#pragma once

#include "evidence/disclosure_document.h"

namespace probatio::evidence {

inline constexpr std::size_t kProofsBytesMax = 128U << 20;

struct Proofs {
  std::map<std::string, seal::ProvenRow> rows;               // by row id
  std::map<std::string, std::vector<std::string>> revealed;  // by row id, the names of its faces
  std::map<SegmentId, ledger::EntryProof> segments;
  ledger::EntryProof order_received;
  ledger::EntryProof executed;
  std::string ledger_key;
};

// Strict: kInvalid names the place. What is proved is not checked here.
Result<Proofs> ParseProofs(std::string_view json);

}  // namespace probatio::evidence
