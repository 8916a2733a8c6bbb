#include "record/json.h"

#include <gtest/gtest.h>

#include "record/canonical.h"
#include "record/example_records.h"

namespace probatio::record {
namespace {

std::string ErrorOf(const std::string& line) {
  const Result<Record> record = FromJson(line);
  return record.ok() ? "accepted" : record.error().what();
}

TEST(ToJson, OfEveryKindReadsBackAsTheSameRecord) {
  for (const Record& record : ExampleRecords()) {
    const Result<Record> read = FromJson(ToJson(record));
    ASSERT_TRUE(read.ok()) << ToJson(record) << " " << read.error().what();
    EXPECT_EQ(read.value(), record);
  }
}

TEST(ToJson, OfANatEventHasTheContractsKeysInOrder) {
  EXPECT_EQ(
      ToJson(ExampleRecords()[0]),
      R"({"class":"network","at":"2024-10-21T08:14:03.250Z","at_resolution_ns":1000000,)"
      R"("at_error_ns":2000000000,"at_source":"event","exporter":"cgn-1.example","domain":7,"seq":4210974,)"
      R"("event":"port_block_allocate","proto":"tcp","inside_ip":"10.0.0.1","inside_port":40000,)"
      R"("inside_realm":"vrf-3","public_ip":"203.0.113.7","public_port":51234,"port_first":1024,)"
      R"("port_last":2047,"port_step":4,"subscriber":"L-000123",)"
      R"("end_at":"2024-10-21T09:44:03.250Z","end_seq":4215001})");
}

TEST(ToJson, SaysByHowMuchAClockWasCorrected) {
  Activity activity;
  activity.account = "u-1";
  for (const std::int64_t ns :
       {-1'500'000'000LL, 1LL, static_cast<long long>(INT64_MAX), static_cast<long long>(INT64_MIN)}) {
    activity.origin.at.offset.ns = ns;
    EXPECT_NE(ToJson(activity).find("\"at_offset_ns\":" + std::to_string(ns) + "}"), std::string::npos);
    EXPECT_EQ(FromJson(ToJson(activity)).value(), Record(activity));
  }
  activity.origin.at.offset.ns = 0;
  EXPECT_EQ(ToJson(activity).find("at_offset_ns"), std::string::npos);
}

TEST(ToJson, LeavesOutWhatTheSourceDidNotSay) {
  NatEvent event;
  event.event = NatEventKind::kCreate;
  EXPECT_EQ(ToJson(event), R"({"class":"network","at":"1970-01-01T00:00:00Z","at_resolution_ns":1000000,)"
                           R"("at_source":"event","event":"create"})");
}

TEST(ToJson, OfSomeFacesShowsNoFieldOfAnother) {
  const std::string what = ToJson(ExampleRecords()[0], {Face::kWhat});
  EXPECT_NE(what.find("public_ip"), std::string::npos);
  for (const char* hidden : {"inside_ip", "subscriber", "exporter"})
    EXPECT_EQ(what.find(hidden), std::string::npos);
  EXPECT_EQ(ToJson(ExampleRecords()[4], {Face::kSurname}), R"({"class":"identity","surname":"Lefèvre"})");
  EXPECT_EQ(ToJson(ExampleRecords()[4], {}), R"({"class":"identity"})");
}

TEST(FromJson, NamesTheKeyAndTheReason) {
  const std::string head =
      R"({"class":"activity","at":"2024-10-21T08:14:03Z","event":"login","account":"u-1")";
  EXPECT_EQ(ErrorOf(head + "}"), "accepted");
  EXPECT_EQ(ErrorOf(head + R"(,"source_port":65535})"), "accepted");
  EXPECT_EQ(ErrorOf(head + R"(,"source_port":65536})"), "source_port: above 65535");
  EXPECT_EQ(ErrorOf(head + R"(,"source_port":-1})"), "source_port: not a whole number");
  EXPECT_EQ(ErrorOf(head + R"(,"source_port":"80"})"), "source_port: not a whole number");
  EXPECT_EQ(ErrorOf(head + R"(,"source_ip":"203.0.113.256"})"), "source_ip: ip address: not an address");
  EXPECT_EQ(ErrorOf(head + R"(,"colour":"red"})"), R"(key "colour": unknown)");
  EXPECT_EQ(ErrorOf(head + R"(,"account":"u-2"})"), R"(json: key "account": stands twice)");
  EXPECT_EQ(ErrorOf(head + R"(,"message":["m-1"]})"), "message: not a text");
  EXPECT_EQ(ErrorOf(head + R"(,"message":{"id":"m-1"}})"), "message: not a text");
  EXPECT_EQ(ErrorOf(head + R"(,"message":"a\u0000b"})"), "message: text: control character at offset 1");
  EXPECT_EQ(ErrorOf(head), "json: syntax error at offset 79");
  EXPECT_EQ(ErrorOf(head + "} {}"), "json: syntax error at offset 81");
}

TEST(FromJson, AsksForClassEventInstantAndKey) {
  EXPECT_EQ(ErrorOf("{}"), "class: missing");
  EXPECT_EQ(ErrorOf("[]"), "json: not an object");
  EXPECT_EQ(ErrorOf("7"), "json: not an object");
  EXPECT_EQ(ErrorOf(R"({"class":"content"})"), "class: no such name");
  EXPECT_EQ(ErrorOf(R"({"class":"activity"})"), "event: missing");
  EXPECT_EQ(ErrorOf(R"({"class":"network","event":"sniff","at":"2024-10-21T08:14:03Z"})"),
            "event: nat event: no such name");
  EXPECT_EQ(ErrorOf(R"({"class":"identity","holder":"L-1"})"), "at: missing");
  EXPECT_EQ(ErrorOf(R"({"class":"identity","at":"2024-10-21T08:14:03Z"})"), "holder: missing");
  EXPECT_EQ(ErrorOf(R"({"class":"identity","holder":null,"at":"2024-10-21T08:14:03Z"})"), "holder: missing");
}

TEST(FromJson, RefusesAnInstantWithoutZone) {
  EXPECT_EQ(ErrorOf(R"({"class":"identity","holder":"L-1","at":"2024-10-21T08:14:03"})"),
            "at: instant: no zone (write Z or +01:00)");
}

TEST(FromJson, TakesTheResolutionFromTheDigitsThatStandThere) {
  const auto resolution = [](const std::string& at) {
    return OriginOf(FromJson(R"({"class":"identity","holder":"L-1","at":")" + at + "\"}").value())
        .at.resolution_ns;
  };
  EXPECT_EQ(resolution("2024-10-21T08:14:03Z"), kNsPerSecond);
  EXPECT_EQ(resolution("2024-10-21T08:14:03.2+01:00"), kNsPerSecond / 10);
  EXPECT_EQ(resolution("2024-10-21T08:14:03.250Z"), kNsPerMs);
  EXPECT_EQ(resolution("2024-10-21T08:14:03.250000000Z"), 1);
}

TEST(FromJson, ReadsAProtocolByNameOrNumber) {
  for (const char* proto : {"\"udp\"", "\"17\"", "17"}) {
    const Record record =
        FromJson(std::string(R"({"class":"network","event":"create","at":"2024-10-21T08:14:03Z",)") +
                 "\"proto\":" + proto + "}")
            .value();
    EXPECT_EQ(std::get<NatEvent>(record).proto, 17);
  }
}

TEST(FromJson, DroppingStepsOverWhateverAnUnknownKeyHolds) {
  std::vector<std::string> dropped;
  const Result<Record> record = FromJson(
      R"({"class":"identity","holder":"L-1","at":"2024-10-21T08:14:03Z","x":{"a":[1,{"b":true}]},"y":-1.5,"z":null})",
      &dropped);
  ASSERT_TRUE(record.ok()) << record.error().what();
  EXPECT_EQ(dropped, (std::vector<std::string>{"x", "y", "z"}));
}

TEST(FromJson, KeepsItsLimits) {
  const std::string head = R"({"class":"identity","holder":"L-1","at":"2024-10-21T08:14:03Z")";
  std::vector<std::string> dropped;

  const auto nested = [&](std::size_t depth) {  // arrays inside the object
    return head + R"(,"x":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  EXPECT_TRUE(FromJson(nested(kJsonDepthMax - 1), &dropped).ok());
  EXPECT_FALSE(FromJson(nested(kJsonDepthMax), &dropped).ok());

  const auto with_keys = [&](std::size_t keys) {
    std::string line = head;
    for (std::size_t i = 3; i < keys; ++i) line += ",\"k" + std::to_string(i) + "\":0";
    return line + "}";
  };
  EXPECT_TRUE(FromJson(with_keys(kJsonKeysMax), &dropped).ok());
  EXPECT_FALSE(FromJson(with_keys(kJsonKeysMax + 1), &dropped).ok());

  const auto padded = [&](std::size_t size) { return head + std::string(size - head.size() - 1, ' ') + "}"; };
  EXPECT_TRUE(FromJson(padded(kJsonLineBytesMax)).ok());
  EXPECT_EQ(ErrorOf(padded(kJsonLineBytesMax + 1)), "json: line longer than 65536 bytes");
}

TEST(FromJson, OfALineWithAnyByteChangedIsRefusedOrReadsBack) {
  for (const Record& record : ExampleRecords()) {
    const std::string line = ToJson(record);
    for (std::size_t i = 0; i < line.size(); ++i) {
      for (const char value : {'\0', '"', '{', '}', '[', ',', '0', '9', '-', 'e', '\\', '\xC3', ' '}) {
        std::string mutated = line;
        mutated[i] = value;
        const Result<Record> read = FromJson(mutated);
        if (!read.ok()) continue;
        EXPECT_TRUE(CheckRecord(read.value()).ok());
        EXPECT_EQ(FromJson(ToJson(read.value())).value(), read.value()) << mutated;
      }
    }
  }
}

TEST(FromJson, OfARowReducedToAnyFacesAgreesOnTheBytesOfThese) {
  for (const Record& record : ExampleRecords()) {
    const RecordKind kind = KindOf(record);
    for (const Face face : FacesOf(kind)) {
      const Result<Record> read = FromJson(ToJson(record, {face}), kind, {face});
      ASSERT_TRUE(read.ok()) << ToJson(record, {face}) << " " << read.error().what();
      EXPECT_EQ(FaceBytes(read.value(), face), FaceBytes(record, face));
      EXPECT_EQ(ToJson(read.value(), {face}), ToJson(record, {face}));
    }
    const std::vector<Face>& all = FacesOf(kind);
    EXPECT_EQ(FromJson(ToJson(record), kind, {all.begin(), all.end()}).value(), record);
  }
}

TEST(FromJson, OfAReducedRowRefusesAFieldOfAnotherFaceAndMissesOneOfItsOwn) {
  const auto error = [](const std::string& line, const std::set<Face>& faces) {
    const Result<Record> read = FromJson(line, RecordKind::kActivity, faces);
    return read.ok() ? "accepted" : read.error().what();
  };
  EXPECT_EQ(error(R"({"class":"activity","account":"u-1"})", {Face::kWho}), "accepted");
  EXPECT_EQ(error(R"({"class":"activity","account":"u-1","event":"login"})", {Face::kWho}),
            "key \"event\": unknown");
  EXPECT_EQ(error(R"({"class":"activity","message":"m-1"})", {Face::kWho}), "account: missing");
  EXPECT_EQ(error(R"({"class":"activity","at":"2024-10-21T08:14:03Z"})", {Face::kWhat}), "event: missing");
  EXPECT_EQ(error(R"({"class":"activity","event":"login"})", {Face::kWhat}), "at: missing");
  EXPECT_EQ(error(R"({"class":"network"})", {}), "class: not that of the kind");
}

}  // namespace
}  // namespace probatio::record
