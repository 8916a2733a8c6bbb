#include "seal/open_nat_sessions.h"

#include <algorithm>

namespace probatio::seal {
namespace {

constexpr std::size_t kSlotsMin = 1024;

bool SameKey(const NatRow& a, const NatRow& b) {
  return a.address == b.address && a.port == b.port && a.inside == b.inside && a.shape == b.shape &&
         a.inside_port == b.inside_port;
}

// Memory for answers to "which shape", by the number of the shape that is asked about.
std::uint32_t& Remembered(std::vector<std::uint32_t>* memory, std::size_t number) {
  if (memory->size() <= number) memory->resize(number + 1);
  return (*memory)[number];
}

}  // namespace

// The shape that a create has whose delete has this one: the same in all but the kind of event. A create may
// have a place in the sequence where its delete has none, or the reverse; then they stay two rows.
std::uint32_t OpenNatSessions::BeginShapeOf(std::uint32_t end_shape) {
  std::uint32_t& known = Remembered(&begin_shapes_, end_shape);
  if (known == 0) {
    NatShape shape = tables_->shapes()[end_shape];
    CHECK(record::NatureOf(shape.event) == record::Nature::kEnds);
    shape.event = record::BeginningOf(shape.event);
    known = tables_->ShapeOf(shape) + 1;
  }
  return known - 1;
}

std::uint32_t OpenNatSessions::SessionShapeOf(std::uint32_t begin_shape, bool has_end_seq) {
  std::uint32_t& known = Remembered(&session_shapes_, 2 * std::size_t{begin_shape} + (has_end_seq ? 1 : 0));
  if (known == 0) {
    NatShape shape = tables_->shapes()[begin_shape];
    CHECK(record::NatureOf(shape.event) == record::Nature::kBegins && !shape.session);
    shape.session = true;
    shape.has_end_seq = has_end_seq;
    known = tables_->ShapeOf(shape) + 1;
  }
  return known - 1;
}

std::size_t OpenNatSessions::PlaceOf(const NatRow& begin) const {
  std::uint64_t hash = (std::uint64_t{begin.address} << 16 | begin.port) * 0x9E3779B97F4A7C15ULL;
  hash = (hash ^ hash >> 32 ^ begin.inside) * 0xD6E8FEB86659FD93ULL;
  return (hash >> 20) & (slots_.size() - 1);
}

bool OpenNatSessions::Insert(const NatRow& begin, std::size_t probes_max) {
  std::size_t place = PlaceOf(begin);
  for (std::size_t probes = 0; slots_[place].used; ++probes) {
    if (probes == probes_max) return false;
    place = (place + 1) & (slots_.size() - 1);
  }
  slots_[place] = {begin, true};
  ++count_;
  return true;
}

void OpenNatSessions::Grow() {
  std::vector<Slot> old = std::move(slots_);
  slots_ = std::vector<Slot>(std::max(kSlotsMin, 2 * old.size()));
  count_ = 0;
  for (const Slot& slot : old) {
    if (slot.used) CHECK(Insert(slot.row, slots_.size()));
  }
}

bool OpenNatSessions::Begin(const NatRow& begin) {
  const NatShape& shape = tables_->shapes()[begin.shape];
  CHECK(record::NatureOf(shape.event) == record::Nature::kBegins && !shape.session);
  if (4 * (count_ + 1) > 3 * slots_.size()) Grow();
  return Insert(begin, kWaitingNeighboursMax);
}

// Closes the gap that a removal leaves, so that no search ends too early.
void OpenNatSessions::Remove(std::size_t slot) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t gap = slot;
  for (std::size_t next = (gap + 1) & mask; slots_[next].used; next = (next + 1) & mask) {
    const std::size_t home = PlaceOf(slots_[next].row);
    if (((next - home) & mask) < ((next - gap) & mask)) continue;  // it may not move before its own place
    slots_[gap] = slots_[next];
    gap = next;
  }
  slots_[gap].used = false;
  --count_;
}

std::optional<NatRow> OpenNatSessions::End(const NatRow& end) {
  NatRow key = end;
  key.shape = BeginShapeOf(end.shape);
  if (count_ == 0) return std::nullopt;
  const std::size_t mask = slots_.size() - 1;
  std::optional<std::size_t> earliest;
  for (std::size_t place = PlaceOf(key); slots_[place].used; place = (place + 1) & mask) {
    const NatRow& begin = slots_[place].row;
    if (!SameKey(begin, key) || begin.at_ns > end.at_ns) continue;
    if (!earliest.has_value() || begin.at_ns < slots_[*earliest].row.at_ns) earliest = place;
  }
  if (!earliest.has_value()) return std::nullopt;
  NatRow session = slots_[*earliest].row;
  Remove(*earliest);
  const bool has_seq = tables_->shapes()[end.shape].has_seq;
  session.shape = SessionShapeOf(session.shape, has_seq);
  session.end_ns = end.at_ns;
  session.end_seq = end.seq;
  return session;
}

std::vector<NatRow> OpenNatSessions::TakeAll() {
  return TakeEarliest(count_);
}

std::vector<NatRow> OpenNatSessions::TakeEarliest(std::size_t count) {
  std::vector<NatRow> rows;
  rows.reserve(count_);
  for (const Slot& slot : slots_) {
    if (slot.used) rows.push_back(slot.row);
  }
  const auto earlier = [](const NatRow& a, const NatRow& b) {
    return a.at_ns != b.at_ns ? a.at_ns < b.at_ns : a.port < b.port;
  };
  std::sort(rows.begin(), rows.end(), earlier);
  const std::size_t taken = std::min(count, rows.size());
  std::fill(slots_.begin(), slots_.end(), Slot());
  count_ = 0;
  for (std::size_t i = taken; i < rows.size(); ++i) CHECK(Insert(rows[i], slots_.size()));
  rows.resize(taken);
  return rows;
}

}  // namespace probatio::seal
