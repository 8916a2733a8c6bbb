// NAT events by the million. A decoder writes a row of 32 octets for each event and nothing else: no text, no
// optional, no allocation. What rows share stands once in the batch's lists, which a decoder fills when it
// meets something new and keeps from batch to batch (ClearRows). The general form is NatEvent. Values; not
// thread-safe.
#pragma once

#include <atomic>
#include <map>

#include "record/record.h"

namespace probatio::record {

// Which of a row's numbers name an IPv4 address, and which an entry of the batch's lists.
enum class NatPlace : std::uint8_t { kNone = 0, kV4 = 1, kListed = 2 };

struct NatEventRow {
  std::int64_t at_ns = 0;       // since 1970
  std::uint64_t seq = 0;        // where the shape has it, like every field below
  std::uint32_t inside = 0;     // by inside_is: IPv4 address in host order, or index into insides
  std::uint32_t public_ip = 0;  // by public_is: IPv4 address in host order, or index into addresses
  std::uint16_t shape = 0;      // index into shapes
  std::uint16_t port = 0;       // public_port; of a block port_first
  std::uint16_t inside_port = 0;
  NatPlace inside_is = NatPlace::kNone;
  NatPlace public_is = NatPlace::kNone;
};
static_assert(sizeof(NatEventRow) == 32);

inline constexpr std::size_t kNatShapesMax = 65'536;  // of one batch: rows count them in 16 bits

// Names one life of a batch's lists: a number that was given for an entry holds as long as this stays. A copy
// begins a life of its own, since what is added to it later is not added to the other.
class ListsId {
 public:
  ListsId() : value_(++last_) {}
  ListsId(const ListsId&) : ListsId() {}
  ListsId& operator=(const ListsId&) {
    value_ = ++last_;
    return *this;
  }
  std::uint64_t value() const { return value_; }  // never 0

 private:
  static inline std::atomic<std::uint64_t> last_ = 0;
  std::uint64_t value_;
};

class NatEventBatch {
 public:
  struct Inside {
    std::optional<IpAddress> ip;
    std::optional<std::string> subscriber;
    auto operator<=>(const Inside&) const = default;
  };

  // Filled by the decoder. Every number that names an entry of a list is below its size.
  std::vector<NatEventRow> rows;

  // The number of a shape: an event with all that its rows share, and zero in each field that a row fills in
  // (at, seq, public_port, port_first, inside_port); public_ip, inside_ip and subscriber are absent,
  // port_last is what a range spans. Nothing when there are kNatShapesMax already: Clear, and begin again. An
  // event with an end is no shape (CHECKed).
  std::optional<std::uint16_t> ShapeOf(const NatEvent& shape);
  // For what is no bare IPv4 address.
  std::uint32_t InsideOf(const Inside& inside);
  std::uint32_t AddressOf(const IpAddress& address);

  // The general way in: any event without an end. False when the shapes are full; nothing was added then.
  bool Add(const NatEvent& event);
  NatEvent EventOf(const NatEventRow& row) const;

  void ClearRows() { rows.clear(); }  // the lists and their numbers stay
  void Clear();
  // For whoever remembers numbers of entries: no two batches, and no two lives of one, have the same.
  std::uint64_t lists_id() const { return lists_id_.value(); }

  const std::vector<NatEvent>& shapes() const { return shapes_; }
  const std::vector<Inside>& insides() const { return insides_; }
  const std::vector<IpAddress>& addresses() const { return addresses_; }

 private:
  ListsId lists_id_;
  std::vector<NatEvent> shapes_;
  std::vector<Inside> insides_;
  std::vector<IpAddress> addresses_;
  std::map<NatEvent, std::uint16_t> shape_index_;
  std::map<Inside, std::uint32_t> inside_index_;
  std::map<IpAddress, std::uint32_t> address_index_;
};

}  // namespace probatio::record
