// Templates (RFC 7011, sections 3.2 and 3.4): which information elements a data record holds, in which order
// and length. Values, pure, thread-safe.
#pragma once

#include <memory>
#include <vector>

#include "decode/ipfix/message.h"

namespace probatio::decode {

inline constexpr std::uint16_t kVariableLength = 65'535;  // RFC 7011, section 7

// Fields of one template. Without it, one octet of data under thousands of empty fields would cost a
// collector a thousand times what it costs the sender.
inline constexpr std::uint16_t kFieldsPerTemplateMax = 1'024;

struct FieldSpecifier {
  std::uint16_t id = 0;          // without the enterprise bit
  std::uint16_t length = 0;      // octets, or kVariableLength
  std::uint32_t enterprise = 0;  // private enterprise number; 0 is IANA
  auto operator<=>(const FieldSpecifier&) const = default;
};

struct Template {
  std::uint16_t id = 0;
  std::uint16_t scope_count = 0;  // above 0: an options template, whose first fields are its scope
  std::vector<FieldSpecifier> fields;
  std::size_t length_min = 0;  // octets of the shortest data record
  bool operator==(const Template&) const = default;

  bool is_options() const { return scope_count > 0; }
};

// Shared, because a data record being read outlives its template's replacement.
using TemplatePtr = std::shared_ptr<const Template>;

struct TemplateSet {
  std::vector<TemplatePtr> templates;
  std::size_t withdrawals = 0;  // ignored: RFC 7011 section 8.4 for UDP
};

// Reads the body of a template set or an options template set. kInvalid names the offset in the message.
Result<TemplateSet> ReadTemplateSet(const Set& set);

}  // namespace probatio::decode
