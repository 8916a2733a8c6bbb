// A UDP socket that receives many datagrams with one system call, and that knows how many the kernel threw
// away for lack of room: over UDP nobody else will ever say so. One thread receives; another may send.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "net/endpoint.h"
#include "net/file_descriptor.h"

namespace probatio::net {

inline constexpr std::size_t kDatagramBytesMax = 65'535;
inline constexpr std::size_t kDatagramsPerReceive = 64;

struct ReceivedDatagram {
  Bytes payload;  // valid until the next Receive
  Endpoint source;
};

struct OutgoingDatagram {
  Endpoint to;
  Buffer payload;
};

class UdpSocket {
 public:
  // `receive_buffer_bytes` is asked of the kernel, by force where we may; receive_buffer() says what it gave.
  // kStorage names the endpoint and the system's reason.
  static Result<UdpSocket> Bind(const Endpoint& local, std::size_t receive_buffer_bytes);
  // The same socket under another descriptor: whoever reads first has a datagram, and it lasts until both are
  // closed. Any thread.
  Result<UdpSocket> Share() const;
  UdpSocket(UdpSocket&&) noexcept;
  UdpSocket& operator=(UdpSocket&&) noexcept;
  ~UdpSocket();

  // Waits for at least one datagram, for at most `timeout_ms`; empty when none came. kStorage when the socket
  // is broken.
  Result<std::span<const ReceivedDatagram>> Receive(int timeout_ms);

  Status SendTo(const Endpoint& to, Bytes payload);
  // How many were handed to the network, with few system calls; the others had no room, or no way to go.
  std::size_t SendMany(std::span<const OutgoingDatagram> datagrams);

  const Endpoint& local() const { return local_; }  // with the port that was given where 0 was asked
  std::size_t receive_buffer() const { return receive_buffer_; }
  // What waits already stays, also when there is less room now.
  void SetReceiveBuffer(std::size_t bytes);
  // Datagrams that came while the receive buffer was full, since the socket was made, up to this moment.
  std::uint64_t KernelDrops();
  // Of a shared socket: what KernelDrops() of the other said last, so that the count goes on from there.
  void ContinueDrops(std::uint64_t count);

 private:
  struct Slots;  // what recvmmsg writes into
  UdpSocket();

  FileDescriptor fd_;
  Endpoint local_;
  std::size_t receive_buffer_ = 0;
  std::uint64_t kernel_drops_ = 0;
  std::uint32_t last_counter_ = 0;  // the kernel's, modulo 2^32
  std::unique_ptr<Slots> slots_;
  std::vector<ReceivedDatagram> received_;
};

}  // namespace probatio::net
