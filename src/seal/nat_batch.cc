#include "seal/nat_batch.h"

#include <fmt/format.h>

#include <algorithm>

#include "crypto/system_random.h"
#include "seal/big_endian.h"
#include "seal/journal_format.h"
#include "seal/nat_event_row.h"
#include "seal/nat_sort.h"

namespace probatio::seal {
namespace {

// What is known of an inside.
constexpr std::uint8_t kInsideIp = 1;
constexpr std::uint8_t kInsideSubscriber = 2;

// What the writer of a row needs of its shape, and the shape's number in the batch.
struct BatchShape {
  bool known = false;
  bool session = false, seq = false, end_seq = false, port = false, inside_port = false;
  std::uint16_t number = 0;
};

// The shapes of a batch, numbered as they come: each is written as an event that has it.
class BatchShapes {
 public:
  explicit BatchShapes(const NatTables& tables) : tables_(tables), shapes_(tables.shapes().size()) {}

  const BatchShape& Of(const NatRow& row) {
    BatchShape& known = shapes_[row.shape];
    if (!known.known) known = Number(row);
    return known;
  }
  const std::vector<record::NatEvent>& events() const { return events_; }

 private:
  BatchShape Number(const NatRow& row) {
    NatRow blank = row;
    blank.at_ns = blank.end_ns = 0;
    blank.seq = blank.end_seq = 0;
    blank.port = blank.inside_port = 0;
    record::NatEvent event = EventOf(blank, tables_);
    event.public_ip = IpAddress();
    event.inside_ip.reset();
    event.subscriber.reset();
    const NatShape& shape = tables_.shapes()[row.shape];
    const auto number =
        static_cast<std::uint16_t>(events_.size());  // one too many is refused before it is used
    events_.push_back(std::move(event));
    return {true,           shape.session,         shape.has_seq, shape.has_end_seq,
            shape.has_port, shape.has_inside_port, number};
  }

  const NatTables& tables_;
  std::vector<BatchShape> shapes_;  // by number in the tables
  std::vector<record::NatEvent> events_;
};

constexpr std::size_t kFixedPartMax = 58;  // 2 + 4 * 8 + 2 * 2 + 1 + 1 + 16 + 2

// The plain bytes of a fragment, written where they stay: a journal is written at the rate of the wire, and
// appending number by number to a buffer costs more than sealing.
class PlainFragment {
 public:
  ~PlainFragment() { Wipe(octets_); }

  void Begin(const IpAddress& address) {
    size_ = 0;
    MakeRoom(1 + address.octets().size());
    Number(static_cast<std::uint8_t>(address.octets().size()));
    Raw(address.octets());
  }

  void Put(const NatRow& row, const BatchShape& shape, const NatInside& inside) {
    MakeRoom(kFixedPartMax + (inside.subscriber.has_value() ? inside.subscriber->size() : 0));
    Number(shape.number);
    Number(static_cast<std::uint64_t>(row.at_ns));
    if (shape.session) Number(static_cast<std::uint64_t>(row.end_ns));
    if (shape.seq) Number(row.seq);
    if (shape.end_seq) Number(row.end_seq);
    if (shape.port) Number(row.port);
    if (shape.inside_port) Number(row.inside_port);
    const int known =
        (inside.ip.has_value() ? kInsideIp : 0) | (inside.subscriber.has_value() ? kInsideSubscriber : 0);
    Number(static_cast<std::uint8_t>(known));
    if (inside.ip.has_value()) {
      Number(static_cast<std::uint8_t>(inside.ip->octets().size()));
      Raw(inside.ip->octets());
    }
    if (inside.subscriber.has_value()) {
      Number(static_cast<std::uint16_t>(inside.subscriber->size()));
      Raw(AsBytes(*inside.subscriber));
    }
  }

  Bytes bytes() const { return Bytes(octets_).first(size_); }

 private:
  void MakeRoom(std::size_t octets) {
    if (octets_.size() - size_ >= octets) return;
    Buffer larger(2 * (size_ + octets));
    std::copy_n(octets_.begin(), size_, larger.begin());
    Wipe(octets_);
    octets_ = std::move(larger);
  }
  template <class T>
  void Number(T value) {
    PutBigEndian(value, &octets_[size_]);
    size_ += sizeof(T);
  }
  void Raw(Bytes octets) {
    std::copy(octets.begin(), octets.end(), octets_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += octets.size();
  }

  Buffer octets_;
  std::size_t size_ = 0;
};

Result<Instant> ReadInstant(ByteReader* in) {
  const std::uint64_t ns = TRY(in->U64());
  return Instant::FromUnixNs(static_cast<std::int64_t>(ns));
}

Status GetInside(ByteReader* in, record::NatEvent* event) {
  const std::uint8_t known = TRY(in->U8());
  if (known > (kInsideIp | kInsideSubscriber)) return Invalid("no such mark of an inside");
  if ((known & kInsideIp) != 0) {
    const std::uint8_t size = TRY(in->U8());
    const Bytes octets = TRY(in->Raw(size));
    event->inside_ip = TRY(IpAddress::FromOctets(octets));
  }
  if ((known & kInsideSubscriber) != 0) {
    const std::uint16_t size = TRY(in->U16());
    const Bytes octets = TRY(in->Raw(size));
    event->subscriber = std::string(AsText(octets));
  }
  return Done{};
}

Result<record::NatEvent> GetRow(ByteReader* in, const IpAddress& address,
                                std::span<const record::NatEvent> shapes) {
  const std::uint16_t number = TRY(in->U16());
  if (number >= shapes.size()) return Invalid(fmt::format("shape {} of {}", number, shapes.size()));
  record::NatEvent event = shapes[number];
  event.public_ip = address;
  event.origin.at.at = TRY(ReadInstant(in));
  if (event.end_at.has_value()) event.end_at = TRY(ReadInstant(in));
  if (event.origin.seq.has_value()) event.origin.seq = TRY(in->U64());
  if (event.end_seq.has_value()) event.end_seq = TRY(in->U64());
  std::optional<std::uint16_t>& port = event.is_block() ? event.port_first : event.public_port;
  if (port.has_value()) {
    port = TRY(in->U16());
    // The shape's port is 0, so its last port is what the range spans.
    if (event.port_last.has_value()) event.port_last = static_cast<std::uint16_t>(*port + *event.port_last);
  }
  if (event.inside_port.has_value()) event.inside_port = TRY(in->U16());
  TRY(GetInside(in, &event));
  TRY(record::CheckRecord(event));
  return event;
}

}  // namespace

NatJournal::NatJournal(SegmentId segment, Stream stream, const WindowKeys& keys, Random& random)
    : segment_(std::move(segment)), stream_(stream), keys_(keys), random_(random) {}

const NatJournal::TokenEntry& NatJournal::EntryOf(const NatGroup& group, const NatTables& tables) {
  const auto [place, added] = tokens_.try_emplace(group.key());
  if (added) {
    place->second.token = keys_.TokenOf(SelectorOf(group, stream_, tables));
    place->second.block = keys_.KeysOf(place->second.token).block;
  }
  return place->second;
}

Result<Buffer> NatJournal::Seal(std::span<const NatRow> rows, const NatTables& tables, JournalHead* head) {
  CHECK(!rows.empty());
  struct Planned {
    const TokenEntry* entry;
    NatGroup group;
  };
  std::vector<Planned> plan;
  for (const NatGroup& group : GroupsOf(rows, stream_)) plan.push_back({&EntryOf(group, tables), group});
  std::sort(plan.begin(), plan.end(),
            [](const Planned& a, const Planned& b) { return a.entry->token < b.entry->token; });

  const Buffer header = BatchHeaderBytes({segment_, head->batches, head->digest});
  Buffer associated_data = FragmentAssociatedData(header, Token{});
  const auto associated_token = associated_data.begin() + static_cast<std::ptrdiff_t>(header.size());
  crypto::BufferedRandom nonces(random_);
  crypto::Sealer sealer(nonces);
  BatchShapes shapes(tables);
  std::vector<FragmentPlace> places;
  places.reserve(plan.size());
  Buffer sealed;
  PlainFragment plain;
  for (const auto& [entry, group] : plan) {
    plain.Begin(tables.addresses()[group.address]);
    for (const NatRow& row : rows.subspan(group.first, group.count)) {
      plain.Put(row, shapes.Of(row), tables.insides()[row.inside]);
    }
    if (shapes.events().size() > kBatchShapesMax) {
      return Invalid(fmt::format("journal: more than {} shapes of rows in one batch", kBatchShapesMax));
    }
    const std::size_t begin = sealed.size();
    std::copy(entry->token.begin(), entry->token.end(), associated_token);
    sealer.SealTo(entry->block, plain.bytes(), associated_data, &sealed);
    places.push_back(
        {entry->token, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(sealed.size() - begin)});
    if (sealed.size() > kBatchBytesMax)
      return Invalid(fmt::format("journal: batch of more than {} bytes", kBatchBytesMax));
  }
  return FinishBatch(header, keys_, {std::move(places), shapes.events()}, sealed, head, nonces);
}

Result<std::vector<record::Record>> ParseNatFragment(Bytes bytes, std::span<const record::NatEvent> shapes) {
  ByteReader in(bytes);
  const std::uint8_t size = TRY(in.U8());
  const Bytes octets = TRY(in.Raw(size));
  const IpAddress address = TRY(IpAddress::FromOctets(octets));
  std::vector<record::Record> rows;
  while (in.remaining() > 0) {
    record::NatEvent row = TRY_IN(fmt::format("row {}", rows.size()), GetRow(&in, address, shapes));
    rows.emplace_back(std::move(row));
  }
  return rows;
}

}  // namespace probatio::seal
