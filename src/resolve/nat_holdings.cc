// Creates and deletes as holdings. Events are walked once in time order; each rule is a function of its own.
#include "resolve/nat_holdings.h"

#include <algorithm>
#include <deque>
#include <map>
#include <tuple>

#include "resolve/time_bounds.h"

namespace probatio::resolve {
namespace {

using record::NatEvent;

// One event as it happened, and every record that reports it.
struct Seen {
  const NatEvent* event = nullptr;
  std::vector<std::size_t> reports;
};

// Creates and deletes belong together when all of this is equal. The subscriber is left out: exporters often
// name it in the create only.
using PairingKey =
    std::tuple<NatSource, std::optional<std::uint8_t>, std::optional<IpAddress>, std::optional<std::uint16_t>,
               std::optional<std::string>, std::optional<std::uint16_t>, std::optional<std::uint16_t>,
               std::optional<std::uint16_t>>;

PairingKey KeyOf(const NatEvent& event) {
  return {SourceOf(event),    event.proto,       event.inside_ip,  event.inside_port,
          event.inside_realm, event.public_port, event.port_first, event.port_last};
}

bool Begins(const NatEvent& event) {
  return record::NatureOf(event.event) == record::Nature::kBegins;
}
bool IsBlock(const NatEvent& event) {
  return SourceOf(event) == NatSource::kBlock;
}

NatEvent WithoutPlace(NatEvent event) {
  event.origin.exporter.clear();
  event.origin.domain.reset();
  event.origin.seq.reset();
  return event;
}

// Rule "one event, several reports": equal events of one exporter under different sequence numbers are
// several events (an endpoint-dependent NAT reuses the tuple for other destinations); the same event from
// several exporters is one.
void AddReports(std::span<const NatEvent> events, const std::vector<std::size_t>& equal,
                std::vector<Seen>& out) {
  using Place = std::pair<std::optional<std::uint32_t>, std::optional<std::uint64_t>>;
  std::map<std::string, std::map<Place, std::vector<std::size_t>>> by_exporter;
  for (const std::size_t index : equal) {
    const record::Origin& origin = events[index].origin;
    by_exporter[origin.exporter][{origin.domain, origin.seq}].push_back(index);
  }
  const std::size_t first = out.size();
  for (const auto& [exporter, places] : by_exporter) {
    std::size_t slot = first;
    for (const auto& [place, indices] : places) {
      if (slot == out.size()) out.push_back({&events[indices.front()], {}});
      out[slot].reports.insert(out[slot].reports.end(), indices.begin(), indices.end());
      ++slot;
    }
  }
}

// The two events of a row in which a create and its delete met (docs/formats/record.md, end_at).
NatEvent BeginningOf(NatEvent row) {
  row.end_at.reset();
  row.end_seq.reset();
  return row;
}
NatEvent EndingOf(const NatEvent& row) {
  NatEvent end = BeginningOf(row);
  end.event = record::EndOf(row.event);
  end.origin.at.at = *row.end_at;
  end.origin.seq = row.end_seq;
  return end;
}

// The events that the rows hold, each with the row it stands in.
class Unpacked {
 public:
  explicit Unpacked(std::span<const NatEvent> rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Add(rows[i].end_at.has_value() ? BeginningOf(rows[i]) : rows[i], i);
      if (rows[i].end_at.has_value()) Add(EndingOf(rows[i]), i);
    }
  }
  const std::vector<NatEvent>& events() const { return events_; }
  std::size_t RowOf(std::size_t event) const { return row_of_[event]; }

 private:
  void Add(NatEvent event, std::size_t row) {
    events_.push_back(std::move(event));
    row_of_.push_back(row);
  }
  std::vector<NatEvent> events_;
  std::vector<std::size_t> row_of_;
};

// What happened to the tuple, in time order; at one instant beginnings stand before ends.
std::vector<Seen> SeenEvents(std::span<const NatEvent> events, const order::Tuple& tuple) {
  std::map<std::tuple<Instant, bool, NatEvent>, std::vector<std::size_t>> equal;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const NatEvent& event = events[i];
    if (record::NatureOf(event.event) == record::Nature::kNeither || !Covers(event, tuple)) continue;
    equal[{event.origin.at.at, !Begins(event), WithoutPlace(event)}].push_back(i);
  }
  std::vector<Seen> seen;
  for (const auto& [event, indices] : equal) AddReports(events, indices, seen);
  return seen;
}

// From events to the rows that hold them, each once.
std::vector<std::size_t> RowsOf(const std::vector<std::size_t>& events, const Unpacked& unpacked) {
  std::vector<std::size_t> rows;
  for (const std::size_t event : events) {
    const std::size_t row = unpacked.RowOf(event);
    if (std::find(rows.begin(), rows.end(), row) == rows.end()) rows.push_back(row);
  }
  return rows;
}

class Pairing {
 public:
  Pairing(std::vector<Seen> seen, const Limits& limits) : seen_(std::move(seen)), limits_(limits) {}

  std::vector<Holding> Pair() {
    for (std::size_t i = 0; i < seen_.size(); ++i) {
      if (Begins(*seen_[i].event)) {
        open_[KeyOf(*seen_[i].event)].push_back(i);
        last_begin_[KeyOf(*seen_[i].event)] = i;
      } else {
        End(i);
      }
      if (IsBlock(*seen_[i].event)) blocks_.push_back(i);
    }
    CloseOpen();
    return std::move(holdings_);
  }

 private:
  void End(std::size_t end) {
    std::deque<std::size_t>& open = open_[KeyOf(*seen_[end].event)];
    if (open.empty()) return AddWithoutBegin(end);
    // A release frees the block, so it ends the latest allocation; sessions of one key are alike and end
    // first come, first served.
    const bool block = IsBlock(*seen_[end].event);
    const std::size_t begin = block ? open.back() : open.front();
    block ? open.pop_back() : open.pop_front();
    AddWhole(begin, end);
  }

  // Rule "both ends seen".
  void AddWhole(std::size_t begin, std::size_t end) {
    const Bounds from = BoundsOf(seen_[begin].event->origin.at);
    const Bounds to = BoundsOf(seen_[end].event->origin.at);
    Holding holding = HoldingFrom(begin);
    holding.events.insert(holding.events.end(), seen_[end].reports.begin(), seen_[end].reports.end());
    holding.possible = {from.earliest, to.latest};
    holding.certain = {from.latest, to.earliest};
    holdings_.push_back(std::move(holding));
  }

  // Rule "its beginning was not seen": it began after whatever shows the tuple otherwise used, and no longer
  // ago than a holding may last.
  void AddWithoutBegin(std::size_t end) {
    const NatEvent& event = *seen_[end].event;
    const Bounds to = BoundsOf(event.origin.at);
    Instant from = Plus(to.earliest, -AgeMax(event));
    if (const std::optional<std::size_t> before = LatestBefore(end)) {
      from = std::max(from, BoundsOf(seen_[*before].event->origin.at).earliest);
    }
    Holding holding = HoldingFrom(end);
    holding.possible = {from, to.latest};
    holding.certain = {to.earliest, to.earliest};
    holding.rules.push_back("its beginning was not seen");
    holdings_.push_back(std::move(holding));
  }

  // A block has one holder at a time, so any event of a block bounds it; a session only its own key's create.
  std::optional<std::size_t> LatestBefore(std::size_t end) const {
    const NatEvent& event = *seen_[end].event;
    if (IsBlock(event)) return LatestBlockBefore(event.origin.at.at);
    const auto found = last_begin_.find(KeyOf(event));
    return found == last_begin_.end() ? std::nullopt : std::optional(found->second);
  }

  // Strictly before: at one instant the next allocation often stands beside the release that made room for
  // it.
  std::optional<std::size_t> LatestBlockBefore(Instant at) const {
    const auto earlier = [&](std::size_t i) { return seen_[i].event->origin.at.at < at; };
    const auto found = std::find_if(blocks_.rbegin(), blocks_.rend(), earlier);
    return found == blocks_.rend() ? std::nullopt : std::optional(*found);
  }

  void CloseOpen() {
    for (const auto& [key, begins] : open_) {
      for (const std::size_t begin : begins) AddWithoutEnd(begin);
    }
  }

  void AddWithoutEnd(std::size_t begin) {
    const std::optional<std::size_t> next = NextAllocation(begin);
    const Bounds from = BoundsOf(seen_[begin].event->origin.at);
    const Instant age_end = Plus(from.latest, AgeMax(*seen_[begin].event));
    Holding holding = HoldingFrom(begin);
    if (next.has_value() && seen_[*next].event->origin.at.at < age_end) {
      const Bounds to = BoundsOf(seen_[*next].event->origin.at);
      holding.possible = {from.earliest, to.latest};
      holding.certain = {from.latest, to.earliest};
      holding.rules.push_back("closed by re-allocation");
    } else {
      holding.possible = {from.earliest, age_end};
      holding.certain = {from.latest, from.latest};
      holding.rules.push_back("no end was seen");
    }
    holdings_.push_back(std::move(holding));
  }

  // Rule "closed by re-allocation" (RFC 7768: releases need not be logged). Never for sessions or bindings:
  // there two live holders are possible, and which of them sent the packet is not ours to choose.
  std::optional<std::size_t> NextAllocation(std::size_t begin) const {
    if (!IsBlock(*seen_[begin].event)) return std::nullopt;
    const Instant at = seen_[begin].event->origin.at.at;
    for (std::size_t i = begin + 1; i < seen_.size(); ++i) {
      const NatEvent& later = *seen_[i].event;
      if (IsBlock(later) && Begins(later) && later.origin.at.at > at) return i;
    }
    return std::nullopt;
  }

  std::int64_t AgeMax(const NatEvent& event) const {
    return SourceOf(event) == NatSource::kSession ? limits_.session_age_max_ns : limits_.block_age_max_ns;
  }

  Holding HoldingFrom(std::size_t seen) const {
    Holding holding;
    holding.source = SourceOf(*seen_[seen].event);
    holding.events = seen_[seen].reports;
    return holding;
  }

  std::vector<Seen> seen_;
  const Limits& limits_;
  std::map<PairingKey, std::deque<std::size_t>> open_;
  std::map<PairingKey, std::size_t> last_begin_;
  std::vector<std::size_t> blocks_;  // block events so far
  std::vector<Holding> holdings_;
};

}  // namespace

std::vector<Holding> HoldingsOf(std::span<const NatEvent> rows, const order::Tuple& tuple,
                                const Limits& limits) {
  const Unpacked unpacked(rows);
  std::vector<Holding> holdings = Pairing(SeenEvents(unpacked.events(), tuple), limits).Pair();
  for (Holding& holding : holdings) holding.events = RowsOf(holding.events, unpacked);
  return holdings;
}

}  // namespace probatio::resolve
