// Names in the box. A segment's things share a prefix that ends in a slash, so that listing one segment never
// meets another whose name begins the same.
#include "seal/box_key.h"

#include <fmt/format.h>

namespace probatio::seal {

std::string BlockKey(const SegmentId& segment, const Token& token, std::uint32_t position) {
  return fmt::format("block/{}/{}/{}", segment.text(), ToHex(token), position);
}

std::string LeafIndexKey(const SegmentId& segment) {
  return fmt::format("leaves/{}/index", segment.text());
}

std::string LeafPageKey(const SegmentId& segment, std::size_t page) {
  return fmt::format("leaves/{}/{}", segment.text(), page);
}

std::string WrappedKey(const SegmentId& segment) {
  return "wrapped/" + segment.text();
}

std::string SubjectKey(record::RecordClass record_class, const SubjectHandle& handle) {
  return fmt::format("subject/{}/{}", record::ToText(record_class), ToHex(handle));
}

}  // namespace probatio::seal
