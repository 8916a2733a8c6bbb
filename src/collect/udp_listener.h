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
  // `told_drops`: of a socket that another listener had before, what the kernel had dropped up to then.
  UdpListener(std::size_t number, net::UdpSocket socket, const Clock& clock, ArrivalQueue* queue,
              std::uint64_t told_drops = 0)
      : number_(number), socket_(std::move(socket)), clock_(clock), queue_(queue), drops_(clock.Now()) {
    drops_.Look(told_drops, clock.Now());
  }

  // Until `stop`, or the queue is closed. kStorage when the socket breaks.
  Status Run(const std::atomic<bool>& stop);

  // For the next listener, after Run: what comes meanwhile waits in the socket.
  net::UdpSocket GiveUpSocket() { return std::move(socket_); }

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
