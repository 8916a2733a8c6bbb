#include "collect/radius_listener.h"

#include <algorithm>
#include <utility>

#include "decode/radius/message_authenticator.h"

namespace probatio::collect {

RadiusListener::RadiusListener(Parts parts)
    : number_(parts.number),
      md5_(std::move(parts.md5)),
      clock_(parts.clock),
      queue_(parts.queue),
      may_send_(std::move(parts.may_send)),
      answers_(std::make_shared<Answering>(std::move(parts.socket))),
      drops_(clock_.Now()),
      clients_(std::move(parts.clients)) {}

Status RadiusListener::Run(const std::atomic<bool>& stop) {
  while (!stop && !queue_->closed()) {
    Round round;
    round.batch = ArrivalBatch(number_, clock_.Now());
    round.durable = std::make_shared<std::atomic<bool>>(false);
    Status filled = Fill(&round);
    NoteDrops(&round);
    Submit(&round);
    TRY(std::move(filled));
  }
  return Done{};
}

// Until nothing more waits, or the round is full.
Status RadiusListener::Fill(Round* round) {
  int wait_ms = kRadiusWaitMs;
  while (!round->batch.is_full() && round->requests + round->statuses < kRequestsPerBatch) {
    const std::span<const net::ReceivedDatagram> received = TRY(answers_->socket.Receive(wait_ms));
    if (received.empty()) break;
    const std::lock_guard lock(mutex_);
    for (const net::ReceivedDatagram& datagram : received) Take(datagram, round);
    wait_ms = 0;
  }
  return Done{};
}

// RFC 2866 section 3: what is not authentic is silently discarded. Nothing is believed before that.
void RadiusListener::Take(const net::ReceivedDatagram& datagram, Round* round) {
  ++counts_.datagrams;
  const Secret* const secret = clients_.Find(datagram.source.ip);
  const bool listed = may_send_ == nullptr || may_send_(datagram.source.ip);
  if (secret == nullptr || !listed) {
    ++counts_.strangers;
    return;
  }
  const Result<decode::RadiusPacket> read = decode::ReadRadiusPacket(datagram.payload);
  if (!read.ok()) {
    ++counts_.malformed;
    return;
  }
  const decode::RadiusPacket& packet = read.value();
  if (packet.code != decode::kAccountingRequest && packet.code != decode::kStatusServer) {
    ++counts_.other_codes;
    return;
  }
  const Result<bool> authentic = IsAuthentic(packet, *secret);
  if (authentic.ok() && !authentic.value()) {
    ++counts_.unauthentic;
    return;
  }
  // The answer is made now, while secret and packet are at hand; it needs no more than that.
  Result<Buffer> answer = decode::BuildAccountingResponse(packet, *secret, md5_);
  if (!authentic.ok() || !answer.ok()) {
    ++counts_.malformed;
    return;
  }
  TakeChecked(packet, datagram, {datagram.source, std::move(answer).value()}, round);
}

Result<bool> RadiusListener::IsAuthentic(const decode::RadiusPacket& packet, const Secret& secret) const {
  using decode::MessageAuthenticity;
  const bool is_status = packet.code == decode::kStatusServer;  // its own authenticator is random
  if (!is_status) {
    const bool own = TRY(decode::IsRequestAuthentic(packet, secret, md5_));
    if (!own) return false;
  }
  const MessageAuthenticity message = TRY(decode::CheckMessageAuthenticator(packet, secret, md5_));
  if (message == MessageAuthenticity::kAbsent) return !is_status;
  return message == MessageAuthenticity::kHolds;
}

// Status-Server goes through the queue too: we are there when the writer is, and the disk takes what it
// writes (RFC 5997 section 4.2).
void RadiusListener::TakeChecked(const decode::RadiusPacket& packet, const net::ReceivedDatagram& datagram,
                                 net::OutgoingDatagram answer, Round* round) {
  if (packet.code == decode::kStatusServer) {
    if (answers_->status_waiting + round->statuses >= kStatusWaitingMax) return;
    ++round->statuses;
    round->when_durable.push_back(std::move(answer));
    return;
  }
  RequestKey key{datagram.source.ip, datagram.source.port, packet.id, {}};
  std::copy(packet.authenticator.begin(), packet.authenticator.end(), key.authenticator.begin());
  if (const KnownRequests::Mark* const known = known_.Find(key); known != nullptr) {
    ++counts_.sent_again;
    if (**known) round->at_once.push_back(std::move(answer));
    return;  // else the answer goes out when the first is durable
  }
  known_.Remember(key, round->durable);
  ++round->requests;
  round->batch.Add(datagram.payload, datagram.source.ip, datagram.source.port);
  round->when_durable.push_back(std::move(answer));
}

void RadiusListener::NoteDrops(Round* round) {
  const std::uint64_t drops = answers_->socket.KernelDrops();
  const std::optional<Dropped> dropped = drops_.Look(drops, clock_.Now());
  if (dropped.has_value()) round->batch.AddDropped(*dropped);
  if (untold_.has_value()) round->batch.AddDropped(*std::exchange(untold_, std::nullopt));
  const std::lock_guard lock(mutex_);
  counts_.kernel_drops = drops;
}

void RadiusListener::Submit(Round* round) {
  answers_->Send(round->at_once);
  if (round->when_durable.empty() && !round->batch.says_something()) return;
  const std::size_t statuses = round->statuses;
  answers_->status_waiting += statuses;
  round->batch.on_durable = [answering = answers_, durable = round->durable, statuses,
                             answers = std::move(round->when_durable)] {
    *durable = true;
    answering->status_waiting -= statuses;
    answering->Send(answers);
  };
  if (queue_->TryPush(std::move(round->batch))) return;
  answers_->status_waiting -= statuses;
  untold_ = round->batch.dropped();
  known_.ForgetLast(round->requests);
  const std::lock_guard lock(mutex_);
  counts_.no_room += round->requests;
}

void RadiusListener::Answering::Send(const Answers& answers) {
  const std::size_t sent = socket.SendMany(answers);
  answered += sent;
  unsent += answers.size() - sent;
}

void RadiusListener::ContinueDrops(std::uint64_t told) {
  answers_->socket.ContinueDrops(told);
  drops_.Look(told, clock_.Now());
}

std::size_t RadiusListener::UseReceiveBuffer(std::size_t bytes) {
  answers_->socket.SetReceiveBuffer(bytes);
  return answers_->socket.receive_buffer();
}

RadiusCounts RadiusListener::counts() const {
  const std::lock_guard lock(mutex_);
  RadiusCounts counts = counts_;
  counts.answered = answers_->answered;
  counts.unsent = answers_->unsent;
  return counts;
}

}  // namespace probatio::collect
