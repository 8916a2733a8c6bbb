// Which of many sockets have something (epoll). One thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "net/file_descriptor.h"

namespace probatio::net {

inline constexpr std::size_t kReadyPerWait = 256;  // the others come with the next

class Poller {
 public:
  enum class For { kReading, kWriting };

  static Result<Poller> Make();

  Status Watch(int fd, std::uint64_t key, For what = For::kReading);
  Status Change(int fd, std::uint64_t key, For what);
  void Forget(int fd);

  // Keys of sockets that can go on, or are broken. Waits for at most `timeout_ms`.
  Result<std::span<const std::uint64_t>> Wait(int timeout_ms);

 private:
  FileDescriptor fd_;
  std::vector<std::uint64_t> ready_;
};

}  // namespace probatio::net
