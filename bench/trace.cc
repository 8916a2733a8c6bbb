#include "trace.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <queue>

#include "traffic_model.h"

namespace probatio::bench {
namespace {

// Sessions of several minutes at full density in the smallest traces, hours in the largest.
constexpr double kTraceSeconds = 30 * 60;
constexpr std::uint32_t kSessionAddressesMax = 256;
constexpr double kBlockTraceSeconds = 2 * 86'400;
constexpr std::uint32_t kBlockAddressesMax = 2048;

std::uint32_t AddressesFor(const TraceOptions& options) {
  const bool session = options.mode == Mode::kSession;
  const double seconds = session ? kTraceSeconds : kBlockTraceSeconds;
  const double rows_each = seconds * RateOf(options.mode, 0) * kSubscribersPerAddress;
  const double wanted = static_cast<double>(options.rows) / rows_each;
  return static_cast<std::uint32_t>(
      std::clamp(wanted, 1.0, static_cast<double>(session ? kSessionAddressesMax : kBlockAddressesMax)));
}

// Draws an index with the probability of its weight (Walker's alias method).
class WeightedDraw {
 public:
  explicit WeightedDraw(std::vector<double> weights) : keep_(weights.size()), alias_(weights.size()) {
    const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
    std::vector<std::uint32_t> small;
    std::vector<std::uint32_t> large;
    for (std::uint32_t i = 0; i < weights.size(); ++i) {
      weights[i] *= static_cast<double>(weights.size()) / total;
      (weights[i] < 1 ? small : large).push_back(i);
    }
    while (!small.empty() && !large.empty()) {
      const std::uint32_t little = small.back();
      const std::uint32_t much = large.back();
      small.pop_back();
      keep_[little] = weights[little];
      alias_[little] = much;
      weights[much] -= 1 - weights[little];
      if (weights[much] >= 1) continue;
      large.pop_back();
      small.push_back(much);
    }
    for (const std::uint32_t i : small) keep_[i] = 1;
    for (const std::uint32_t i : large) keep_[i] = 1;
  }
  std::uint32_t Draw(Dice& dice) const {
    const std::uint32_t i = dice.Below(static_cast<std::uint32_t>(keep_.size()));
    return dice.Uniform() < keep_[i] ? i : alias_[i];
  }

 private:
  std::vector<double> keep_;
  std::vector<std::uint32_t> alias_;
};

// Which ports, or blocks, of which address are taken, per protocol.
class Pool {
 public:
  Pool(Mode mode, std::uint32_t addresses)
      : step_(mode == Mode::kSession ? 1 : kPortsPerBlock),
        units_(kPortsPerAddress / step_),
        taken_(std::size_t{addresses} * kProtocols * units_) {}

  // False when none was free in as many draws as a NAT would make.
  bool Take(std::uint32_t address, std::uint8_t proto, Dice& dice, std::uint16_t* port) {
    for (int tries = 0; tries < kTriesMax; ++tries) {
      const std::uint32_t unit = dice.Below(units_);
      if (taken_[PlaceOf(address, proto, unit)]) continue;
      taken_[PlaceOf(address, proto, unit)] = true;
      *port = static_cast<std::uint16_t>(kPortFirst + unit * step_);
      return true;
    }
    return false;
  }
  void Release(const Session& session) {
    const std::uint32_t unit = (std::uint32_t{session.port} - kPortFirst) / step_;
    taken_[PlaceOf(session.public_ip - kPublicBase, session.proto, unit)] = false;
  }

 private:
  static constexpr std::size_t kProtocols = 3;
  static constexpr int kTriesMax = 200;
  std::size_t PlaceOf(std::uint32_t address, std::uint8_t proto, std::uint32_t unit) const {
    const std::size_t row = proto == 6 ? 0 : proto == 17 ? 1 : 2;
    return (std::size_t{address} * kProtocols + row) * units_ + unit;
  }

  std::uint32_t step_;
  std::uint32_t units_;
  std::vector<bool> taken_;
};

struct Numbered {
  Session session;
  std::uint64_t sequence = 0;  // place by begin
};
struct EndsLater {
  bool operator()(const Numbered& a, const Numbered& b) const {
    return std::pair(a.session.end_ms, a.sequence) > std::pair(b.session.end_ms, b.sequence);
  }
};

// Sessions by end, then place. Hundreds of thousands are open at once, and a heap of them would cost more
// than the stores under measurement: only those that end within the next second are in a heap, which stays in
// the processor's cache; the others wait by the second of their end.
class ByEnd {
 public:
  bool empty() const { return soon_.empty(); }
  const Numbered& top() const { return soon_.top(); }
  void push(const Numbered& session) {
    const std::int64_t second = session.session.end_ms / 1000;
    if (second > soon_until_) {
      later_[second].push_back(session);
    } else {
      soon_.push(session);
    }
    FillSoon();
  }
  void pop() {
    soon_.pop();
    FillSoon();
  }

 private:
  // Never empty while anything waits.
  void FillSoon() {
    if (!soon_.empty() || later_.empty()) return;
    const auto first = later_.begin();
    soon_until_ = first->first;
    for (const Numbered& session : first->second) soon_.push(session);
    later_.erase(first);
  }

  std::priority_queue<Numbered, std::vector<Numbered>, EndsLater> soon_;
  std::int64_t soon_until_ = 0;  // the second of the latest end in soon_
  std::map<std::int64_t, std::vector<Numbered>> later_;
};

// All sessions of the model, without end, in the order of their begins.
class Nat {
 public:
  Nat(const TraceOptions& options, std::uint32_t addresses)
      : mode_(options.mode),
        addresses_(addresses),
        dice_(options.seed),
        subscribers_(SubscriberWeights(options, addresses)),
        pool_(options.mode, addresses) {}

  Numbered Next() {
    for (;;) {
      const double rate = RateOf(mode_, seconds_) * addresses_ * kSubscribersPerAddress;
      seconds_ += dice_.Exponential(1 / rate);
      const std::int64_t now = kTraceBegin.unix_ns() / kNsPerMs + static_cast<std::int64_t>(seconds_ * 1000);
      ReleaseUntil(now);
      const std::uint32_t subscriber = subscribers_.Draw(dice_);
      const Holding holding = DrawHolding(mode_, dice_);
      const std::uint32_t address = subscriber % addresses_;
      std::uint16_t port = 0;
      if (!pool_.Take(address, holding.proto, dice_, &port)) continue;  // the pool is full: no session
      const Numbered made{
          {kPublicBase + address, port, holding.proto, now, now + holding.duration_ms, subscriber},
          sequence_++};
      open_.push(made);
      return made;
    }
  }

 private:
  void ReleaseUntil(std::int64_t now_ms) {
    while (!open_.empty() && open_.top().session.end_ms + kPortQuarantineMs <= now_ms) {
      pool_.Release(open_.top().session);
      open_.pop();
    }
  }

  Mode mode_;
  std::uint32_t addresses_;
  Dice dice_;
  WeightedDraw subscribers_;
  Pool pool_;
  ByEnd open_;
  double seconds_ = 0;
  std::uint64_t sequence_ = 0;
};

// All sessions of the model in the order of their ends.
class NatByEnd {
 public:
  NatByEnd(const TraceOptions& options, std::uint32_t addresses)
      : nat_(options, addresses), next_(nat_.Next()) {}

  Numbered Next() {
    while (open_.empty() || open_.top().session.end_ms >= next_.session.start_ms) {
      open_.push(next_);
      next_ = nat_.Next();
    }
    Numbered first = open_.top();
    open_.pop();
    return first;
  }

 private:
  Nat nat_;
  Numbered next_;
  ByEnd open_;
};

// What a clock of this resolution makes of a holding: it begins no later and ends no earlier.
Session Coarse(Session session, std::int64_t resolution_ms) {
  session.start_ms -= session.start_ms % resolution_ms;
  session.end_ms += resolution_ms - 1;
  session.end_ms -= session.end_ms % resolution_ms;
  return session;
}

class Rows : public SessionStream {
 public:
  Rows(const TraceOptions& options, std::uint32_t addresses)
      : nat_(options, addresses), resolution_ms_(options.resolution_ms), left_(options.rows) {}

  bool Next(std::size_t count, std::vector<Session>* batch) override {
    batch->clear();
    for (; batch->size() < count && left_ > 0; --left_) {
      batch->push_back(Coarse(nat_.Next().session, resolution_ms_));
    }
    return !batch->empty();
  }

 private:
  NatByEnd nat_;
  std::int64_t resolution_ms_;
  std::uint64_t left_;
};

class Events : public EventStream {
 public:
  Events(const TraceOptions& options, std::uint32_t addresses, std::int64_t cut_ms,
         std::uint64_t cut_sequence)
      : options_(options), cut_(cut_ms, cut_sequence), nat_(options, addresses) {
    ReadNext();
  }

  bool Next(std::size_t count, record::NatEventBatch* batch) override {
    batch->ClearRows();
    while (batch->rows.size() < count && !(begins_.empty() && open_.empty())) AddNext(batch);
    return !batch->rows.empty();
  }

 private:
  // Sessions that end after the last row are no part of the trace, nor is their begin.
  void ReadNext() {
    while (begins_.empty()) {
      const Numbered next = nat_.Next();
      if (next.session.start_ms > cut_.first) return;
      if (std::pair(next.session.end_ms, next.sequence) <= cut_) begins_.push(next);
    }
  }

  void AddNext(record::NatEventBatch* batch) {
    const bool ends =
        begins_.empty() || (!open_.empty() && open_.top().session.end_ms < begins_.front().session.start_ms);
    if (ends) {
      const Session session = open_.top().session;
      open_.pop();
      return Add(session, false, batch);
    }
    const Session session = begins_.front().session;
    open_.push(begins_.front());
    begins_.pop();
    ReadNext();
    Add(session, true, batch);
  }

  void Add(const Session& session, bool begins, record::NatEventBatch* batch) {
    const std::int64_t ms = begins ? session.start_ms : session.end_ms;
    record::NatEventRow row;
    row.at_ns = (ms - ms % options_.resolution_ms) * kNsPerMs;
    row.inside = kInsideBase + session.subscriber;
    row.inside_is = record::NatPlace::kV4;
    row.public_ip = session.public_ip;
    row.public_is = record::NatPlace::kV4;
    row.port = session.port;
    row.shape = NumberOf(session.proto, begins, batch);
    batch->rows.push_back(row);
  }

  std::uint16_t NumberOf(std::uint8_t proto, bool begins, record::NatEventBatch* batch) {
    std::optional<std::uint16_t>& number = numbers_[2 * std::size_t{proto} + (begins ? 1 : 0)];
    if (!number.has_value())
      number = batch->ShapeOf(ShapeOf(proto, begins)).value();  // there are six at most
    return *number;
  }

  record::NatEvent ShapeOf(std::uint8_t proto, bool begins) const {
    using Kind = record::NatEventKind;
    record::NatEvent event;
    event.origin.at.resolution_ns = options_.resolution_ms * kNsPerMs;
    if (options_.mode == Mode::kBlock) {
      event.event = begins ? Kind::kPortBlockAllocate : Kind::kPortBlockRelease;
      event.port_first = 0;
      event.port_last = static_cast<std::uint16_t>(kPortsPerBlock - 1);
    } else {
      event.event = begins ? Kind::kNat44SessionCreate : Kind::kNat44SessionDelete;
      event.proto = proto;
      event.public_port = 0;
    }
    return event;
  }

  TraceOptions options_;
  std::pair<std::int64_t, std::uint64_t> cut_;
  Nat nat_;
  std::queue<Numbered> begins_;  // at most one; empty when the trace has no more
  std::array<std::optional<std::uint16_t>, 512>
      numbers_;  // of shapes; one batch object is filled again and again
  ByEnd open_;
};

}  // namespace

std::vector<double> SubscriberWeights(const TraceOptions& options, std::uint32_t addresses) {
  std::vector<double> weights(std::size_t{addresses} * kSubscribersPerAddress);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = std::pow(static_cast<double>(i) + 1, -kZipfExponent);
  }
  Dice dice(~options.seed);
  for (std::size_t i = weights.size() - 1; i > 0; --i) {
    std::swap(weights[i], weights[dice.Below(static_cast<std::uint32_t>(i + 1))]);
  }
  return weights;
}

Trace::Trace(const TraceOptions& options) : options_(options), addresses_(AddressesFor(options)) {
  NatByEnd nat(options_, addresses_);
  for (std::uint64_t row = 0; row < options_.rows; ++row) {
    const Numbered last = nat.Next();
    cut_ms_ = last.session.end_ms;
    cut_sequence_ = last.sequence;
  }
}

Period Trace::period() const {
  return {kTraceBegin, Instant::FromUnixNs(cut_ms_ * kNsPerMs)};
}

double Trace::RowsPerAddressSecond() const {
  const double seconds = static_cast<double>(period().end - period().begin) / kNsPerSecond;
  return static_cast<double>(options_.rows) / seconds / addresses_;
}

std::unique_ptr<SessionStream> Trace::Sessions() const {
  return std::make_unique<Rows>(options_, addresses_);
}

std::unique_ptr<EventStream> Trace::Events() const {
  return std::make_unique<bench::Events>(options_, addresses_, cut_ms_, cut_sequence_);
}

}  // namespace probatio::bench
