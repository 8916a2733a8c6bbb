// Messages, sets, templates and padding as the decoder meets them (RFC 7011).
#include <gtest/gtest.h>

#include "decode/flow/exporter_for_tests.h"
#include "decode/flow/message_file.h"

namespace probatio::decode {
namespace {

TEST(FlowDecoder, DiscardsAMalformedMessageWholeAndKeepsNoTemplateOfIt) {
  Exporter exporter;
  Buffer message = MessageBytes(
      {SetBytes(2, SessionTemplate()), SetBytes(256, Hex(kSessionHex)), SetBytes(257, Hex("00"))});
  message[message.size() - 2] = 9;  // the last set now claims more octets than there are
  EXPECT_EQ(exporter.Send(message), "set 257 at offset 78: length 9 out of bounds");
  EXPECT_TRUE(exporter.records.empty());
  EXPECT_EQ(exporter.counts().malformed_messages, 1U);
  EXPECT_EQ(exporter.counts().data_records, 0U);

  EXPECT_EQ(exporter.Send(MessageBytes({SetBytes(256, Hex(kSessionHex))})), "ok");
  EXPECT_TRUE(exporter.records.empty());
  EXPECT_EQ(exporter.counts().sets_without_template, 1U);
}

TEST(FlowDecoder, DiscardsWhatWasReadBeforeAnElementLeavesItsSet) {
  Exporter exporter;
  const Buffer fields = TemplateBytes(300, {{230, 1}, {464, 65535}});
  const Buffer data =
      Hex("04"
          "0161"
          "04"
          "0561");  // the second realm claims five octets and has one
  EXPECT_EQ(exporter.Send(MessageBytes({SetBytes(2, fields), SetBytes(300, data)})),
            "element 464 at offset 40: leaves its set");
  EXPECT_TRUE(exporter.records.empty());
}

TEST(FlowDecoder, NamesWhatIsWrongWithAHeader) {
  Exporter exporter;
  Buffer message = MessageBytes({SetBytes(2, SessionTemplate())});
  EXPECT_EQ(exporter.Send(Buffer(message.begin(), message.begin() + 15)),
            "message header at offset 0: truncated");
  EXPECT_EQ(exporter.Send(Buffer(message.begin(), message.end() - 1)),
            "message header at offset 2: length 52 of 51 octets");
  message[1] = 8;
  EXPECT_EQ(exporter.Send(message), "message header at offset 0: version 8, neither 9 nor 10");
  EXPECT_EQ(exporter.counts().malformed_messages, 3U);
}

TEST(FlowDecoder, AcceptsPaddingAtTheEndOfSetsAndMessages) {
  Exporter exporter;
  Buffer padded = Hex(kSessionHex);
  padded.insert(padded.end(), 3, 0);
  Buffer fields = SessionTemplate();
  fields.insert(fields.end(), 2, 0);
  EXPECT_EQ(exporter.Send(MessageBytes({SetBytes(2, fields), SetBytes(256, padded), Buffer(6, 0)})), "ok");
  EXPECT_EQ(exporter.counts().data_records, 1U);
  Buffer junk = MessageBytes({SetBytes(256, padded)}, 1);
  junk.insert(junk.end(), 5, 0xEE);  // beyond the length that the header states
  EXPECT_EQ(exporter.Send(junk), "ok");
  EXPECT_EQ(exporter.counts().trailing_octets, 5U);
  EXPECT_EQ(exporter.counts().lost, 0U);
}

TEST(FlowDecoder, ReplacesATemplateThatIsDefinedAnew) {
  Exporter exporter;
  exporter.Send(MessageBytes({SetBytes(2, SessionTemplate())}));
  const Buffer other = TemplateBytes(256, {{230, 1}, {8, 4}});
  EXPECT_EQ(exporter.Send(MessageBytes({SetBytes(2, other), SetBytes(256, Hex("050a000009"))})), "ok");
  EXPECT_EQ(exporter.event().inside_ip->ToText(), "10.0.0.9");
  EXPECT_FALSE(exporter.event().public_ip.has_value());
}

TEST(FlowDecoder, KeepsTheTemplatesOfObservationDomainsApart) {
  Exporter exporter;
  exporter.Send(MessageBytes({SetBytes(2, SessionTemplate())}, 0, 1));
  EXPECT_EQ(exporter.Send(MessageBytes({SetBytes(256, Hex(kSessionHex))}, 0, 2)), "ok");
  EXPECT_EQ(exporter.counts().sets_without_template, 1U);
  EXPECT_EQ(exporter.Send(MessageBytes({SetBytes(256, Hex(kSessionHex))}, 0, 1)), "ok");
  EXPECT_EQ(exporter.records.size(), 1U);
}

TEST(FlowDecoder, IgnoresATemplateWithdrawal) {
  Exporter exporter;
  exporter.Send(MessageBytes({SetBytes(2, SessionTemplate())}));
  EXPECT_EQ(exporter.Send(MessageBytes({SetBytes(2, Hex("01000000")), SetBytes(2, Hex("00020000"))})), "ok");
  EXPECT_EQ(exporter.counts().withdrawals_ignored, 2U);
  EXPECT_EQ(exporter.Send(MessageBytes({SetBytes(256, Hex(kSessionHex))})), "ok");
  EXPECT_EQ(exporter.records.size(), 1U);
}

TEST(FlowDecoder, StepsOverOptionsButCountsThemInTheSequence) {
  Exporter exporter;
  // options template 400: one scope field (149 observationDomainId), one option (160
  // systemInitTimeMilliseconds)
  const Buffer options =
      Hex("0190"
          "0002"
          "0001"
          "00950004"
          "00a00008");
  EXPECT_EQ(
      exporter.Send(MessageBytes({SetBytes(3, options), SetBytes(400, Hex("000000010000000000000001"))}, 10)),
      "ok");
  EXPECT_EQ(exporter.counts().options_templates, 1U);
  EXPECT_EQ(exporter.counts().options_records, 1U);
  EXPECT_EQ(
      exporter.Send(MessageBytes({SetBytes(2, SessionTemplate()), SetBytes(256, Hex(kSessionHex))}, 11)),
      "ok");
  EXPECT_EQ(exporter.counts().lost, 0U);
  EXPECT_EQ(exporter.event().origin.seq, 11U);
}

TEST(FlowDecoder, StepsOverEnterpriseElementsOfAnyLength) {
  Exporter exporter;
  // 230 of enterprise 637 is not natEvent; a long variable length (255, then two octets).
  const Buffer fields =
      Hex("012c"
          "0003"
          "80e6ffff0000027d"
          "00e60001"
          "00080004");
  Buffer data =
      Hex("ff0003aabbcc"
          "05"
          "0a000001");
  EXPECT_EQ(exporter.Send(MessageBytes({SetBytes(2, fields), SetBytes(300, data)})), "ok");
  EXPECT_EQ(exporter.event().event, record::NatEventKind::kNat44SessionDelete);
}

TEST(FlowDecoder, DoesNotLoopOnATemplateOfNoOctets) {
  Exporter exporter;
  const Buffer fields = TemplateBytes(300, {{230, 0}, {8, 0}});
  EXPECT_EQ(exporter.Send(MessageBytes({SetBytes(2, fields), SetBytes(300, Hex("00000000"))})), "ok");
  EXPECT_EQ(exporter.counts().data_records, 0U);
  EXPECT_EQ(exporter.counts().sets_without_template, 1U);
}

TEST(FlowDecoder, OmitsTheSequencePlaceAfterASetItCouldNotRead) {
  Exporter exporter;
  const Buffer message = MessageBytes(
      {SetBytes(2, SessionTemplate()), SetBytes(999, Hex("00")), SetBytes(256, Hex(kSessionHex))});
  EXPECT_EQ(exporter.Send(message), "ok");
  EXPECT_FALSE(exporter.event().origin.seq.has_value());
}

TEST(FlowDecoder, CountsAMalformedMessageAsALossOfItsRecords) {
  Exporter exporter;
  exporter.Send(MessageBytes({SetBytes(2, SessionTemplate()), SetBytes(256, Hex(kSessionHex))}, 0));
  exporter.Send(Hex("000a"));
  exporter.Send(MessageBytes({SetBytes(256, Hex(kSessionHex))}, 3));
  EXPECT_EQ(exporter.counts().lost, 2U);
  const std::vector<SequenceGap> gaps = exporter.decoder.TakeGaps();
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0].first, 1U);
  EXPECT_TRUE(exporter.decoder.TakeGaps().empty());
}

TEST(SplitMessages, CutsByTheLengthInEachHeaderAndKeepsWhatCameBefore) {
  Buffer file = MessageBytes({SetBytes(2, SessionTemplate())});
  const std::size_t one = file.size();
  const Buffer second = file;
  file.insert(file.end(), second.begin(), second.end());
  MessageSplit split = SplitMessages(file);
  EXPECT_EQ(split.messages.size(), 2U);
  EXPECT_FALSE(split.error.has_value());

  file.resize(file.size() - 1);
  split = SplitMessages(file);
  EXPECT_EQ(split.messages.size(), 1U);
  EXPECT_EQ(split.error->what(), "message at offset " + std::to_string(one) +
                                     ": message header at offset 2: length 52 of 51 octets");
}

}  // namespace
}  // namespace probatio::decode
