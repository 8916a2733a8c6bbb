#include "net/stream.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace probatio::net {
namespace {

class Plain : public Stream {
 public:
  explicit Plain(FileDescriptor fd) : fd_(std::move(fd)) {}

  Result<StreamRead> Read(std::span<std::uint8_t> room) override {
    CHECK(room.size() >= kStreamReadBytesMin);
    const ssize_t got = ::recv(fd_.get(), room.data(), room.size(), 0);
    if (got > 0) return StreamRead{StreamRead::State::kOctets, static_cast<std::size_t>(got)};
    if (got == 0) return StreamRead{StreamRead::State::kEnded, 0};
    if (errno == EAGAIN || errno == EINTR) return StreamRead{};
    return Error(ErrorCode::kStorage, std::string("tcp: ") + std::strerror(errno));
  }
  bool is_established() const override { return true; }
  bool waits_to_write() const override { return false; }
  int fd() const override { return fd_.get(); }

 private:
  FileDescriptor fd_;
};

}  // namespace

std::unique_ptr<Stream> PlainStream(TcpConnection connection) {
  return std::make_unique<Plain>(std::move(connection.fd));
}

}  // namespace probatio::net
