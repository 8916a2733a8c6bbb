// An accepted connection that is read without waiting, plain or under TLS (tls_server.h). Nothing is ever
// written to it but what TLS needs. One thread.
#pragma once

#include <memory>
#include <span>

#include "net/tcp_acceptor.h"

namespace probatio::net {

// A TLS record's worth (RFC 8446 section 5.1): with so much room nothing that was received stays behind
// inside the library, where no poller sees it.
inline constexpr std::size_t kStreamReadBytesMin = 16'384;

struct StreamRead {
  enum class State { kOctets, kNothingYet, kEnded };
  State state = State::kNothingYet;
  std::size_t size = 0;  // octets written into the room
};

class Stream {
 public:
  virtual ~Stream() = default;
  // At least kStreamReadBytesMin of room. An error ends the connection; its words hold nothing of the peer.
  virtual Result<StreamRead> Read(std::span<std::uint8_t> room) = 0;
  // Is the peer let in? Before, TLS still makes sure who it is.
  virtual bool is_established() const = 0;
  // Must the socket take octets before Read can go on?
  virtual bool waits_to_write() const = 0;
  virtual int fd() const = 0;
};

std::unique_ptr<Stream> PlainStream(TcpConnection connection);

}  // namespace probatio::net
