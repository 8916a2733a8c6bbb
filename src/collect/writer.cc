#include "collect/writer.h"

#include <fmt/format.h>

#include <algorithm>

namespace probatio::collect {

bool Writer::Round() {
  const std::vector<ArrivalBatch> batches = parts_.queue.PopAll(kIdleWait);
  std::vector<record::Record> records;
  std::vector<Rejected> rejected;
  for (const ArrivalBatch& batch : batches) {
    CHECK(batch.listener() < parts_.sources.size());
    parts_.sources[batch.listener()]->Take(batch, &records, &rejected);
  }
  for (const Rejected& piece : rejected) parts_.put_aside(piece);
  NoteLosses();
  const bool durable = AppendAll(records);
  for (const ArrivalBatch& batch : batches) {
    if (durable && batch.on_durable) batch.on_durable();
  }
  return !batches.empty();
}

void Writer::Run() {
  while (Round() || !parts_.queue.closed()) {
  }
}

bool Writer::AppendAll(std::span<const record::Record> records) {
  while (!records.empty()) {
    const std::size_t count = std::min(kRecordsPerAppend, records.size());
    const Status appended = parts_.sink.Append(records.first(count));
    if (appended.ok()) {
      counts_.appended += count;
      records = records.subspan(count);
      continue;
    }
    parts_.say(fmt::format("{}; trying again", appended.error().what()));
    if (parts_.give_up()) {
      parts_.say(fmt::format("stopped with {} records that could not be stored", records.size()));
      return false;
    }
    ++counts_.retries;
    parts_.sleep(kRetryWait);
  }
  return true;
}

void Writer::NoteLosses() {
  for (Source* const source : parts_.sources) {
    for (const Loss& loss : source->TakeLosses()) {
      counts_.lost += loss.records;
      parts_.sink.NoteLost(loss);
    }
  }
}

}  // namespace probatio::collect
