#include "net/poller.h"

#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace probatio::net {
namespace {

Error Failed() {
  return {ErrorCode::kStorage, std::string("epoll: ") + std::strerror(errno)};
}

epoll_event EventFor(std::uint64_t key, Poller::For what) {
  epoll_event event{};
  event.events = what == Poller::For::kReading ? EPOLLIN : EPOLLOUT;
  event.data.u64 = key;
  return event;
}

}  // namespace

Result<Poller> Poller::Make() {
  Poller poller;
  poller.fd_ = FileDescriptor(::epoll_create1(EPOLL_CLOEXEC));
  if (!poller.fd_.is_open()) return Failed();
  return poller;
}

Status Poller::Watch(int fd, std::uint64_t key, For what) {
  epoll_event event = EventFor(key, what);
  if (::epoll_ctl(fd_.get(), EPOLL_CTL_ADD, fd, &event) != 0) return Failed();
  return Done{};
}

Status Poller::Change(int fd, std::uint64_t key, For what) {
  epoll_event event = EventFor(key, what);
  if (::epoll_ctl(fd_.get(), EPOLL_CTL_MOD, fd, &event) != 0) return Failed();
  return Done{};
}

void Poller::Forget(int fd) {
  CHECK(::epoll_ctl(fd_.get(), EPOLL_CTL_DEL, fd, nullptr) == 0);
}

Result<std::span<const std::uint64_t>> Poller::Wait(int timeout_ms) {
  std::array<epoll_event, kReadyPerWait> events;
  const int count = ::epoll_wait(fd_.get(), events.data(), static_cast<int>(events.size()), timeout_ms);
  if (count < 0 && errno != EINTR) return Failed();
  ready_.clear();
  for (int i = 0; i < count; ++i) ready_.push_back(events[static_cast<std::size_t>(i)].data.u64);
  return std::span<const std::uint64_t>(ready_);
}

}  // namespace probatio::net
