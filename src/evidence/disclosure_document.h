// disclosure.json and disclosure.csv: the rows as disclosed and the answers that rest on them
// (docs/formats/evidence.md). Pure; thread-safe.
#pragma once

#include "ledger/ledger.h"
#include "resolve/answer.h"

namespace probatio::evidence {

inline constexpr std::size_t kDisclosureBytesMax = 64U << 20;  // disclosure.json and disclosure.csv
inline constexpr std::size_t kScopeFileBytesMax = 8U << 20;
inline constexpr std::size_t kDisclosedRowsMax = 100'000;

// How early a row was committed to.
enum class Grade : std::uint8_t { kCommittedBefore, kJournalBefore, kCommittedAfter };
std::string_view ToText(
    Grade grade);  // "committed_before_order", "journal_before_order", "committed_after_order"
using ClosingEntries = std::map<SegmentId, ledger::EntryProof>;
// From the order of entries in one ledger: the one that closed the segment, the one that received the order.
// What the custodians sealed anew after the order (docs/formats/reseal.md) has the grade of a journal when
// the entries of all its old segments are there and stand before the order. kInvalid when an entry closes no
// segment.
Result<Grade> GradeOf(const SegmentId& segment, const ClosingEntries& closed,
                      const ledger::EntryProof& order_received);
// The old segments whose rows a segment holds, from its closing entry; none of an ordinary one.
Result<std::vector<SegmentId>> SourcesOf(const ledger::Entry& closing);

// Everything that a package says, before it is laid out as files.
struct Disclosure {
  std::string provider;
  Instant made_at;
  bool demonstration_clock = false;
  std::string supersedes;  // digest of the disclosure that was recalled, as the ledger has it; else empty
  order::SignedScope signed_scope;
  order::Scope scope;  // parsed from signed_scope
  std::vector<resolve::LineAnswer> answers;
  // The closing entry of every row's segment, and of its old segments where it was sealed anew after the
  // order.
  ClosingEntries segments;
  ledger::EntryProof order_received;  // its index tells rows committed before from after
  ledger::EntryProof executed;        // "disclosure_executed": nothing leaves before the ledger holds it
  std::string ledger_key;             // verifier key
};

// A row that is in the package: "R1", "R2", ... in the order of first use; one row supports several
// candidates.
struct DisclosedRow {
  std::string id;
  const seal::ProvenRow* row = nullptr;
  std::set<record::Face> faces;  // the union of what the supports grant
  Grade grade = Grade::kCommittedBefore;
};
// Two supports are one row when they open the same place of the same block, or show the same record of one
// dead journal. CHECKs that `segments` holds the closing entry of every row's segment.
std::vector<DisclosedRow> RowsOf(const Disclosure& disclosure);
// For each support, in the order of answers, candidates and supports: its row's place in RowsOf.
std::vector<std::size_t> RowOfEachSupport(const Disclosure& disclosure);

// Canonical JSON (keys sorted, no spaces). Holds only the granted faces. Says nothing of `executed`,
// `ledger_key` or any checkpoint: its digest stands in the entry that `executed` proves.
std::string DisclosureJson(const Disclosure& disclosure);
// Re-derived from the JSON by the verifier. RFC 4180; one line for each row; a cell that a spreadsheet would
// run begins with an apostrophe. kInvalid for what is no disclosure.json.
Result<std::string> DisclosureCsv(std::string_view disclosure_json);
// The exact scope text and its signatures. ParseScopeFile is strict: kInvalid names the place; nothing is
// verified.
std::string ScopeFileJson(const order::SignedScope& signed_scope);
Result<order::SignedScope> ParseScopeFile(std::string_view json);
// The proofs of the rows, of their segments' closing entries, of the order's reception and of the execution.
std::string ProofsJson(const Disclosure& disclosure);

// SHA-256 over the disclosure: what "disclosure_executed" commits to, salted with the scope's digest.
crypto::Digest DisclosureDigest(std::string_view disclosure_json, std::string_view scope_json);

}  // namespace probatio::evidence
