// TZif files made for tests: what RFC 8536 section 3 says, with the parts that are not read left empty.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "decode/time/time_zone.h"

namespace probatio::decode {

struct ZoneChange {
  std::int64_t at_s;
  std::int32_t utc_offset_s;
};

inline void PutTzifBlock(char version, std::int32_t first_offset_s, const std::vector<ZoneChange>& changes,
                         ByteWriter* out) {
  out->Raw(AsBytes("TZif"));
  out->U8(static_cast<std::uint8_t>(version));
  for (int i = 0; i < 15; ++i) out->U8(0);
  const auto count = static_cast<std::uint32_t>(changes.size());
  for (const std::uint32_t number : {0U, 0U, 0U, count, count + 1, 1U}) out->U32(number);
  for (const ZoneChange& change : changes) out->U64(static_cast<std::uint64_t>(change.at_s));
  for (std::uint32_t type = 1; type <= count; ++type) out->U8(static_cast<std::uint8_t>(type));
  const auto put_type = [&](std::int32_t offset) {
    out->U32(static_cast<std::uint32_t>(offset));
    out->U16(0);
  };
  put_type(first_offset_s);
  for (const ZoneChange& change : changes) put_type(change.utc_offset_s);
  out->U8(0);
}

inline Buffer TzifOf(std::int32_t first_offset_s, const std::vector<ZoneChange>& changes,
                     std::string_view rule) {
  ByteWriter out;
  PutTzifBlock('2', 0, {}, &out);
  PutTzifBlock('2', first_offset_s, changes, &out);
  out.U8('\n');
  out.Raw(AsBytes(rule));
  out.U8('\n');
  return out.Take();
}

// By the rule of the European Union (Directive 2000/84/EC), in force in France since 1996.
inline std::shared_ptr<const TimeZone> ParisForTests() {
  const Buffer file = TzifOf(3600, {}, "CET-1CEST,M3.5.0,M10.5.0/3");
  return std::make_shared<const TimeZone>(TimeZone::Parse("Europe/Paris", file).value());
}

}  // namespace probatio::decode
