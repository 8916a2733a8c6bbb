// A proven row and a ledger entry's proof as JSON: in packages for the verifier, in custody requests for the
// station (docs/formats/evidence.md, docs/formats/custody.md). Pure; thread-safe.
#pragma once

#include <set>
#include <string>

#include "ledger/ledger.h"
#include "seal/proven_row.h"

namespace probatio::evidence {

inline constexpr std::size_t kProvenRowJsonBytesMax =
    96U << 20;  // a largest journal batch in Base64, and the rest
inline constexpr std::size_t kEntryProofJsonBytesMax = 1U << 19;  // a largest entry, a largest note, a path
inline constexpr std::size_t kTreePathMax = 64;                   // steps up a tree of less than 2^64 leaves
inline constexpr std::size_t kWidePathMax = 13;  // steps up a 32-wide tree of less than 2^64 leaves

// Holds the fields, salts and openings of the revealed faces only; of the others nothing but what the paths
// need. The journal batch of a row without proof is left out unless all faces are revealed: it holds the
// whole row, sealed.
std::string ProvenRowToJson(const seal::ProvenRow& row, const std::set<record::Face>& revealed);

// Strict: kInvalid names the place. The record has the fields of the revealed faces, `proof->faces` their
// openings; each still verifies with seal::VerifyFace. What is proved is not checked here. A row without
// proof must not be trusted.
Result<seal::ProvenRow> ProvenRowFromJson(std::string_view json);

std::string EntryProofToJson(const ledger::EntryProof& proof);
Result<ledger::EntryProof> EntryProofFromJson(std::string_view json);

}  // namespace probatio::evidence
