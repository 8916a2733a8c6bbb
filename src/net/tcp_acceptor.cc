#include "net/tcp_acceptor.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/tcp.h>

#include <cerrno>

#include "net/socket_address.h"

namespace probatio::net {
namespace {

Error Failed(const Endpoint& local, std::string_view what) {
  return {ErrorCode::kStorage,
          fmt::format("tcp {}: cannot {}: {}", local.ToText(), what, std::strerror(errno))};
}

void Set(int fd, int level, int option, int value) {
  (void)::setsockopt(fd, level, option, &value, sizeof value);
}

// A peer that vanished without a word is found out, and its place given back.
void KeepAlive(int fd) {
  constexpr int kFirstProbeS = 60;
  constexpr int kBetweenProbesS = 15;
  constexpr int kProbes = 4;
  Set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  Set(fd, IPPROTO_TCP, TCP_KEEPIDLE, kFirstProbeS);
  Set(fd, IPPROTO_TCP, TCP_KEEPINTVL, kBetweenProbesS);
  Set(fd, IPPROTO_TCP, TCP_KEEPCNT, kProbes);
}

}  // namespace

Result<TcpAcceptor> TcpAcceptor::Bind(const Endpoint& local) {
  TcpAcceptor acceptor;
  const int family = local.ip.is_v4() ? AF_INET : AF_INET6;
  acceptor.fd_ = FileDescriptor(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int fd = acceptor.fd_.get();
  if (fd < 0) return Failed(local, "open");
  Set(fd, SOL_SOCKET, SO_REUSEADDR, 1);  // connections of the run before may still be dying
  SocketAddress address = ToSocketAddress(local);
  if (::bind(fd, address.get(), address.size) != 0) return Failed(local, "listen");
  if (::listen(fd, SOMAXCONN) != 0) return Failed(local, "listen");
  if (::getsockname(fd, address.get(), &address.size) != 0) return Failed(local, "listen");
  acceptor.local_ = ToEndpoint(address.storage);
  return acceptor;
}

Result<TcpAcceptor> TcpAcceptor::Share() const {
  TcpAcceptor acceptor;
  acceptor.fd_ = FileDescriptor(::fcntl(fd_.get(), F_DUPFD_CLOEXEC, 0));
  if (!acceptor.fd_.is_open()) return Failed(local_, "share");
  acceptor.local_ = local_;
  return acceptor;
}

Result<std::optional<TcpConnection>> TcpAcceptor::Accept() {
  SocketAddress peer;
  FileDescriptor fd(::accept4(fd_.get(), peer.get(), &peer.size, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (fd.is_open()) {
    KeepAlive(fd.get());
    return std::optional(TcpConnection{std::move(fd), ToEndpoint(peer.storage)});
  }
  if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
    return Failed(local_, "accept");
  return std::optional<TcpConnection>();  // accept(2): errors of the network count as "try again"
}

}  // namespace probatio::net
