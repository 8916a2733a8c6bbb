// The fast way from octets to rows. A template of usual NAT events is looked through once and leaves a short
// list of places to load from; each record is then a few loads and one row, and allocates nothing. What a
// row cannot hold, or what is unusual in any way, is left to the general reader (nat_event.h), whose answers
// these are: this file knows no rule of its own. Not thread-safe.
#pragma once

#include <optional>

#include "decode/flow/nat_element.h"
#include "decode/flow/template.h"
#include "record/record_batch.h"

namespace probatio::decode {

inline constexpr std::size_t kShapesRemembered = 256;  // of one template: kinds × protocols × realms

class NatRowReader {
 public:
  // Nothing for a template that is left to the general reader: of variable length, without natEvent, with
  // texts, firewall events, or other times than observationTimeMilliseconds.
  static std::optional<NatRowReader> Of(const Template& record);

  // What the records of one set share.
  struct Origin {
    const std::string& exporter;
    std::uint32_t domain = 0;  // always the same for one reader: a template belongs to a domain
    Instant export_time;
  };
  void Begin(const Origin& origin, record::RecordBatch* out);
  // One record of the template's length. False when it is for the general reader; nothing was added then.
  bool Read(const std::uint8_t* record, std::optional<std::uint32_t> sequence);

 private:
  struct Load {
    std::uint16_t offset = 0;
    std::uint8_t width = 0;  // octets; 0: the template lacks the element
    bool present() const { return width != 0; }
  };
  // All that tells one shape of this template from another.
  struct ShapeKey {
    std::uint64_t kind_and_ports = 0;
    std::uint64_t realm = 0;
    bool operator==(const ShapeKey&) const = default;
  };
  struct Remembered {
    ShapeKey key;
    std::uint32_t after = 0;  // the shape's number + 1; 0: free
  };
  struct Ports {
    bool is_block = false;
    std::uint16_t first = 0;
    std::uint16_t span = 0;
    std::uint16_t step = 1;
  };

  bool Place(const Template& record);
  bool TimesAreUsual() const;
  const Load& At(NatElement element) const { return loads_[static_cast<std::size_t>(element)]; }
  static std::uint64_t Unsigned(const std::uint8_t* record, Load load);

  bool ReadTime(const std::uint8_t* record, record::NatEventRow* row) const;
  bool ReadPorts(const std::uint8_t* record, record::NatEventKind kind, Ports* ports) const;
  void ReadInside(const std::uint8_t* record, record::NatEventRow* row);
  void ReadPublic(const std::uint8_t* record, record::NatEventRow* row);
  bool IsWithoutItsPort(record::NatEventKind kind, const Ports& ports) const;
  std::optional<std::uint16_t> ShapeOf(const ShapeKey& key, record::NatEventKind kind, std::uint8_t proto,
                                       const Ports& ports, bool has_sequence);
  record::NatEvent MakeShape(const ShapeKey& key, record::NatEventKind kind, std::uint8_t proto,
                             const Ports& ports, bool has_sequence) const;

  std::array<Load, kNatElementCount> loads_{};
  std::vector<Remembered> shapes_;  // by a hash of the key; made with the first row
  std::uint64_t lists_id_ = 0;      // of the batch that the numbers hold for
  const Origin* origin_ = nullptr;
  record::RecordBatch* out_ = nullptr;
};

}  // namespace probatio::decode
