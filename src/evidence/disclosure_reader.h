// disclosure.json read back by the verifier: strictly, and only in the canonical form. For the .cc files of
// this folder. Pure; thread-safe.
#pragma once

#include "evidence/disclosure_document.h"

namespace probatio::evidence {

inline constexpr std::size_t kAnswersMax = order::kOrderLinesMax;
inline constexpr std::size_t kCandidatesMax = 10'000;  // of one answer

struct ReadCandidate {
  std::string name;
  std::vector<std::string> rows;  // ids
};

struct ReadAnswer {
  std::string line;
  std::string certainty;
  std::string explanation;
  std::vector<ReadCandidate> candidates;
};

struct ReadRow {
  std::string id;
  std::string segment;
  std::string grade;
  std::vector<std::string> faces;
  std::string record;  // JSON, keys sorted
};

struct ReadDisclosure {
  std::string provider;
  std::string order;
  Instant made_at;
  bool demonstration_clock = false;
  std::string supersedes;  // empty: it supersedes none
  std::vector<ReadAnswer> answers;
  std::vector<std::string> left_out;
  std::vector<ReadRow> rows;
};

// kInvalid names the place; also when the same content is written in another way.
Result<ReadDisclosure> ParseDisclosure(std::string_view json);

}  // namespace probatio::evidence
