#include "collect/stream_listener.h"

#include <fmt/format.h>

#include <thread>

namespace probatio::collect {
namespace {

constexpr std::uint64_t kAcceptorKey = 0;
constexpr std::chrono::milliseconds kNoDescriptorRest{10};
constexpr const char* kOtherReasons = "other reasons";

}  // namespace

Result<std::unique_ptr<StreamListener>> StreamListener::Make(Parts parts) {
  const std::size_t connections = parts.limits.connections_max;
  if (connections == 0 || connections > kConnectionsMax)
    return Invalid(fmt::format("tcp {}: connections not within 1 to {}", parts.acceptor.local().ToText(),
                               kConnectionsMax));
  net::Poller poller = TRY(net::Poller::Make());
  TRY(poller.Watch(parts.acceptor.fd(), kAcceptorKey));
  return std::unique_ptr<StreamListener>(new StreamListener(std::move(parts), std::move(poller)));
}

StreamListener::StreamListener(Parts parts, net::Poller poller)
    : parts_(std::move(parts)), poller_(std::move(poller)), now_(Steady::now()), room_(kStreamRoomBytes) {}

Status StreamListener::Run(const std::atomic<bool>& stop) {
  net::BlockBrokenPipeSignal();
  while (!stop && !parts_.queue->closed()) TRY(Round(kStreamWaitMs));
  poller_.Forget(parts_.acceptor.fd());
  const Steady::time_point until = Steady::now() + kDrainMax;
  for (bool more = true; more && Steady::now() < until;) more = TRY(Round(0));
  EndAll();
  return Done{};
}

// Time that was spent waiting for the queue is nobody's silence: `now_` is taken after it, and connections
// are read before they are found late.
Result<bool> StreamListener::Round(int wait_ms) {
  const std::span<const std::uint64_t> ready = TRY(poller_.Wait(wait_ms));
  now_ = Steady::now();
  ArrivalBatch batch = NewBatch();
  for (const std::uint64_t key : ready) {
    if (key == kAcceptorKey) {
      AcceptSome(&batch);
    } else {
      Serve(key, &batch);
    }
    if (batch.is_full()) Push(&batch);
  }
  if (ready.size() < net::kReadyPerWait) EndLate(&batch);
  Push(&batch);
  return !ready.empty();
}

void StreamListener::AcceptSome(ArrivalBatch* batch) {
  for (std::size_t i = 0; i < kAcceptsPerRound; ++i) {
    Result<std::optional<net::TcpConnection>> accepted = parts_.acceptor.Accept();
    if (!accepted.ok()) {
      const std::lock_guard lock(mutex_);
      ++counts_.too_many;
      std::this_thread::sleep_for(kNoDescriptorRest);  // the poller would tell it at once again
      return;
    }
    if (!accepted.value().has_value()) return;
    Take(*std::move(accepted).value(), batch->received());
  }
}

void StreamListener::Take(net::TcpConnection accepted, Instant now) {
  const net::Endpoint peer = accepted.peer;
  const std::lock_guard lock(mutex_);
  if (!parts_.may_send(peer.ip)) {
    ++counts_.strangers;
    return;
  }
  if (entries_.size() >= parts_.limits.connections_max) {
    ++counts_.too_many;
    return;
  }
  Result<std::unique_ptr<net::Stream>> stream =
      parts_.tls == nullptr ? net::PlainStream(std::move(accepted)) : parts_.tls->Open(std::move(accepted));
  const std::uint64_t key = last_key_ + 1;
  if (!stream.ok() || !poller_.Watch(stream.value()->fd(), key).ok()) {
    ++counts_.too_many;
    return;
  }
  last_key_ = key;
  ++counts_.connections;
  StreamConnection connection({peer.ip, peer.port, key}, std::move(stream).value(), parts_.make_framing(),
                              now_);
  entries_.emplace(key, Entry{std::move(connection), net::Poller::For::kReading, now});
}

void StreamListener::Serve(std::uint64_t key, ArrivalBatch* batch) {
  const auto place = entries_.find(key);
  CHECK(place != entries_.end());
  Entry& entry = place->second;
  const std::size_t before = batch->arrivals().size();
  const Result<bool> read = entry.connection.Read(room_, now_, batch);
  if (!entry.connection.has_part()) entry.whole_at = batch->received();
  if (batch->arrivals().size() > before) {
    const std::lock_guard lock(mutex_);
    counts_.pieces += batch->arrivals().size() - before;
  }
  if (!read.ok()) {
    End(place, read.error().what(), batch);
  } else if (!read.value()) {
    End(place, "by the exporter", batch);
  } else if (const Status watched = Watch(&entry); !watched.ok()) {
    End(place, watched.error().what(), batch);
  }
}

Status StreamListener::Watch(Entry* entry) {
  const net::Stream& stream = entry->connection.stream();
  const auto wanted = stream.waits_to_write() ? net::Poller::For::kWriting : net::Poller::For::kReading;
  if (wanted == entry->watched) return Done{};
  TRY(poller_.Change(stream.fd(), entry->connection.id().connection, wanted));
  entry->watched = wanted;
  return Done{};
}

void StreamListener::EndLate(ArrivalBatch* batch) {
  if (now_ - looked_for_late_at_ < kLateEvery) return;
  looked_for_late_at_ = now_;
  for (auto place = entries_.begin(); place != entries_.end();) {
    const StreamConnection& connection = place->second.connection;
    const bool let_in = connection.stream().is_established();
    const auto silence = now_ - connection.heard_at();
    if (silence < (let_in ? parts_.limits.idle_max : parts_.limits.handshake_max)) {
      ++place;
    } else {
      place = End(place, let_in ? "idle" : "tls: handshake took too long", batch);
    }
  }
}

// What was cut off is lost, and one piece at least.
StreamListener::Entries::iterator StreamListener::End(Entries::iterator place, const std::string& why,
                                                      ArrivalBatch* batch) {
  const StreamConnection& connection = place->second.connection;
  batch->AddEnded(connection.id());
  if (connection.has_part()) batch->AddDropped({{place->second.whole_at, parts_.clock.Now() + 1}, 1});
  {
    const std::lock_guard lock(mutex_);
    if (connection.has_part()) ++counts_.cut_off;
    const bool known = counts_.ended.size() < kEndReasonsMax || counts_.ended.contains(why);
    ++counts_.ended[known ? why : kOtherReasons];
  }
  poller_.Forget(connection.stream().fd());
  return entries_.erase(place);
}

void StreamListener::EndAll() {
  ArrivalBatch batch = NewBatch();
  for (auto place = entries_.begin(); place != entries_.end();) place = End(place, "stopped", &batch);
  Push(&batch);
}

void StreamListener::Push(ArrivalBatch* batch) {
  if (!batch->says_something()) return;
  parts_.queue->Push(std::move(*batch));  // waits; only a queue that is closed takes it not
  *batch = NewBatch();
}

StreamCounts StreamListener::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace probatio::collect
