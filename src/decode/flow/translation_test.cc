// Which records about translation become events, and whose side is the inside.
#include <gtest/gtest.h>

#include "decode/flow/exporter_for_tests.h"

namespace probatio::decode {
namespace {

// Events, source, source port, destination, destination port, and the four after translation; flow begin and
// end.
constexpr std::initializer_list<std::pair<int, int>> kFirewallFields{
    {233, 1}, {4, 1}, {8, 4}, {7, 2}, {12, 4}, {11, 2}, {225, 4}, {227, 2}, {226, 4}, {228, 2}, {323, 8}};
constexpr std::initializer_list<std::pair<int, int>> kFlowFields{
    {4, 1}, {8, 4}, {7, 2}, {12, 4}, {11, 2}, {225, 4}, {227, 2}, {226, 4}, {228, 2}, {152, 8}, {153, 8}};

constexpr const char* kInside = "0a0000019c40";   // 10.0.0.1:40000
constexpr const char* kPublic = "cb007107c822";   // 203.0.113.7:51234
constexpr const char* kPeer = "c633640901bb";     // 198.51.100.9:443
constexpr const char* kNothing = "000000000000";  // as exporters write "not translated"
constexpr const char* kAt = "00000192ae23edf2";
constexpr const char* kLater = "00000192ae23f1da";  // one second

struct Flow {
  std::string proto = "06";
  std::string source, destination, post_source, post_destination;
};

std::string Send(Exporter& exporter, std::initializer_list<std::pair<int, int>> fields,
                 const std::string& data) {
  return exporter.Send(MessageBytes({SetBytes(2, TemplateBytes(300, fields)), SetBytes(300, Hex(data))}));
}

Exporter FirewallSays(const std::string& event, const Flow& flow) {
  Exporter exporter;
  EXPECT_EQ(Send(exporter, kFirewallFields,
                 event + flow.proto + flow.source + flow.destination + flow.post_source +
                     flow.post_destination + kAt),
            "ok");
  return exporter;
}

Exporter MeterSays(const Flow& flow, const char* begin = kAt, const char* end = kLater) {
  Exporter exporter;
  EXPECT_EQ(Send(exporter, kFlowFields,
                 flow.proto + flow.source + flow.destination + flow.post_source + flow.post_destination +
                     begin + end),
            "ok");
  return exporter;
}

const Flow kOutward{"06", kInside, kPeer, kPublic, kPeer};
const Flow kInward{"06", kPeer, kPublic, kPeer, kInside};
const Flow kUntouched{"06", kInside, kPeer, kInside, kPeer};
const Flow kZeroed{"06", kInside, kPeer, kNothing, kNothing};

void ExpectTuples(const record::NatEvent& event) {
  EXPECT_EQ(event.inside_ip->ToText(), "10.0.0.1");
  EXPECT_EQ(event.inside_port, 40000);
  EXPECT_EQ(event.public_ip->ToText(), "203.0.113.7");
  EXPECT_EQ(event.public_port, 51234);
}

TEST(FirewallEvent, CreatesAndDeletes) {
  const Exporter created = FirewallSays("01", kOutward);
  EXPECT_EQ(created.event().event, record::NatEventKind::kCreate);
  ExpectTuples(created.event());
  const Exporter deleted = FirewallSays("02", kOutward);
  EXPECT_EQ(deleted.event().event, record::NatEventKind::kDelete);
}

TEST(FirewallEvent, FromOutsideNamesTheSubscriberByItsDestination) {
  ExpectTuples(FirewallSays("01", kInward).event());
}

TEST(FirewallEvent, TranslatedToItselfIsNotTranslated) {
  for (const Flow& flow : {kUntouched, kZeroed}) {
    const Exporter exporter = FirewallSays("01", flow);
    EXPECT_TRUE(exporter.records.empty());
    EXPECT_EQ(exporter.counts().not_translated, 1U);
  }
}

TEST(FirewallEvent, ThatIsNoBeginningAndNoEndGivesNothing) {
  for (const char* event : {"00", "03", "04", "05"}) {
    const Exporter exporter = FirewallSays(event, kOutward);
    EXPECT_TRUE(exporter.records.empty());
    EXPECT_EQ(exporter.counts().firewall_others, 1U);
  }
}

TEST(TranslatedFlow, HoldsFromItsBeginToItsEnd) {
  const Exporter exporter = MeterSays(kOutward);
  const record::NatEvent& event = exporter.event();
  EXPECT_EQ(event.event, record::NatEventKind::kTranslatedFlow);
  EXPECT_EQ(event.origin.at.at.ToRfc3339(), "2024-10-21T08:14:03.250Z");
  EXPECT_EQ(event.end_at->ToRfc3339(), "2024-10-21T08:14:04.250Z");
  ExpectTuples(event);
}

TEST(TranslatedFlow, OnTheWayBackNamesTheSubscriberByItsDestination) {
  ExpectTuples(MeterSays(kInward).event());
}

TEST(TranslatedFlow, WithoutThePublicPortWouldAccuseAnybodyAndSoGivesNothing) {
  const Flow no_port{"06", kInside, kPeer, "cb0071070000", kPeer};
  EXPECT_EQ(MeterSays(no_port).counts().flows_without_port, 1U);
  const Flow icmp{"01", kInside, kPeer, kPublic, kPeer};  // a meter's ports of ICMP are its type and code
  EXPECT_EQ(MeterSays(icmp).counts().flows_without_port, 1U);
}

TEST(TranslatedFlow, WithoutItsTimesGivesNothing) {
  const char* unset = "0000000000000000";
  EXPECT_EQ(MeterSays(kOutward, unset).counts().flows_without_time, 1U);
  EXPECT_EQ(MeterSays(kOutward, kAt, unset).counts().flows_without_time, 1U);
}

TEST(TranslatedFlow, ThatEndsBeforeItBeginsIsRefused) {
  EXPECT_EQ(MeterSays(kOutward, kLater, kAt).counts().refusals.at("end_at: before at"), 1U);
}

TEST(TranslatedFlow, TakesTheExportersStartFromItsOptions) {
  Exporter exporter;
  // Options template 400: scope 149, option 160.
  const Buffer options =
      Hex("0190"
          "0002"
          "0001"
          "00950004"
          "00a00008");
  const Buffer fields = TemplateBytes(300, {{4, 1}, {8, 4}, {7, 2}, {225, 4}, {227, 2}, {22, 4}, {21, 4}});
  const Buffer data = Hex(std::string("06") + kInside + kPublic + "000000fa" + "000001f4");
  EXPECT_EQ(exporter.Send(MessageBytes({SetBytes(2, fields), SetBytes(300, data)})), "ok");
  EXPECT_EQ(exporter.counts().flows_without_time, 1U);
  EXPECT_EQ(exporter.Send(MessageBytes({SetBytes(3, options),
                                        SetBytes(400, Hex("00000001"
                                                          "00000192ae23ecf8")),
                                        SetBytes(300, data)},
                                       1)),
            "ok");
  EXPECT_EQ(exporter.event().origin.at.at.ToRfc3339(), "2024-10-21T08:14:03.250Z");
}

TEST(NatSession, WithoutItsPublicPortIsRefused) {
  Exporter exporter;
  const auto fields = {std::pair{230, 1}, {4, 1}, {8, 4}, {7, 2}, {225, 4}};
  EXPECT_EQ(Send(exporter, fields, std::string("0406") + kInside + "cb007107"), "ok");
  EXPECT_EQ(Send(exporter, fields, std::string("0106") + kInside + "cb007107"), "ok");
  EXPECT_EQ(exporter.counts().refusals.at("session without postNAPTSourceTransportPort"), 2U);
  // GRE has no ports; a historic event without an inside port binds the whole address.
  EXPECT_EQ(Send(exporter, fields, std::string("042f") + kInside + "cb007107"), "ok");
  EXPECT_EQ(Send(exporter, fields, std::string("0106") + "0a0000010000" + "cb007107"), "ok");
  EXPECT_EQ(exporter.records.size(), 2U);
}

TEST(NatSession, ThatBeganOutsideNamesTheSubscriberByItsDestination) {
  Exporter exporter;
  const auto fields = {std::pair{230, 1}, {229, 1}, {4, 1},   {8, 4},  {7, 2},
                       {12, 4},           {11, 2},  {226, 4}, {228, 2}};
  EXPECT_EQ(Send(exporter, fields,
                 std::string("04"
                             "02"
                             "06") +
                     kPeer + kPublic + kInside),
            "ok");
  ExpectTuples(exporter.event());
}

}  // namespace
}  // namespace probatio::decode
