#include "decode/ipfix/template.h"

#include <fmt/format.h>

#include <algorithm>

namespace probatio::decode {
namespace {

constexpr std::size_t kTemplateHeaderSize = 4;
constexpr std::uint16_t kEnterpriseBit = 0x8000;

class TemplateReader {
 public:
  explicit TemplateReader(const Set& set)
      : options_(set.id == kOptionsTemplateSetId), set_(set), reader_(set.body) {}

  // What is left is padding: too short for a record, or nothing but zero octets.
  bool Done() const {
    const Bytes rest = set_.body.subspan(reader_.offset());
    return rest.size() < kTemplateHeaderSize ||
           std::all_of(rest.begin(), rest.end(), [](std::uint8_t byte) { return byte == 0; });
  }

  // Null for a withdrawal.
  Result<TemplatePtr> Next() {
    const std::size_t offset = set_.offset + reader_.offset();
    TemplatePtr read = TRY_IN(fmt::format("template record at offset {}", offset), Read());
    return read;
  }

 private:
  Result<TemplatePtr> Read() {
    Template record;
    record.id = TRY(reader_.U16());
    const std::uint16_t field_count = TRY(reader_.U16());
    const bool withdraws_all = record.id == kTemplateSetId || record.id == kOptionsTemplateSetId;
    if (field_count == 0 && (withdraws_all || record.id >= kDataSetIdMin)) return TemplatePtr();
    if (record.id < kDataSetIdMin) return Invalid(fmt::format("template id {} below 256", record.id));
    if (field_count > kFieldsPerTemplateMax) {
      return Invalid(fmt::format("{} fields, more than {}", field_count, kFieldsPerTemplateMax));
    }
    if (options_) {
      record.scope_count = TRY(reader_.U16());
      if (record.scope_count == 0 || record.scope_count > field_count) {
        return Invalid(fmt::format("{} scope fields of {}", record.scope_count, field_count));
      }
    }
    for (std::uint16_t i = 0; i < field_count; ++i) {
      const FieldSpecifier field = TRY(ReadField());
      record.fields.push_back(field);
      record.length_min += field.length == kVariableLength ? 1U : field.length;
    }
    return std::make_shared<const Template>(std::move(record));
  }

  // Section 3.2.
  Result<FieldSpecifier> ReadField() {
    const std::uint16_t id = TRY(reader_.U16());
    FieldSpecifier field;
    field.id = id & static_cast<std::uint16_t>(~kEnterpriseBit);
    field.length = TRY(reader_.U16());
    if ((id & kEnterpriseBit) != 0) field.enterprise = TRY(reader_.U32());
    return field;
  }

  bool options_;
  const Set& set_;
  ByteReader reader_;
};

}  // namespace

Result<TemplateSet> ReadTemplateSet(const Set& set) {
  TemplateSet result;
  TemplateReader reader(set);
  while (!reader.Done()) {
    TemplatePtr record = TRY(reader.Next());
    if (record == nullptr) {
      ++result.withdrawals;
    } else {
      result.templates.push_back(std::move(record));
    }
  }
  return result;
}

}  // namespace probatio::decode
