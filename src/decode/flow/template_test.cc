#include "decode/flow/template.h"

#include <gtest/gtest.h>

#include "decode/flow/message_for_tests.h"
#include "decode/flow/template_table.h"

namespace probatio::decode {
namespace {

Result<TemplateSet> Read(std::uint16_t set_id, const Buffer& body) {
  const SetKind kind = set_id == 2 ? SetKind::kTemplates : SetKind::kOptionsTemplates;
  return ReadTemplateSet({kind, set_id, 20, body}, FlowVersion::kIpfix);
}

Buffer TemplateOfFields(std::uint16_t id, std::size_t count) {
  ByteWriter out;
  out.U16(id);
  out.U16(static_cast<std::uint16_t>(count));
  for (std::size_t i = 0; i < count; ++i) out.U32(0x0008'0004);
  return out.Take();
}

TemplatePtr Made(std::uint16_t id, std::size_t fields) {
  Template record;
  record.id = id;
  record.fields.resize(fields);
  return std::make_shared<const Template>(std::move(record));
}

TEST(TemplateSet, HoldsSeveralTemplatesAndEnterpriseElements) {
  const TemplateSet set = Read(2, Hex("01000002"
                                      "00080004"
                                      "801effff0000027d"
                                      "01010001"
                                      "00e60001"
                                      "0000"))
                              .value();
  ASSERT_EQ(set.templates.size(), 2U);
  const Template& first = *set.templates[0];
  EXPECT_EQ(first.fields, (std::vector<FieldSpecifier>{{8, 4, 0}, {0x1E, kVariableLength, 637}}));
  EXPECT_EQ(first.length_min, 5U);
  EXPECT_FALSE(first.options);
}

TEST(TemplateSet, NamesWhatIsWrongAndWhere) {
  EXPECT_EQ(Read(2, Hex("00ff0001"
                        "00080004"))
                .error()
                .what(),
            "template record at offset 20: template id 255 below 256");
  EXPECT_EQ(Read(2, Hex("01000002"
                        "00080004"))
                .error()
                .what(),
            "template record at offset 20: truncated at offset 8");
  EXPECT_EQ(Read(3, Hex("01000001"
                        "0000"
                        "00080004"))
                .error()
                .what(),
            "template record at offset 20: 0 scope fields of 1");
  EXPECT_EQ(Read(3, Hex("01000001"
                        "0002"
                        "00080004"))
                .error()
                .what(),
            "template record at offset 20: 2 scope fields of 1");
}

TEST(TemplateSet, LimitsTheFieldsOfOneTemplate) {
  EXPECT_TRUE(Read(2, TemplateOfFields(256, kFieldsPerTemplateMax)).ok());
  EXPECT_FALSE(Read(2, TemplateOfFields(256, kFieldsPerTemplateMax + 1U)).ok());
}

TEST(TemplateTable, HoldsSoManyTemplates) {
  TemplateTable table;
  for (std::uint32_t domain = 0; domain < kTemplatesMax; ++domain)
    EXPECT_TRUE(table.Put(domain, Made(256, 1)));
  EXPECT_FALSE(table.Put(kTemplatesMax, Made(256, 1)));
  EXPECT_TRUE(table.Put(0, Made(256, 2)));  // one it knows already may change
  EXPECT_EQ(table.size(), kTemplatesMax);
}

TEST(TemplateTable, HoldsSoManyFieldsAndForgetsATemplateItCannotReplace) {
  TemplateTable table;
  for (std::uint32_t domain = 0; domain < kTemplateFieldsMax / kFieldsPerTemplateMax; ++domain) {
    EXPECT_TRUE(table.Put(domain, Made(256, kFieldsPerTemplateMax)));
  }
  EXPECT_FALSE(table.Put(0, Made(257, 1)));
  EXPECT_TRUE(table.Put(0, Made(256, kFieldsPerTemplateMax - 1)));
  EXPECT_TRUE(table.Put(0, Made(257, 1)));
  EXPECT_FALSE(table.Put(0, Made(257, 2)));
  EXPECT_EQ(table.Find(0, 257), nullptr);
}

}  // namespace
}  // namespace probatio::decode
