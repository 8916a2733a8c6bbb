// Reads one UDP socket into the queue, from a thread of its own. When the queue is full it stops reading and
// the kernel drops and counts: memory stays bounded whatever the senders do. The count goes with the batches.
#pragma once

#include <atomic>

#include "base/clock.h"
#include "collect/drop_watch.h"
#include "net/udp_socket.h"

namespace probatio::collect {

inline constexpr int kReceiveWaitMs = 20;  // an unfilled batch waits no longer for more

class UdpListener {
 public:
  UdpListener(std::size_t number, net::UdpSocket socket, const Clock& clock, ArrivalQueue* queue)
      : number_(number), socket_(std::move(socket)), clock_(clock), queue_(queue), drops_(clock.Now()) {}

  // Before Run, of a socket that another listener had: what the kernel had dropped up to then is told.
  void ContinueDrops(std::uint64_t told) {
    socket_.ContinueDrops(told);
    drops_.Look(told, clock_.Now());
  }
  // Before Run. What the kernel gives.
  std::size_t UseReceiveBuffer(std::size_t bytes) {
    socket_.SetReceiveBuffer(bytes);
    return socket_.receive_buffer();
  }

  // Until `stop`, or the queue is closed. kStorage when the socket breaks; what came before it is in the
  // queue, and Run may be called again.
  Status Run(const std::atomic<bool>& stop);

  // For the listener that follows; any thread. What this one does not take waits for that one.
  Result<net::UdpSocket> ShareSocket() const { return socket_.Share(); }

  const net::Endpoint& local() const { return socket_.local(); }
  std::uint64_t kernel_drops() const { return kernel_drops_; }
  std::uint64_t datagrams() const { return datagrams_; }

 private:
  Status Fill(ArrivalBatch* batch);
  void NoteDrops(ArrivalBatch* batch);

  std::size_t number_;
  net::UdpSocket socket_;
  const Clock& clock_;
  ArrivalQueue* queue_;
  DropWatch drops_;
  std::atomic<std::uint64_t> kernel_drops_ = 0;
  std::atomic<std::uint64_t> datagrams_ = 0;
};

}  // namespace probatio::collect
