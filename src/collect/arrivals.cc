#include "collect/arrivals.h"

#include <algorithm>
#include <utility>

namespace probatio::collect {

void ArrivalBatch::AddDropped(const Dropped& dropped) {
  if (!dropped_.has_value()) {
    dropped_ = dropped;
    return;
  }
  dropped_->period.begin = std::min(dropped_->period.begin, dropped.period.begin);
  dropped_->period.end = std::max(dropped_->period.end, dropped.period.end);
  dropped_->pieces += dropped.pieces;
}

bool ArrivalQueue::TryPush(ArrivalBatch&& batch) {
  const std::lock_guard lock(mutex_);
  if (closed_ || !HasRoom(batch)) return false;
  Take(std::move(batch));
  return true;
}

bool ArrivalQueue::Push(ArrivalBatch&& batch) {
  std::unique_lock lock(mutex_);
  went_.wait(lock, [&] { return closed_ || HasRoom(batch); });
  if (closed_) return false;
  Take(std::move(batch));
  return true;
}

void ArrivalQueue::Take(ArrivalBatch&& batch) {
  bytes_ += batch.cost();
  batches_.push_back(std::move(batch));
  came_.notify_one();
}

std::vector<ArrivalBatch> ArrivalQueue::PopUpTo(std::size_t bytes, std::chrono::milliseconds wait) {
  std::unique_lock lock(mutex_);
  came_.wait_for(lock, wait, [&] { return closed_ || !batches_.empty(); });
  std::vector<ArrivalBatch> popped;
  std::size_t popped_bytes = 0;
  while (!batches_.empty() && (popped.empty() || popped_bytes + batches_.front().cost() <= bytes)) {
    popped_bytes += batches_.front().cost();
    popped.push_back(std::move(batches_.front()));
    batches_.pop_front();
  }
  bytes_ -= popped_bytes;
  went_.notify_all();
  return popped;
}

void ArrivalQueue::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  came_.notify_all();
  went_.notify_all();
}

bool ArrivalQueue::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

std::size_t ArrivalQueue::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace probatio::collect
