#include "decode/flow/template.h"

#include <fmt/format.h>

#include <algorithm>

namespace probatio::decode {
namespace {

constexpr std::size_t kTemplateHeaderSize = 4;
constexpr std::size_t kFieldSpecifierSize = 4;
constexpr std::uint16_t kEnterpriseBit = 0x8000;

// What stands before the fields: here the versions differ.
struct TemplateHead {
  std::uint16_t id = 0;
  std::size_t fields = 0;  // scope fields included; 0 in IPFIX is a withdrawal
};

class TemplateReader {
 public:
  TemplateReader(const Set& set, FlowVersion version)
      : ipfix_(version == FlowVersion::kIpfix),
        options_(set.kind == SetKind::kOptionsTemplates),
        set_(set),
        reader_(set.body) {}

  // What is left is padding: too short for a record, or nothing but zero octets.
  bool Done() const {
    const Bytes rest = set_.body.subspan(reader_.offset());
    return rest.size() < kTemplateHeaderSize ||
           std::all_of(rest.begin(), rest.end(), [](std::uint8_t byte) { return byte == 0; });
  }

  Status Next(TemplateSet* into) {
    const std::string place = fmt::format("template record at offset {}", set_.offset + reader_.offset());
    TRY_IN(place, Read(into));
    return probatio::Done{};
  }

 private:
  Status Read(TemplateSet* into) {
    const TemplateHead head = TRY(ipfix_ || !options_ ? ReadHead() : ReadNetflow9OptionsHead());
    if (ipfix_ && head.fields == 0) {
      into->withdrawals.push_back({options_, head.id < kDataSetIdMin ? std::uint16_t{0} : head.id});
      return probatio::Done{};
    }
    if (head.fields > kFieldsPerTemplateMax)
      return Invalid(fmt::format("{} fields, more than {}", head.fields, kFieldsPerTemplateMax));
    Template record;
    record.id = head.id;
    record.options = options_;
    for (std::size_t i = 0; i < head.fields; ++i) {
      const FieldSpecifier field = TRY(ReadField());
      record.fields.push_back(field);
      record.length_min += field.length == kVariableLength ? 1U : field.length;
    }
    into->templates.push_back(std::make_shared<const Template>(std::move(record)));
    return probatio::Done{};
  }

  // RFC 7011, sections 3.4.1 and 3.4.2.2; RFC 3954, section 5.2.
  Result<TemplateHead> ReadHead() {
    TemplateHead head;
    head.id = TRY(reader_.U16());
    head.fields = TRY(reader_.U16());
    const bool withdraws_all = ipfix_ && head.fields == 0 && head.id == set_.id;
    if (withdraws_all) return head;
    TRY(CheckId(head.id));
    if (!options_ || head.fields == 0) return head;
    const std::uint16_t scope = TRY(reader_.U16());
    if (scope == 0 || scope > head.fields)
      return Invalid(fmt::format("{} scope fields of {}", scope, head.fields));
    return head;
  }

  // RFC 3954, section 6.1: the lengths of the two lists of fields, in octets. It does not ask for a scope.
  Result<TemplateHead> ReadNetflow9OptionsHead() {
    TemplateHead head;
    head.id = TRY(reader_.U16());
    const std::uint16_t scope_octets = TRY(reader_.U16());
    const std::uint16_t option_octets = TRY(reader_.U16());
    TRY(CheckId(head.id));
    if (scope_octets % kFieldSpecifierSize != 0 || option_octets % kFieldSpecifierSize != 0) {
      return Invalid(
          fmt::format("lengths {} and {} are no whole number of fields", scope_octets, option_octets));
    }
    head.fields = (std::size_t{scope_octets} + option_octets) / kFieldSpecifierSize;
    return head;
  }

  static Status CheckId(std::uint16_t id) {
    if (id < kDataSetIdMin) return Invalid(fmt::format("template id {} below 256", id));
    return probatio::Done{};
  }
  // RFC 7011, section 3.2.
  Result<FieldSpecifier> ReadField() {
    FieldSpecifier field;
    field.id = TRY(reader_.U16());
    field.length = TRY(reader_.U16());
    if (ipfix_ && (field.id & kEnterpriseBit) != 0) {
      field.id = field.id & static_cast<std::uint16_t>(~kEnterpriseBit);
      field.enterprise = TRY(reader_.U32());
    }
    return field;
  }

  bool ipfix_;
  bool options_;
  const Set& set_;
  ByteReader reader_;
};

}  // namespace

Result<TemplateSet> ReadTemplateSet(const Set& set, FlowVersion version) {
  TemplateSet result;
  TemplateReader reader(set, version);
  while (!reader.Done()) TRY(reader.Next(&result));
  return result;
}

}  // namespace probatio::decode
