// Answers with stated certainty. Never a silent choice between two candidates. Values; pure; thread-safe.
#pragma once

#include <set>

#include "resolve/reader.h"

namespace probatio::resolve {

enum class Certainty : std::uint8_t { kUnique, kAmbiguous, kNone, kOutsideRetention, kLogGap };
std::string_view ToText(
    Certainty certainty);  // "unique", "ambiguous", "none", "outside_retention", "log_gap"

// A row that supports a candidate, with the faces that may be shown for it.
struct Support {
  seal::ProvenRow row;
  std::set<record::Face> faces;  // what the scope's items grant on this row
  std::string why;               // "holder at the instant", "access session of the inside address", ...
};

struct Candidate {
  std::string name;                // account id or subscriber id; empty when it ends at an inside address
  std::vector<Support> supports;   // in the order of the steps
  std::vector<std::string> rules;  // the stated rules by which open ends were closed
};

// Over which offsets of the asker's clock the answer stays the same; absent: not bounded within what was
// searched.
struct OffsetProfile {
  std::optional<std::int64_t> unchanged_from_ns;  // <= 0
  std::optional<std::int64_t> unchanged_to_ns;    // >= 0
};

struct LineAnswer {
  std::string line;
  Certainty certainty = Certainty::kNone;
  std::vector<Candidate> candidates;
  std::vector<Gap> gaps;
  OffsetProfile offsets;    // operator's answers
  std::string explanation;  // one plain sentence, no personal data
};

}  // namespace probatio::resolve
