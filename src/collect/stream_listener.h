// Reads the connections of many exporters, over TCP or TLS, into the queue, from a thread of its own. When
// the queue is full it stops reading and TCP makes the exporters wait: of what they managed to send nothing
// is dropped. Memory is bounded by the number of connections and the longest message.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>

#include "base/clock.h"
#include "collect/stream_connection.h"
#include "net/poller.h"
#include "net/tls_server.h"

namespace probatio::collect {

inline constexpr std::size_t kConnectionsMax = 4'096;  // that may be configured for one listener
inline constexpr std::size_t kEndReasonsMax = 64;      // that are told apart
inline constexpr std::size_t kAcceptsPerRound = 64;
inline constexpr int kStreamWaitMs = 20;                    // a stop is noticed no later
inline constexpr std::chrono::milliseconds kLateEvery{50};  // a look for connections that are late
inline constexpr std::chrono::seconds kDrainMax{2};         // for what exporters go on sending after a stop

struct StreamLimits {
  std::size_t connections_max = 1'024;
  std::chrono::milliseconds handshake_max{10'000};
  std::chrono::milliseconds idle_max{3'600'000};  // a CGN may have nothing to say at night
};

struct StreamCounts {
  std::uint64_t connections = 0;  // taken
  std::uint64_t strangers = 0;    // closed at once: on no list
  std::uint64_t too_many = 0;     // closed at once for connections_max, or left waiting: no descriptor
  std::uint64_t pieces = 0;
  std::uint64_t cut_off = 0;  // messages of which only a part came before the connection ended
  std::map<std::string, std::uint64_t> ended;  // connections, by why
};

class StreamListener {
 public:
  struct Parts {
    std::size_t number = 0;  // in the configuration
    net::TcpAcceptor acceptor;
    std::shared_ptr<const net::TlsServer> tls;  // null: plain TCP
    std::function<bool(const IpAddress&)> may_send;
    std::function<std::unique_ptr<decode::Framing>()> make_framing;  // for each connection
    const Clock& clock;
    ArrivalQueue* queue = nullptr;
    StreamLimits limits;
  };
  // kInvalid for a number of connections that is none or above kConnectionsMax.
  static Result<std::unique_ptr<StreamListener>> Make(Parts parts);

  // Until `stop`, or the queue is closed; then what exporters had sent is read and every connection ended.
  // kStorage when the system cannot go on.
  Status Run(const std::atomic<bool>& stop);

  // For the listener that follows; any thread. Connections that this one does not accept wait for that one.
  Result<net::TcpAcceptor> ShareAcceptor() const { return parts_.acceptor.Share(); }

  const net::Endpoint& local() const { return parts_.acceptor.local(); }
  StreamCounts counts() const;  // any thread

 private:
  using Steady = std::chrono::steady_clock;
  struct Entry {
    StreamConnection connection;
    net::Poller::For watched = net::Poller::For::kReading;
    Instant whole_at;  // no piece of it was in parts
  };
  using Entries = std::map<std::uint64_t, Entry>;

  StreamListener(Parts parts, net::Poller poller);

  Result<bool> Round(int wait_ms);  // was there anything?
  void AcceptSome(ArrivalBatch* batch);
  void Take(net::TcpConnection accepted, Instant now);
  void Serve(std::uint64_t key, ArrivalBatch* batch);
  Status Watch(Entry* entry);
  void EndLate(ArrivalBatch* batch);
  Entries::iterator End(Entries::iterator place, const std::string& why, ArrivalBatch* batch);
  void EndAll();
  ArrivalBatch NewBatch() const { return {parts_.number, parts_.clock.Now()}; }
  void Push(ArrivalBatch* batch);

  Parts parts_;
  net::Poller poller_;
  Entries entries_;
  std::uint64_t last_key_ = 0;  // 0 is the acceptor's
  Steady::time_point now_;      // of this round
  Steady::time_point looked_for_late_at_;
  Buffer room_;

  mutable std::mutex mutex_;  // for what other threads ask
  StreamCounts counts_;
};

}  // namespace probatio::collect
