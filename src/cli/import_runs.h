// The runs of one import: batches in, each safe on disk when it is taken. A run that has grown large is
// closed and another opened, so that memory does not grow with the input. Not thread-safe.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "cli/deployment.h"
#include "decode/flow/sequence.h"

namespace probatio::cli {

// Rows of one run that lie in memory until it is closed; those of NAT events spill (keep/run.h).
inline constexpr std::uint64_t kImportRunRowsMax = 500'000;

class ImportRuns {
 public:
  explicit ImportRuns(Deployment& deployment) : deployment_(deployment) {}

  // Takes some of the records, from the first, and says how many: these are safe on disk when it returns.
  Status Append(std::span<const record::Record> records, std::size_t* taken);
  Status NoteGaps(std::span<const decode::SequenceGap> gaps);
  // Seals everything and enters each run in the ledger; `lost` is what the exporters' numbers say of the last
  // one. Nothing was appended: nothing is done.
  Status Close(std::uint64_t lost);

  const keep::RunCounts& counts() const { return counts_; }  // of the closed runs together
  const std::vector<std::string>& names() const { return names_; }

 private:
  Status OpenIfNone();

  Deployment& deployment_;
  std::unique_ptr<keep::Run> run_;
  std::uint64_t rows_in_memory_ = 0;
  keep::RunCounts counts_;
  std::vector<std::string> names_;
};

}  // namespace probatio::cli
