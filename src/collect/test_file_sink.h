// What tests with real peers and measurements put in the place of the store: a file that is synchronised at
// every call, and the machine's clock. Used outside src/ and by *_test.cc only.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <functional>

#include "base/clock.h"
#include "collect/sink.h"
#include "record/json.h"

namespace probatio::collect {

class MachineClock : public Clock {
 public:
  Instant Now() const override {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return Instant::FromUnixNs(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
  }
};

class FileSink : public Sink {
 public:
  // `when_durable` sees what was written, after it was synchronised.
  FileSink(const std::string& path, std::function<void(const std::string& lines)> when_durable)
      : fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)),
        when_durable_(std::move(when_durable)) {
    CHECK(fd_ >= 0);
  }
  ~FileSink() override { ::close(fd_); }
  FileSink(const FileSink&) = delete;
  FileSink& operator=(const FileSink&) = delete;

  Status Append(std::span<const record::Record> appended) override {
    std::string lines;
    for (const record::Record& one : appended) lines += record::ToJson(one) + "\n";
    const ssize_t written = ::write(fd_, lines.data(), lines.size());
    if (written != static_cast<ssize_t>(lines.size()) || ::fdatasync(fd_) != 0)
      return StorageError("the file does not take more");
    ++syncs_;
    records_ += appended.size();
    when_durable_(lines);
    return Done{};
  }
  Status AppendEvents(const record::NatEventBatch& events) override {
    std::vector<record::Record> appended;
    for (const record::NatEventRow& row : events.rows) appended.emplace_back(events.EventOf(row));
    return Append(appended);
  }
  void NoteLost(const Loss& loss) override { lost_ += loss.records; }

  std::uint64_t syncs() const { return syncs_; }
  std::uint64_t records() const { return records_; }
  std::uint64_t lost() const { return lost_; }

 private:
  int fd_;
  std::function<void(const std::string& lines)> when_durable_;
  std::uint64_t syncs_ = 0;
  std::uint64_t records_ = 0;
  std::uint64_t lost_ = 0;
};

}  // namespace probatio::collect
