#include "seal/open_nat_sessions.h"

#include <algorithm>

#include "seal/nat_groups.h"

namespace probatio::seal {
namespace {

constexpr std::size_t kSlotsMin = 8;

// Memory for answers to "which shape", by the number of the shape that is asked about.
template <class T>
T& Remembered(std::vector<T>* memory, std::size_t number) {
  if (memory->size() <= number) memory->resize(number + 1);
  return (*memory)[number];
}

}  // namespace

// The shape that a create has whose delete has this one: the same in all but the kind of event. A create may
// have a place in the sequence where its delete has none, or the reverse; then they stay two rows.
std::uint32_t OpenNatSessions::BeginShapeOf(std::uint32_t end_shape) {
  EndShape& known = Remembered(&end_shapes_, end_shape);
  if (known.begin_shape == kFree) {
    NatShape shape = tables_->shapes()[end_shape];
    CHECK(record::NatureOf(shape.event) == record::Nature::kEnds);
    known.has_seq = shape.has_seq;
    shape.event = record::BeginningOf(shape.event);
    known.begin_shape = tables_->ShapeOf(shape);
  }
  return known.begin_shape;
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

OpenNatSessions::Bucket& OpenNatSessions::BucketOf(const NatRow& row) {
  const std::uint64_t key = GroupKeyOf(row, Stream::kNatSession);
  if (last_ == nullptr || key != last_key_) {
    if (buckets_.size() >= count_ + kIdleBucketsMax) DropIdle();
    last_ = &buckets_[key];  // entries of such a map never move
    last_key_ = key;
    // All of it is needed soon, and waiting for one line after the other costs more than anything else here.
    for (std::size_t i = 0; i < last_->slots.size(); i += 2) __builtin_prefetch(&last_->slots[i], 1);
  }
  return *last_;
}

// Addresses that were busy once would otherwise keep their room for the whole run.
void OpenNatSessions::DropIdle() {
  std::erase_if(buckets_, [](const auto& entry) { return entry.second.count == 0; });
}

std::size_t OpenNatSessions::Bucket::PlaceOf(const Slot& slot) const {
  const std::uint64_t hash = (std::uint64_t{slot.inside} << 16 | slot.port) * 0x9E3779B97F4A7C15ULL;
  return hash >> 32 & (slots.size() - 1);
}

bool OpenNatSessions::Bucket::Insert(const Slot& slot, std::size_t neighbours_max) {
  if (4 * (count + 1) > 3 * slots.size()) Grow();
  std::size_t place = PlaceOf(slot);
  for (std::size_t neighbours = 0; slots[place].shape != kFree;) {
    if (++neighbours == neighbours_max) return false;
    place = (place + 1) & (slots.size() - 1);
  }
  slots[place] = slot;
  ++count;
  return true;
}

void OpenNatSessions::Bucket::Grow() {
  const std::vector<Slot> old = std::move(slots);
  slots = std::vector<Slot>(std::max(kSlotsMin, 2 * old.size()));
  count = 0;
  for (const Slot& slot : old) {
    if (slot.shape != kFree) CHECK(Insert(slot, slots.size()));
  }
}

// Closes the gap that a removal leaves, so that no search ends too early.
void OpenNatSessions::Bucket::Remove(std::size_t place) {
  const std::size_t mask = slots.size() - 1;
  std::size_t gap = place;
  for (std::size_t next = (gap + 1) & mask; slots[next].shape != kFree; next = (next + 1) & mask) {
    const std::size_t home = PlaceOf(slots[next]);
    if (((next - home) & mask) < ((next - gap) & mask)) continue;  // it may not move before its own place
    slots[gap] = slots[next];
    gap = next;
  }
  slots[gap].shape = kFree;
  --count;
}

bool OpenNatSessions::Begin(const NatRow& begin, std::uint32_t tag) {
  if (begins_.size() <= begin.shape || !begins_[begin.shape]) {
    const NatShape& shape = tables_->shapes()[begin.shape];
    CHECK(record::NatureOf(shape.event) == record::Nature::kBegins && !shape.session);
    if (begins_.size() <= begin.shape) begins_.resize(begin.shape + 1);
    begins_[begin.shape] = true;
  }
  const Slot slot{begin.at_ns, begin.seq, begin.shape, begin.inside, begin.port, begin.inside_port, tag};
  if (!BucketOf(begin).Insert(slot, kWaitingNeighboursMax)) return false;
  ++count_;
  return true;
}

std::optional<NatRow> OpenNatSessions::End(const NatRow& end, std::uint32_t* tag) {
  const std::uint32_t shape = BeginShapeOf(end.shape);
  Bucket& bucket = BucketOf(end);
  if (bucket.count == 0) return std::nullopt;
  const Slot key{end.at_ns, 0, shape, end.inside, end.port, end.inside_port, 0};
  const std::size_t mask = bucket.slots.size() - 1;
  const Slot* earliest = nullptr;
  for (std::size_t place = bucket.PlaceOf(key); bucket.slots[place].shape != kFree;
       place = (place + 1) & mask) {
    const Slot& begin = bucket.slots[place];
    const bool same = begin.port == key.port && begin.inside == key.inside && begin.shape == shape &&
                      begin.inside_port == key.inside_port;
    if (!same || begin.at_ns > end.at_ns) continue;
    if (earliest == nullptr || begin.at_ns < earliest->at_ns) earliest = &begin;
  }
  if (earliest == nullptr) return std::nullopt;
  NatRow session = end;
  session.shape = SessionShapeOf(shape, end_shapes_[end.shape].has_seq);
  session.at_ns = earliest->at_ns;
  session.seq = earliest->seq;
  session.end_ns = end.at_ns;
  session.end_seq = end.seq;
  if (tag != nullptr) *tag = earliest->tag;
  bucket.Remove(static_cast<std::size_t>(earliest - bucket.slots.data()));
  --count_;
  return session;
}

std::vector<WaitingNat> OpenNatSessions::TakeAll() {
  return TakeEarliest(count_);
}

std::vector<WaitingNat> OpenNatSessions::TakeEarliest(std::size_t count) {
  std::vector<WaitingNat> rows;
  rows.reserve(count_);
  for (const auto& [key, bucket] : buckets_) {
    for (const Slot& slot : bucket.slots) {
      if (slot.shape == kFree) continue;
      rows.push_back({{slot.at_ns, slot.at_ns, slot.seq, 0, slot.shape, slot.inside,
                       static_cast<std::uint32_t>(key >> 16), slot.port, slot.inside_port},
                      slot.tag});
    }
  }
  const auto earlier = [](const NatRow& a, const NatRow& b) {
    return std::tie(a.at_ns, a.address, a.port, a.seq, a.inside) <
           std::tie(b.at_ns, b.address, b.port, b.seq, b.inside);
  };
  std::sort(rows.begin(), rows.end(), earlier);
  const std::size_t taken = std::min(count, rows.size());
  buckets_.clear();
  last_ = nullptr;
  count_ = 0;
  for (std::size_t i = taken; i < rows.size(); ++i) CHECK(Begin(rows[i], rows[i].tag));
  rows.resize(taken);
  return rows;
}

}  // namespace probatio::seal
