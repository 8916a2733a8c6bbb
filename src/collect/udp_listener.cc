#include "collect/udp_listener.h"

#include <utility>

namespace probatio::collect {

Status UdpListener::Run(const std::atomic<bool>& stop) {
  while (!stop && !queue_->closed()) {
    ArrivalBatch batch(number_, clock_.Now());
    Status filled = Fill(&batch);
    NoteDrops(&batch);
    if (batch.says_something()) queue_->Push(std::move(batch));
    TRY(std::move(filled));
  }
  return Done{};
}

// Until nothing more waits, or the batch is full.
Status UdpListener::Fill(ArrivalBatch* batch) {
  int wait_ms = kReceiveWaitMs;
  while (!batch->is_full()) {
    const std::span<const net::ReceivedDatagram> received = TRY(socket_.Receive(wait_ms));
    if (received.empty()) break;
    for (const net::ReceivedDatagram& datagram : received)
      batch->Add(datagram.payload, datagram.source.ip, datagram.source.port);
    datagrams_ += received.size();
    wait_ms = 0;
  }
  return Done{};
}

void UdpListener::NoteDrops(ArrivalBatch* batch) {
  kernel_drops_ = socket_.KernelDrops();
  const std::optional<Dropped> dropped = drops_.Look(kernel_drops_, clock_.Now());
  if (dropped.has_value()) batch->AddDropped(*dropped);
}

}  // namespace probatio::collect
