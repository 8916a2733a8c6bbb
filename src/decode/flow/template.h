// Templates (RFC 7011, sections 3.2 and 3.4; RFC 3954, sections 5.2 and 6.1): which information elements a
// data record holds, in which order and length. Values, pure, thread-safe.
#pragma once

#include <memory>
#include <vector>

#include "decode/flow/message.h"

namespace probatio::decode {

inline constexpr std::uint16_t kVariableLength = 65'535;  // RFC 7011, section 7

// Fields of one template. Without it, one octet of data under thousands of empty fields would cost a
// collector a thousand times what it costs the sender.
inline constexpr std::uint16_t kFieldsPerTemplateMax = 1'024;

struct FieldSpecifier {
  std::uint16_t id = 0;          // IPFIX: without the enterprise bit; NetFlow 9 has no such bit
  std::uint16_t length = 0;      // octets, or kVariableLength (some NetFlow 9 exporters use it too)
  std::uint32_t enterprise = 0;  // private enterprise number; 0 is IANA, and whatever NetFlow 9 sends
  auto operator<=>(const FieldSpecifier&) const = default;
};

struct Template {
  std::uint16_t id = 0;
  bool options = false;  // its records speak about the exporter, not about traffic
  std::vector<FieldSpecifier> fields;
  std::size_t length_min = 0;  // octets of the shortest data record
  bool operator==(const Template&) const = default;
};

// Shared, because a data record being read outlives its template's replacement.
using TemplatePtr = std::shared_ptr<const Template>;

// A template that no longer holds (RFC 7011, section 8.1). IPFIX only.
struct Withdrawal {
  bool options = false;
  std::uint16_t id = 0;  // 0: all templates, or all options templates, of the domain
  bool operator==(const Withdrawal&) const = default;
};

struct TemplateSet {
  std::vector<TemplatePtr> templates;
  std::vector<Withdrawal> withdrawals;
};

// Reads the body of a template set or an options template set. kInvalid names the offset in the message.
Result<TemplateSet> ReadTemplateSet(const Set& set, FlowVersion version);

}  // namespace probatio::decode
