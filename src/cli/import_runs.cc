#include "cli/import_runs.h"

#include <algorithm>

#include "keep/enter.h"

namespace probatio::cli {
namespace {

constexpr std::size_t kOtherBatchRecords = 4096;

// NAT events are journaled by the batch, the more together the cheaper; other records one by one, so that
// they are acknowledged in smaller steps.
struct Batch {
  std::size_t size = 0;
  bool in_memory = false;  // its rows stay there until the run is closed
};

Batch BatchOf(std::span<const record::Record> rest) {
  const std::size_t most = std::min(keep::kBatchRecordsMax, rest.size());
  const auto is_other = [](const record::Record& record) {
    return !std::holds_alternative<record::NatEvent>(record);
  };
  const bool mixed = std::any_of(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(most), is_other);
  return {mixed ? std::min(kOtherBatchRecords, most) : most, mixed};
}

}  // namespace

Status ImportRuns::OpenIfNone() {
  if (run_ != nullptr) return Done{};
  run_ = TRY(deployment_.OpenRun());
  if (deployment_.turn().held())
    deployment_.turn().GiveBack();  // a collector goes on meanwhile; the run takes the store when it needs it
  rows_in_memory_ = 0;
  names_.push_back(run_->name());
  return Done{};
}

Status ImportRuns::Append(std::span<const record::Record> records, std::size_t* taken) {
  const Batch batch = BatchOf(records);
  *taken = 0;
  if (batch.in_memory && rows_in_memory_ + batch.size > kImportRunRowsMax) TRY(Close(0));
  TRY(OpenIfNone());
  TRY(run_->Append(records.first(batch.size)));
  if (batch.in_memory) rows_in_memory_ += batch.size;
  *taken = batch.size;
  return Done{};
}

Status ImportRuns::NoteGaps(std::span<const decode::SequenceGap> gaps) {
  if (gaps.empty()) return Done{};
  TRY(OpenIfNone());
  for (const decode::SequenceGap& gap : gaps) {
    run_->NoteLost(seal::Stream::kNatSession, gap.exported, gap.records);
    run_->NoteLost(seal::Stream::kNatBlock, gap.exported, gap.records);
  }
  return Done{};
}

Status ImportRuns::Close(std::uint64_t lost) {
  if (run_ == nullptr) return Done{};
  const std::unique_ptr<keep::Run> run = std::move(run_);
  const keep::RunCounts counts = TRY(run->Close());
  keep::AddCounts(counts, &counts_);
  const ledger::Entry entry{"import",
                            deployment_.clock().Now(),
                            {{"run", run->name()},
                             {"accepted", std::to_string(counts.accepted)},
                             {"refused", std::to_string(counts.outside_retention + counts.unfindable)},
                             {"lost", std::to_string(lost)}}};
  TRY(keep::Enter(deployment_.ledger(), {&entry, 1}).status);
  return deployment_.manifest().Refresh(deployment_.ledger());
}

}  // namespace probatio::cli
