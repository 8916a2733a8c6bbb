#include "net/udp_socket.h"

#include <fmt/format.h>
#include <poll.h>

#include <cerrno>

#include "net/socket_address.h"

namespace probatio::net {
namespace {

Error Failed(const Endpoint& local, std::string_view what) {
  return {ErrorCode::kStorage,
          fmt::format("udp {}: cannot {}: {}", local.ToText(), what, std::strerror(errno))};
}

Status SetOption(int fd, int level, int option, int value) {
  if (::setsockopt(fd, level, option, &value, sizeof value) == 0) return Done{};
  return Error(ErrorCode::kStorage, fmt::format("socket option {}: {}", option, std::strerror(errno)));
}

// By force where we have the right to pass the system's limit, else as much as it gives.
std::size_t SetReceiveBuffer(int fd, std::size_t bytes) {
  const int wanted = static_cast<int>(bytes);
  if (!SetOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, wanted).ok())
    (void)SetOption(fd, SOL_SOCKET, SO_RCVBUF, wanted).ok();
  int given = 0;
  socklen_t size = sizeof given;
  if (::getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &given, &size) != 0) return 0;
  return static_cast<std::size_t>(given) / 2;  // the kernel doubles it for its own needs
}

constexpr std::size_t kControlBytes = CMSG_SPACE(sizeof(std::uint32_t));

}  // namespace

struct UdpSocket::Slots {
  Slots() : bytes(kDatagramsPerReceive * kDatagramBytesMax) {}

  // recvmmsg changes lengths: all are set before each call.
  void Prepare() {
    for (std::size_t i = 0; i < kDatagramsPerReceive; ++i) {
      vectors[i] = {bytes.data() + i * kDatagramBytesMax, kDatagramBytesMax};
      msghdr& header = headers[i].msg_hdr;
      header = {};
      header.msg_name = &sources[i];
      header.msg_namelen = sizeof sources[i];
      header.msg_iov = &vectors[i];
      header.msg_iovlen = 1;
      header.msg_control = controls[i].data();
      header.msg_controllen = kControlBytes;
      headers[i].msg_len = 0;
    }
  }

  Buffer bytes;
  std::array<mmsghdr, kDatagramsPerReceive> headers{};
  std::array<iovec, kDatagramsPerReceive> vectors{};
  std::array<sockaddr_storage, kDatagramsPerReceive> sources{};
  alignas(cmsghdr) std::array<std::array<std::uint8_t, kControlBytes>, kDatagramsPerReceive> controls{};
};

UdpSocket::UdpSocket() : slots_(std::make_unique<Slots>()) {}
UdpSocket::UdpSocket(UdpSocket&&) noexcept = default;
UdpSocket& UdpSocket::operator=(UdpSocket&&) noexcept = default;
UdpSocket::~UdpSocket() = default;

Result<UdpSocket> UdpSocket::Bind(const Endpoint& local, std::size_t receive_buffer_bytes) {
  UdpSocket socket;
  socket.fd_ = FileDescriptor(::socket(local.ip.is_v4() ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const int fd = socket.fd_.get();
  if (fd < 0) return Failed(local, "open");
  socket.receive_buffer_ = SetReceiveBuffer(fd, receive_buffer_bytes);
  TRY_IN("udp " + local.ToText(), SetOption(fd, SOL_SOCKET, SO_RXQ_OVFL, 1));
  SocketAddress address = ToSocketAddress(local);
  if (::bind(fd, address.get(), address.size) != 0) return Failed(local, "listen");
  if (::getsockname(fd, address.get(), &address.size) != 0) return Failed(local, "listen");
  socket.local_ = ToEndpoint(address.storage);
  return socket;
}

Result<std::span<const ReceivedDatagram>> UdpSocket::Receive(int timeout_ms) {
  received_.clear();
  pollfd waiting{fd_.get(), POLLIN, 0};
  const int ready = ::poll(&waiting, 1, timeout_ms);
  if (ready < 0 && errno != EINTR) return Failed(local_, "wait");
  if (ready <= 0) return std::span<const ReceivedDatagram>();
  slots_->Prepare();
  const int count =
      ::recvmmsg(fd_.get(), slots_->headers.data(), kDatagramsPerReceive, MSG_DONTWAIT, nullptr);
  if (count < 0) {
    // An earlier reply that could not be delivered is told here, and concerns nobody else's datagrams.
    const bool passing = errno == EAGAIN || errno == EINTR || errno == ECONNREFUSED;
    if (passing) return std::span<const ReceivedDatagram>();
    return Failed(local_, "receive");
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    const Bytes payload(slots_->bytes.data() + i * kDatagramBytesMax, slots_->headers[i].msg_len);
    received_.push_back({payload, ToEndpoint(slots_->sources[i])});
    msghdr& header = slots_->headers[i].msg_hdr;
    for (cmsghdr* control = CMSG_FIRSTHDR(&header); control != nullptr;
         control = CMSG_NXTHDR(&header, control)) {
      if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SO_RXQ_OVFL) continue;
      std::uint32_t counter = 0;
      std::memcpy(&counter, CMSG_DATA(control), sizeof counter);
      NoteDrops(counter);
    }
  }
  return std::span<const ReceivedDatagram>(received_);
}

void UdpSocket::NoteDrops(std::uint32_t counter) {
  kernel_drops_ += static_cast<std::uint32_t>(counter - last_counter_);
  last_counter_ = counter;
}

Status UdpSocket::SendTo(const Endpoint& to, Bytes payload) {
  const SocketAddress address = ToSocketAddress(to);
  const ssize_t sent =
      ::sendto(fd_.get(), payload.data(), payload.size(), MSG_NOSIGNAL, address.get(), address.size);
  if (sent != static_cast<ssize_t>(payload.size())) return Failed(local_, "send");
  return Done{};
}

}  // namespace probatio::net
