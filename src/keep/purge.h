// Purge: what is past its retention and held by nothing is destroyed, key first. For each erasure key:
//   1. survivors move under another key: durable in the box, then in the ledger ("segment_rewrapped");
//   2. "purge_begun" in the ledger: from here on nothing under the key is read;
//   3. the key is destroyed in every folder of the vault;
//   4. the box forgets wrapped keys, leaves and blocks;
//   5. "segment_purged" and "erasure_key_destroyed" in the ledger.
// A crash between any two is finished by the next purge; a replica that cannot be reached leaves 5 undone, is
// named in the ledger, and tried again by the next purge. The caller keeps everybody else from writing,
// pinning and reading meanwhile (the deployment's lock). docs/operate/purge.md says what this proves. Not
// thread-safe.
#pragma once

#include "base/clock.h"
#include "keep/journal_file.h"
#include "keep/purge_plan.h"
#include "keep/subjects.h"
#include "keep/vault.h"

namespace probatio::keep {

struct PurgeParts {
  seal::Box& box;
  ledger::Ledger& ledger;
  Manifest& manifest;
  Journals& journals;
  Subjects& subjects;
  Vault& vault;
  ItemKeys& items;
  const RetentionRules& rules;
  const Clock& clock;
  Random& random;
};

struct PurgeResult {
  std::vector<SegmentId> purged;         // of which the ledger now says so
  std::uint64_t held = 0;                // expired segments that holds keep
  std::uint64_t keys = 0;                // erasure keys gone from every folder
  std::uint64_t subjects = 0;            // whose retention ended
  std::uint64_t subjects_held = 0;       // the same, kept by a hold on their stream
  std::vector<std::string> unreachable;  // folders of the vault that must be tried again; empty: complete
};

// The unreleased holds as pins.
Result<PurgeResult> Purge(const PurgeParts& parts, std::span<const Pin> pins);

}  // namespace probatio::keep
