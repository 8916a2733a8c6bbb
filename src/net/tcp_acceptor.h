// A listening TCP socket and the connections that came in through it. One thread.
#pragma once

#include <optional>

#include "net/endpoint.h"
#include "net/file_descriptor.h"

namespace probatio::net {

struct TcpConnection {
  FileDescriptor fd;  // does not block
  Endpoint peer;
};

class TcpAcceptor {
 public:
  // kStorage names the endpoint and the system's reason.
  static Result<TcpAcceptor> Bind(const Endpoint& local);
  // The same socket under another descriptor: who waits in it waits until both are closed. Any thread.
  Result<TcpAcceptor> Share() const;

  // Nothing when nobody waits, or who waited has left. kStorage when the system has no descriptor left: the
  // peer goes on waiting.
  Result<std::optional<TcpConnection>> Accept();

  int fd() const { return fd_.get(); }
  const Endpoint& local() const { return local_; }  // with the port that was given where 0 was asked

 private:
  FileDescriptor fd_;
  Endpoint local_;
};

}  // namespace probatio::net
