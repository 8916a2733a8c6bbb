// A RADIUS accounting server (RFC 2866) on one UDP socket, from a thread of its own. Only what a known client
// made is taken; the answer goes out, from the writer's thread, when what the request said is durable, many
// at once. When the queue is full nothing is answered, and the NAS sends again.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>

#include "base/clock.h"
#include "collect/drop_watch.h"
#include "collect/known_requests.h"
#include "decode/radius/radius_decoder.h"
#include "net/udp_socket.h"

namespace probatio::collect {

inline constexpr std::size_t kRequestsPerBatch = 4'096;
inline constexpr std::size_t kStatusWaitingMax = 1'024;  // questions whether we are there, not answered yet
inline constexpr int kRadiusWaitMs = 20;                 // a stop is noticed no later

struct RadiusCounts {
  std::uint64_t datagrams = 0;
  std::uint64_t malformed = 0;
  std::uint64_t strangers = 0;    // of no client, or on no list
  std::uint64_t unauthentic = 0;  // an authenticator does not hold, or Status-Server has none
  std::uint64_t other_codes = 0;
  std::uint64_t sent_again = 0;
  std::uint64_t no_room = 0;   // not taken: the queue was full
  std::uint64_t answered = 0;  // answers handed to the network
  std::uint64_t unsent = 0;    // answers that it did not take
  std::uint64_t kernel_drops = 0;
};

class RadiusListener {
 public:
  struct Parts {
    std::size_t number = 0;  // in the configuration
    net::UdpSocket socket;
    decode::RadiusClients clients;
    decode::Md5 md5;
    const Clock& clock;
    ArrivalQueue* queue = nullptr;
    // Whose records the source behind the queue takes: nobody else is answered. Absent: all clients.
    std::function<bool(const IpAddress&)> may_send = {};
  };
  explicit RadiusListener(Parts parts);

  // Until `stop`, or the queue is closed. kStorage when the socket breaks. What was taken is answered after
  // it too, as long as the writer runs; the listener may be gone by then. Run may be called again.
  Status Run(const std::atomic<bool>& stop);

  // As those of udp_listener.h.
  void ContinueDrops(std::uint64_t told);
  std::size_t UseReceiveBuffer(std::size_t bytes);
  Result<net::UdpSocket> ShareSocket() const { return answers_->socket.Share(); }

  const net::Endpoint& local() const { return answers_->socket.local(); }
  RadiusCounts counts() const;  // any thread

 private:
  using Answers = std::vector<net::OutgoingDatagram>;
  // What two threads share: this one receives, the writer's sends.
  struct Answering {
    explicit Answering(net::UdpSocket from) : socket(std::move(from)) {}
    void Send(const Answers& answers);

    net::UdpSocket socket;
    std::atomic<std::uint64_t> answered = 0;
    std::atomic<std::uint64_t> unsent = 0;
    std::atomic<std::size_t> status_waiting = 0;
  };
  // What is received at once.
  struct Round {
    ArrivalBatch batch;
    KnownRequests::Mark durable;
    Answers when_durable;
    Answers at_once;  // of requests that were durable before
    std::size_t requests = 0;
    std::size_t statuses = 0;
  };

  Status Fill(Round* round);
  void Take(const net::ReceivedDatagram& datagram, Round* round);
  void TakeChecked(const decode::RadiusPacket& packet, const net::ReceivedDatagram& datagram,
                   net::OutgoingDatagram answer, Round* round);
  Result<bool> IsAuthentic(const decode::RadiusPacket& packet, const Secret& secret) const;
  void NoteDrops(Round* round);
  void Submit(Round* round);

  std::size_t number_;
  decode::Md5 md5_;
  const Clock& clock_;
  ArrivalQueue* queue_;
  const std::function<bool(const IpAddress&)> may_send_;
  std::shared_ptr<Answering> answers_;
  KnownRequests known_;
  DropWatch drops_;
  std::optional<Dropped> untold_;  // dropped while the queue was full

  const decode::RadiusClients clients_;

  mutable std::mutex mutex_;  // for what other threads ask
  RadiusCounts counts_;
};

}  // namespace probatio::collect
