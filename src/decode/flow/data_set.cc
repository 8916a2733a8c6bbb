#include "decode/flow/data_set.h"

#include <fmt/format.h>

namespace probatio::decode {
namespace {

constexpr std::uint8_t kLongLengthMark = 255;  // section 7: the length follows in two octets

}  // namespace

Result<bool> DataSetReader::Next(std::vector<Bytes>* values) {
  values->clear();
  if (template_.length_min == 0 || set_.body.size() - offset_ < template_.length_min) return false;
  for (const FieldSpecifier& field : template_.fields) {
    const std::size_t offset = set_.offset + offset_;
    const Bytes value = TRY_IN(fmt::format("element {} at offset {}", field.id, offset), ReadValue(field));
    values->push_back(value);
  }
  return true;
}

Result<Bytes> DataSetReader::ReadValue(const FieldSpecifier& field) {
  Bytes rest = set_.body.subspan(offset_);
  std::size_t head = 0;
  std::size_t length = field.length;
  if (field.length == kVariableLength) {
    if (rest.empty()) return Invalid("leaves its set");
    head = rest[0] == kLongLengthMark ? 3 : 1;
    if (rest.size() < head) return Invalid("leaves its set");
    length = head == 3 ? Be16(rest.subspan(1)) : rest[0];
    rest = rest.subspan(head);
  }
  if (rest.size() < length) return Invalid("leaves its set");
  offset_ += head + length;
  return rest.first(length);
}

std::optional<std::uint64_t> ReadUnsigned(Bytes value) {
  if (value.empty() || value.size() > 8) return std::nullopt;
  std::uint64_t number = 0;
  for (const std::uint8_t byte : value) number = number << 8 | byte;
  return number;
}

}  // namespace probatio::decode
