#include "cli/collect_sink.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "keep/enter.h"

namespace probatio::cli {
namespace {

using seal::Stream;

bool Same(const std::vector<record::Record>& taken, std::span<const record::Record> records) {
  return std::equal(taken.begin(), taken.end(), records.begin(), records.end());
}

bool Same(const record::NatEventBatch& taken, const record::NatEventBatch& events) {
  const auto same = [](const record::NatEventRow& a, const record::NatEventRow& b) {
    return std::memcmp(&a, &b, sizeof a) == 0;  // a row has no octet that is not of a field
  };
  return std::equal(taken.rows.begin(), taken.rows.end(), events.rows.begin(), events.rows.end(), same) &&
         taken.shapes() == events.shapes() && taken.insides() == events.insides() &&
         taken.addresses() == events.addresses();
}

std::vector<record::Record> CopyOf(std::span<const record::Record> records) {
  return {records.begin(), records.end()};
}
record::NatEventBatch CopyOf(const record::NatEventBatch& events) {
  return events;
}

std::vector<Stream> StreamsOf(collect::Carries carries) {
  switch (carries) {
    case collect::Carries::kNatEvents:
      return {Stream::kNatSession, Stream::kNatBlock};
    case collect::Carries::kAccessSessions:
      return {Stream::kAccess};
    case collect::Carries::kActivity:
      return {Stream::kActivity};
  }
  CHECK(false);
  return {};
}

bool IsIdle(const keep::RunCounts& counts) {
  return counts.segments == 0 && counts.accepted == 0 && counts.taken_over == 0;
}

}  // namespace

CollectSink::CollectSink(Parts parts) : parts_(std::move(parts)) {
  sessions_.streams = keep::StreamSet{Stream::kNatSession};
  days_.streams = keep::StreamSet{Stream::kNatBlock, Stream::kAccess,   Stream::kActivity,
                                  Stream::kAccount,  Stream::kIdentity, Stream::kPassword};
}

Result<std::unique_ptr<CollectSink>> CollectSink::Open(Parts parts) {
  std::unique_ptr<CollectSink> sink(new CollectSink(std::move(parts)));
  TRY(sink->OpenRuns());
  DeploymentTurn& turn = sink->parts_.deployment.turn();
  turn.set_wait_max_seconds(0);  // the writer tries again; who waits here would not journal what he could
  turn.GiveBack();
  return sink;
}

Status CollectSink::OpenRuns() {
  const Instant now = parts_.deployment.clock().Now();
  for (Half* const half : {&sessions_, &days_}) {
    half->run = TRY(parts_.deployment.OpenRun(half->streams));
    half->since = now;
  }
  return Done{};
}

template <class Batch, class AppendTo>
Status CollectSink::AppendToBoth(const Batch& batch, AppendTo append) {
  using Copy = decltype(CopyOf(batch));
  const Copy* const taken = std::get_if<Copy>(&half_taken_);
  const bool comes_again = taken != nullptr && Same(*taken, batch);
  if (!comes_again) TRY(append(*sessions_.run));
  const Status rest = append(*days_.run);
  if (rest.ok()) {
    half_taken_ = std::monostate();
  } else if (!comes_again) {
    half_taken_ = CopyOf(batch);
  }
  return rest;
}

Status CollectSink::Append(std::span<const record::Record> records) {
  return AppendToBoth(records, [&](keep::Run& run) { return run.Append(records); });
}

Status CollectSink::AppendEvents(const record::NatEventBatch& events) {
  return AppendToBoth(events, [&](keep::Run& run) { return run.AppendEvents(events); });
}

void CollectSink::NoteLost(const collect::Loss& loss) {
  ended_.lost += loss.records;
  for (const Stream stream : StreamsOf(loss.carries)) {
    Half& half = sessions_.streams.contains(stream) ? sessions_ : days_;
    half.run->NoteLost(stream, loss.period, loss.records);
    half.lost += loss.records;
  }
}

bool CollectSink::IsDue(const Half& half, Instant now) const {
  if (now < half.not_before) return false;
  const keep::RunCounts& counts = half.run->counts();
  if (!half.run->lives()) return true;
  if (half.streams.contains(Stream::kNatSession)) {
    const Instant end = seal::WindowOf(Stream::kNatSession, half.since).period.end;
    return end + parts_.limits.sessions_grace_ns <= now;
  }
  return now - half.since >= parts_.limits.days_close_every_ns || counts.accepted >= parts_.limits.days_rows;
}

void CollectSink::Tick(Instant now) {
  const bool stepped_back = now < last_tick_;
  if (!stepped_back && now - last_tick_ < kTickEveryNs) return;
  last_tick_ = now;
  for (Half* const half : {&sessions_, &days_}) {
    if (stepped_back) half->not_before = now;
    const bool nothing_to_seal = IsIdle(half->run->counts()) && half->lost == 0 && half->run->lives();
    if (nothing_to_seal) half->since = now;
    if (IsDue(*half, now)) Rotate(half, now);
    Keep(half, now);
  }
}

void CollectSink::Keep(Half* half, Instant now) {
  const auto say = [&](const Status& status) {
    if (!status.ok()) parts_.say(fmt::format("run {}: {}", half->run->name(), status.error().what()));
  };
  if (!half->run->lives()) return;
  say(half->run->EnterHeads());
  // In vain while somebody else has the store: a minute of seconds to try in, and a row that needs it says
  // so.
  (void)half->run->OpenAhead(now + kOpenAheadNs);
}

// With the store in hand from the first step to the last, or not at all: rows go on into the run that is
// open.
void CollectSink::Rotate(Half* half, Instant now) {
  half->not_before = now + kRotateAgainNs;
  const Result<keep::HeldTurn> turn = keep::HeldTurn::Take(&parts_.deployment.turn());
  if (!turn.ok()) return;
  const Status followed = Follow(half, now);
  if (!followed.ok()) parts_.say(fmt::format("{}; going on", followed.error().what()));
}

// A run that fails at its close but lives keeps what it has; one that does not live is let go, and recovered
// from its journal by whoever next takes the store. What it had handed over stands in both.
Status CollectSink::Follow(Half* half, Instant now) {
  std::unique_ptr<keep::Run> next = TRY(parts_.deployment.OpenRun(half->streams));
  const std::string name = half->run->name();
  const bool lived = half->run->lives();
  const Result<keep::RunCounts> closed = half->run->Close(next.get());
  if (!closed.ok() && lived && half->run->lives()) return closed.error().Within("run " + name);
  Count(half->run->counts());
  if (!closed.ok()) ++ended_.failed;
  half->run = std::move(next);
  half->since = now;
  half->lost = 0;
  half->not_before = now;
  if (!closed.ok()) return closed.error().Within("run " + name + ": left to recovery");
  return Done{};
}

void CollectSink::Count(const keep::RunCounts& counts) {
  ++ended_.runs;
  ended_.accepted += counts.accepted;
  ended_.refused += counts.outside_retention + counts.unfindable + counts.from_future;
}

CollectedCounts CollectSink::counts() const {
  CollectedCounts counts = ended_;
  for (const Half* const half : {&sessions_, &days_}) {
    if (half->run == nullptr) continue;
    const keep::RunCounts& open = half->run->counts();
    counts.accepted += open.accepted;
    counts.refused += open.outside_retention + open.unfindable + open.from_future;
  }
  return counts;
}

Status CollectSink::CloseHalf(Half* half) {
  if (half->run == nullptr) return Done{};
  const std::unique_ptr<keep::Run> run = std::move(half->run);
  const Result<keep::RunCounts> closed = run->Close();
  Count(run->counts());
  if (closed.ok()) return Done{};
  ++ended_.failed;
  return closed.error().Within("run " + run->name() + ": left to recovery");
}

Status CollectSink::Close() {
  Deployment& deployment = parts_.deployment;
  deployment.turn().set_wait_max_seconds(kTurnWaitMaxSeconds);
  const keep::HeldTurn turn = TRY(keep::HeldTurn::Take(&deployment.turn()));
  Status first = Done{};
  for (Half* const half : {&sessions_, &days_}) {
    const Status closed = CloseHalf(half);
    if (!closed.ok()) parts_.say(closed.error().what());
    if (first.ok()) first = closed;
  }
  const ledger::Entry entry{"collected",
                            deployment.clock().Now(),
                            {{"runs", std::to_string(ended_.runs)},
                             {"failed", std::to_string(ended_.failed)},
                             {"accepted", std::to_string(ended_.accepted)},
                             {"refused", std::to_string(ended_.refused)},
                             {"lost", std::to_string(ended_.lost)}}};
  TRY(keep::Enter(deployment.ledger(), {&entry, 1}).status);
  return first;
}

}  // namespace probatio::cli
