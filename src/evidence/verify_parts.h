// The steps of verifying our own package, each over files that were already read. For the .cc files of this
// folder. Each adds what does not hold to the findings and never stops at the first. Pure; thread-safe.
#pragma once

#include "evidence/disclosure_reader.h"
#include "evidence/proofs_file.h"
#include "evidence/verify.h"

namespace probatio::evidence {

// The files of a package, read. Absent where the file is missing or cannot be read; the findings say why.
struct PackageFiles {
  std::optional<ReadDisclosure> disclosure;
  std::optional<order::SignedScope> signed_scope;
  std::optional<order::Scope> scope;
  std::optional<Proofs> proofs;
  std::string disclosure_json;
  std::string checkpoint;
};

using Findings = std::vector<std::string>;

// What the ledger says, as far as its proofs hold.
struct LedgerView {
  std::optional<ledger::Checkpoint> checkpoint;
  std::optional<ledger::Entry> executed;
  std::map<SegmentId, ledger::Entry> closed;
};

// Checkpoint signature, every entry proof, one checkpoint for all, the entry of this very disclosure.
LedgerView CheckLedger(const PackageFiles& files, const Trust& trust, Findings* findings);

bool IsSelfMade(const crypto::Certificate& certificate);
// Two different people over exactly this scope; the chains of issued certificates when there are anchors.
void CheckApprovers(const PackageFiles& files, const Trust& trust, Findings* findings);
// The scope is of the disclosed order, provider and time; each line is answered once.
void CheckScope(const PackageFiles& files, const LedgerView& ledger, Findings* findings);

// Each row: every face up to the segment root, the root in the ledger, the grade, and that disclosure.json
// shows the same.
void CheckRows(const PackageFiles& files, const LedgerView& ledger, Findings* findings);
// What is proved, and what is only declared, by a package in which nothing failed.
struct Seen {
  const PackageFiles& files;
  const LedgerView& ledger;
  const crypto::Signature& signature;
  const crypto::TimestampToken& checkpoint_stamp;
  const crypto::RevocationReport& revocation;
};
// Not revoked by whom: proved. Not known: declared, by nobody.
void SayRevocation(const crypto::RevocationReport& report, Verification* verification);
void SayWhatHolds(const Seen& seen, const Trust& trust, Verification* verification);

// Each row serves a line that grants its faces and speaks of its subject.
void CheckGranted(const PackageFiles& files, Findings* findings);

}  // namespace probatio::evidence
