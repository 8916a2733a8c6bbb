// What is known of a source's clock, applied to records whose format carries UTC. Pure; thread-safe.
#pragma once

#include <span>

#include "decode/time/source_clock.h"
#include "record/record_batch.h"

namespace probatio::decode {

// Corrects the instants of the records, `end_at` included. kInvalid when one leaves the years that an Instant
// holds: the records up to there are corrected, and none of them may be used.
Status CorrectRecords(const SourceClock& clock, std::span<record::Record> records);

// The same for all that a batch holds since a mark. The clock of a row stands in its shape, so each shape is
// corrected once and remembered. Not thread-safe.
class BatchCorrector {
 public:
  explicit BatchCorrector(SourceClock clock) : clock_(std::move(clock)) {}
  // On an error the batch must go back to the mark.
  Status Correct(const record::RecordBatch::Mark& since, record::RecordBatch* batch);

 private:
  static constexpr std::uint32_t kUnknown = UINT32_MAX;
  // Nothing when the shapes are full.
  Result<std::optional<std::uint16_t>> CorrectedShape(std::uint16_t shape, record::NatEventBatch* events);

  SourceClock clock_;
  std::uint64_t lists_id_ = 0;
  std::vector<std::uint32_t> corrected_;  // by shape
};

}  // namespace probatio::decode
