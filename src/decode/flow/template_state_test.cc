#include "decode/flow/template_state.h"

#include <gtest/gtest.h>

#include "decode/flow/exporter_for_tests.h"

namespace probatio::decode {
namespace {

const Instant kNow = Instant::FromUnixSeconds(kTestExportTime);

TEST(TemplateState, LetsTheNextRunReadOnWhereThisOneStopped) {
  Exporter before;
  const Buffer options =
      Hex("0190"
          "0002"
          "0001"
          "00950004"
          "00a00008");
  before.Send(MessageBytes({SetBytes(2, SessionTemplate()), SetBytes(3, options)}, 0, 7));
  const Buffer saved = WriteTemplates(before.decoder.templates(), FlowVersion::kIpfix, kNow);

  Exporter after;
  ASSERT_TRUE(after.decoder.Restore(saved).ok());
  EXPECT_EQ(after.Send(MessageBytes(
                {SetBytes(256, Hex(kSessionHex)), SetBytes(400, Hex("000000010000000000000001"))}, 9, 7)),
            "ok");
  EXPECT_EQ(after.records.size(), 1U);
  EXPECT_EQ(after.counts().options_records, 1U);
  EXPECT_EQ(after.counts().messages, 1U);
  EXPECT_EQ(after.counts().lost, 0U);
}

TEST(TemplateState, IsWrittenInTheExportersVersion) {
  Exporter before;
  const Buffer vendor = TemplateBytes(300, {{40005, 1}, {8, 4}});
  const Buffer options =
      Hex("0190"
          "0004"
          "0004"
          "00010004"
          "00220004");
  before.Send(PacketBytes({SetBytes(0, vendor), SetBytes(1, options)}));
  Exporter after;
  ASSERT_TRUE(
      after.decoder.Restore(WriteTemplates(before.decoder.templates(), FlowVersion::kNetflow9, kNow)).ok());
  EXPECT_EQ(
      after.Send(PacketBytes({SetBytes(300, Hex("030a000001")), SetBytes(400, Hex("0000000100000002"))})),
      "ok");
  EXPECT_EQ(after.counts().sets_without_template, 0U);
  EXPECT_EQ(after.counts().options_records, 1U);
}

TEST(TemplateState, KeepsTheLargestTemplateInOneMessage) {
  TemplateTable table;
  Template large;
  large.id = 256;
  large.fields.resize(kFieldsPerTemplateMax, {1, 8, 637});
  large.length_min = 8U * kFieldsPerTemplateMax;
  ASSERT_TRUE(table.Put(1, std::make_shared<const Template>(large)));
  FlowSession session;
  ASSERT_TRUE(RestoreTemplates(WriteTemplates(table, FlowVersion::kIpfix, kNow), &session).ok());
  EXPECT_EQ(*session.templates.Find(1, 256), large);
}

TEST(TemplateState, RefusesWhatIsNotTemplates) {
  FlowSession session;
  EXPECT_FALSE(RestoreTemplates(AsBytes("no messages"), &session).ok());
  EXPECT_FALSE(RestoreTemplates(MessageBytes({SetBytes(256, Hex(kSessionHex))}), &session).ok());
}

}  // namespace
}  // namespace probatio::decode
