#include "net/udp_socket.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/sock_diag.h>
#include <poll.h>

#include <cerrno>

#include "net/socket_address.h"

namespace probatio::net {
namespace {

constexpr std::size_t kDatagramsPerSend = 64;

Error Failed(const Endpoint& local, std::string_view what) {
  return {ErrorCode::kStorage,
          fmt::format("udp {}: cannot {}: {}", local.ToText(), what, std::strerror(errno))};
}

Status SetOption(int fd, int level, int option, int value) {
  if (::setsockopt(fd, level, option, &value, sizeof value) == 0) return Done{};
  return Error(ErrorCode::kStorage, fmt::format("socket option {}: {}", option, std::strerror(errno)));
}

// By force where we have the right to pass the system's limit, else as much as it gives.
std::size_t AskReceiveBuffer(int fd, std::size_t bytes) {
  const int wanted = static_cast<int>(bytes);
  if (!SetOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, wanted).ok())
    (void)SetOption(fd, SOL_SOCKET, SO_RCVBUF, wanted).ok();
  int given = 0;
  socklen_t size = sizeof given;
  if (::getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &given, &size) != 0) return 0;
  return static_cast<std::size_t>(given) / 2;  // the kernel doubles it for its own needs
}

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
      headers[i].msg_len = 0;
    }
  }

  Buffer bytes;
  std::array<mmsghdr, kDatagramsPerReceive> headers{};
  std::array<iovec, kDatagramsPerReceive> vectors{};
  std::array<sockaddr_storage, kDatagramsPerReceive> sources{};
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
  socket.SetReceiveBuffer(receive_buffer_bytes);
  SocketAddress address = ToSocketAddress(local);
  if (::bind(fd, address.get(), address.size) != 0) return Failed(local, "listen");
  if (::getsockname(fd, address.get(), &address.size) != 0) return Failed(local, "listen");
  socket.local_ = ToEndpoint(address.storage);
  return socket;
}

Result<UdpSocket> UdpSocket::Share() const {
  UdpSocket socket;
  socket.fd_ = FileDescriptor(::fcntl(fd_.get(), F_DUPFD_CLOEXEC, 0));
  if (!socket.fd_.is_open()) return Failed(local_, "share");
  socket.local_ = local_;
  return socket;
}

void UdpSocket::SetReceiveBuffer(std::size_t bytes) {
  receive_buffer_ = AskReceiveBuffer(fd_.get(), bytes);
}

void UdpSocket::ContinueDrops(std::uint64_t count) {
  kernel_drops_ = count;
  last_counter_ = static_cast<std::uint32_t>(count);
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
  }
  return std::span<const ReceivedDatagram>(received_);
}

// SO_MEMINFO tells the counter itself. SO_RXQ_OVFL would tell it as it was when each datagram came, thus
// never of what was dropped after the last.
std::uint64_t UdpSocket::KernelDrops() {
  std::array<std::uint32_t, SK_MEMINFO_VARS> figures{};
  socklen_t size = sizeof figures;
  if (::getsockopt(fd_.get(), SOL_SOCKET, SO_MEMINFO, figures.data(), &size) != 0) return kernel_drops_;
  const std::uint32_t counter = figures[SK_MEMINFO_DROPS];
  kernel_drops_ += static_cast<std::uint32_t>(counter - last_counter_);
  last_counter_ = counter;
  return kernel_drops_;
}

Status UdpSocket::SendTo(const Endpoint& to, Bytes payload) {
  const SocketAddress address = ToSocketAddress(to);
  const ssize_t sent =
      ::sendto(fd_.get(), payload.data(), payload.size(), MSG_NOSIGNAL, address.get(), address.size);
  if (sent != static_cast<ssize_t>(payload.size())) return Failed(local_, "send");
  return Done{};
}

namespace {

// Up to one sendmmsg; how many went.
std::size_t SendSome(int fd, std::span<const OutgoingDatagram> datagrams) {
  std::array<mmsghdr, kDatagramsPerSend> headers{};
  std::array<iovec, kDatagramsPerSend> vectors{};
  std::array<SocketAddress, kDatagramsPerSend> addresses;
  const std::size_t count = std::min(datagrams.size(), kDatagramsPerSend);
  for (std::size_t i = 0; i < count; ++i) {
    addresses[i] = ToSocketAddress(datagrams[i].to);
    // The kernel only reads what it sends; iovec has no const.
    vectors[i] = {const_cast<std::uint8_t*>(datagrams[i].payload.data()), datagrams[i].payload.size()};
    headers[i].msg_hdr.msg_name = addresses[i].get();
    headers[i].msg_hdr.msg_namelen = addresses[i].size;
    headers[i].msg_hdr.msg_iov = &vectors[i];
    headers[i].msg_hdr.msg_iovlen = 1;
  }
  const int sent = ::sendmmsg(fd, headers.data(), static_cast<unsigned>(count), MSG_NOSIGNAL);
  return sent < 0 ? 0 : static_cast<std::size_t>(sent);
}

}  // namespace

// A call ends at the first datagram that cannot go; the others do not wait for it.
std::size_t UdpSocket::SendMany(std::span<const OutgoingDatagram> datagrams) {
  std::size_t sent = 0;
  while (!datagrams.empty()) {
    const std::size_t some = SendSome(fd_.get(), datagrams);
    sent += some;
    const bool stuck = some < std::min(datagrams.size(), kDatagramsPerSend);
    datagrams = datagrams.subspan(some + (stuck ? 1 : 0));
  }
  return sent;
}

}  // namespace probatio::net
