#include "record/canonical.h"

#include <gtest/gtest.h>

#include "record/example_records.h"

namespace probatio::record {
namespace {

// Every record that leaves out what may be left out, beside those that leave out nothing.
std::vector<Record> Examples() {
  std::vector<Record> records = ExampleRecords();
  Activity activity;
  activity.account = "u-1";
  activity.origin.at.offset = {-1'500'000'000};
  Account account;
  account.account = "u-1";
  Identity identity;
  identity.holder = "L-1";
  records.insert(records.end(), {NatEvent{}, AccessSession{}, activity, account, identity});
  return records;
}

TEST(RecordBytes, ComeBackAsTheSameRecord) {
  for (const Record& record : Examples()) {
    ASSERT_TRUE(CheckRecord(record).ok());
    const Result<Record> read = ParseRecordBytes(RecordBytes(record));
    ASSERT_TRUE(read.ok()) << read.error().what();
    EXPECT_EQ(read.value(), record);
  }
}

TEST(RecordBytes, OfANatEventArePinned) {
  NatEvent event;
  event.origin.at = {Instant::FromUnixNs(1), 2, 3, ClockSource::kExport};
  event.event = NatEventKind::kNat44SessionCreate;
  event.public_ip = IpAddress::V4(0xCB007107);
  event.public_port = 443;
  EXPECT_EQ(ToHex(RecordBytes(event)),
            "0100"
            "01080000000000000001"
            "020102"
            "030103"
            "040103"
            "080104"
            "0d04cb007107"
            "0e0201bb");
  EXPECT_EQ(ToHex(FaceBytes(event, Face::kWho)), "0102");
}

TEST(RecordBytes, CarryAClocksCorrectionWithItsInstantAndNeverOneOfZero) {
  NatEvent event;
  event.origin.at.offset = {-2};
  const std::string bytes = ToHex(FaceBytes(event, Face::kWhat));
  EXPECT_TRUE(bytes.ends_with("2a08fffffffffffffffe")) << bytes;
  Buffer zero = FaceBytes(event, Face::kWhat);
  std::fill(zero.end() - 8, zero.end(), std::uint8_t{0});
  EXPECT_FALSE(ParseFaceBytes(zero).ok());
}

TEST(FaceBytes, TogetherHoldEveryFieldOfTheRowOnce) {
  for (const Record& record : Examples()) {
    std::size_t size = 2;
    for (const Face face : FacesOf(KindOf(record))) {
      const Buffer bytes = FaceBytes(record, face);
      const Result<Record> read = ParseFaceBytes(bytes);
      ASSERT_TRUE(read.ok()) << read.error().what();
      EXPECT_EQ(FaceBytes(read.value(), face), bytes);
      size += bytes.size() - 2;
    }
    EXPECT_EQ(size, RecordBytes(record).size());
  }
}

TEST(FaceBytes, OfOneFaceShowNothingOfAnother) {
  const Record record = ExampleRecords()[0];
  const auto what = std::get<NatEvent>(ParseFaceBytes(FaceBytes(record, Face::kWhat)).value());
  EXPECT_TRUE(what.public_ip.has_value());
  EXPECT_FALSE(what.inside_ip.has_value());
  EXPECT_FALSE(what.subscriber.has_value());
  EXPECT_TRUE(what.origin.exporter.empty());
}

// What is read must be exactly what would be written: else one row could have two commitments.
void ExpectRefusedOrCanonical(const Buffer& bytes) {
  const Result<Record> record = ParseRecordBytes(bytes);
  if (record.ok()) {
    EXPECT_EQ(RecordBytes(record.value()), bytes);
  }
  const Result<Record> face = ParseFaceBytes(bytes);
  if (face.ok()) {
    EXPECT_EQ(FaceBytes(face.value(), static_cast<Face>(bytes[1])), bytes);
  }
}

TEST(RecordBytes, WithAnyByteChangedAreRefusedOrStillCanonical) {
  for (const Record& record : Examples()) {
    std::vector<Buffer> forms{RecordBytes(record)};
    for (const Face face : FacesOf(KindOf(record))) forms.push_back(FaceBytes(record, face));
    for (const Buffer& bytes : forms) {
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        for (unsigned value = 0; value < 256; ++value) {
          Buffer mutated = bytes;
          mutated[i] = static_cast<std::uint8_t>(value);
          ExpectRefusedOrCanonical(mutated);
        }
      }
    }
  }
}

TEST(RecordBytes, CutShortOrLengthenedAreRefused) {
  for (const Record& record : ExampleRecords()) {
    const Buffer bytes = RecordBytes(record);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      ExpectRefusedOrCanonical({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)});
    }
    Buffer longer = bytes;
    longer.push_back(0);
    EXPECT_EQ(ParseRecordBytes(longer).error().code(), ErrorCode::kInvalid);
  }
}

TEST(RecordBytes, RefuseAFieldTwiceOutOfOrderOrOfAnotherKind) {
  const std::string head = "01080000000000000001020102030103040103080104";
  const auto error = [&](const std::string& tail) {
    return ParseRecordBytes(FromHex("0100" + head + tail).value()).error().what();
  };
  EXPECT_TRUE(ParseRecordBytes(FromHex("0100" + head + "09010b").value()).ok());
  EXPECT_EQ(error("090106"
                  "090106"),
            "record: field 9 does not belong at offset 27");
  EXPECT_EQ(error("0e0201bb"
                  "090106"),
            "record: field 9 does not belong at offset 28");
  EXPECT_EQ(error("170161"), "record: field 23 does not belong at offset 24");
  EXPECT_EQ(error("0e0101"), "record: public_port at offset 24: not 2 octets long");
  EXPECT_EQ(error("0d05cb00710701"), "record: public_ip at offset 24: ip address: neither 4 nor 16 octets");
}

TEST(RecordBytes, HaveOneFormOfEachLengthAndOfEachBound) {
  const std::string head = "0100010800000000000000010200";
  const auto error = [&](const std::string& tail) {
    const Result<Record> read = ParseRecordBytes(FromHex(head + tail).value());
    return read.ok() ? "accepted" : read.error().what();
  };
  EXPECT_EQ(error("0300040103080104"), "accepted");  // bounds of zero have no octet
  EXPECT_EQ(error("030100040103080104"), "record: at_error_ns at offset 14: begins with an octet of zeros");
  EXPECT_EQ(error("0309010000000000000000040103080104"),
            "record: at_error_ns at offset 14: more than 8 octets long");
  EXPECT_EQ(error("03088000000000000000040103080104"), "record: at_error_ns at offset 14: below zero");
  EXPECT_EQ(error("03ff0001040103080104"), "record: at_error_ns at offset 14: a short length written long");

  NatEvent event;
  for (const std::size_t size : {254U, 255U, 256U}) {
    event.subscriber = std::string(size, 'a');
    EXPECT_EQ(std::get<NatEvent>(ParseRecordBytes(RecordBytes(event)).value()), event) << size;
  }
}

TEST(FaceBytes, OfATypicalSessionFitOneBlockOfSha256WithItsSalt) {
  constexpr std::size_t kRoom = 64 - 9 - 1 - 16;  // of a block: padding and size, what is hashed, salt
  NatEvent event;
  event.origin.at = {Instant::FromUnixNs(1'729'498'443'250'000'000), kNsPerMs, 0, ClockSource::kEvent};
  event.origin.exporter = "cgn-1.example";
  event.event = NatEventKind::kNat44SessionCreate;
  event.proto = 6;
  event.inside_ip = IpAddress::V4(0x64400107);
  event.public_ip = IpAddress::V4(0xCB007107);
  event.public_port = 51'234;
  event.end_at = event.origin.at.at + kNsPerSecond;
  for (const Face face : FacesOf(RecordKind::kNatEvent)) EXPECT_LE(FaceBytes(event, face).size(), kRoom);
}

TEST(ParseFaceBytes, RefusesAWholeRecordAndTheOtherWayRound) {
  const Record record = ExampleRecords()[4];
  EXPECT_FALSE(ParseFaceBytes(RecordBytes(record)).ok());
  EXPECT_FALSE(ParseRecordBytes(FaceBytes(record, Face::kHead)).ok());
  EXPECT_FALSE(ParseFaceBytes(FromHex("0501").value()).ok());  // an identity has no "what"
}

TEST(CheckRecord, KeepsTheLimitsOfTexts) {
  NatEvent event;
  event.subscriber = std::string(kTextBytesMax, 'a');
  EXPECT_TRUE(CheckRecord(event).ok());
  event.subscriber = std::string(kTextBytesMax + 1, 'a');
  EXPECT_EQ(CheckRecord(event).error().what(), "subscriber: longer than 1024 bytes");
  event.subscriber = "\xC0\xAF";
  EXPECT_FALSE(CheckRecord(event).ok());
}

TEST(CheckRecord, KeepsTheLimitsOfListsAndOfTheWholeRecord) {
  Identity identity;
  identity.holder = "L-1";
  identity.emails = std::vector<std::string>(kTextListMax, "a@example.org");
  EXPECT_TRUE(CheckRecord(identity).ok());
  identity.emails.emplace_back("b@example.org");
  EXPECT_EQ(CheckRecord(identity).error().what(), "emails: more than 64 entries");

  identity.emails = std::vector<std::string>(63, std::string(kTextBytesMax, 'a'));
  identity.surname = std::string(800, 'a');
  while (RecordBytes(identity).size() < kFaceBytesMax) *identity.surname += 'a';
  EXPECT_TRUE(CheckRecord(identity).ok());
  EXPECT_TRUE(ParseRecordBytes(RecordBytes(identity)).ok());
  *identity.surname += 'a';
  EXPECT_FALSE(CheckRecord(identity).ok());
  EXPECT_FALSE(ParseRecordBytes(RecordBytes(identity)).ok());
}

TEST(CheckRecord, TakesAnEndOnlyOfWhatBeganAndNotBeforeIt) {
  NatEvent event;
  event.event = NatEventKind::kNat44SessionCreate;
  event.end_at = event.origin.at.at;
  event.end_seq = 4;
  EXPECT_TRUE(CheckRecord(event).ok());
  event.end_at = event.origin.at.at - 1;
  EXPECT_EQ(CheckRecord(event).error().what(), "end_at: before at");
  event.end_at.reset();
  EXPECT_EQ(CheckRecord(event).error().what(), "end_seq: without end_at");
  event.end_at = event.origin.at.at;
  event.event = NatEventKind::kNat44SessionDelete;
  EXPECT_EQ(CheckRecord(event).error().what(), "end_at: of an event that begins nothing");
}

TEST(CheckRecord, AsksForTheKeyOfTheRow) {
  EXPECT_EQ(CheckRecord(Activity{}).error().what(), "account: missing");
  EXPECT_EQ(CheckRecord(Account{}).error().what(), "account: missing");
  EXPECT_EQ(CheckRecord(Identity{}).error().what(), "holder: missing");
}

TEST(CheckRecord, RefusesAnInstantThatCouldNotBePrinted) {
  NatEvent event;
  event.origin.at.at = Instant::FromCivilUtc(1678, 1, 1).value();
  EXPECT_TRUE(CheckRecord(event).ok());
  event.origin.at.at = event.origin.at.at - 1;
  EXPECT_EQ(CheckRecord(event).error().what(), "at: outside the years 1678 to 2261");
  event.origin.at.at = Instant::FromCivilUtc(2261, 12, 31, 23, 59, 59, kNsPerSecond - 1).value();
  EXPECT_TRUE(CheckRecord(event).ok());
  event.origin.at.at = event.origin.at.at + 1;
  EXPECT_FALSE(CheckRecord(event).ok());
  event.origin.at = {};
  event.origin.at.error_ns = -1;
  EXPECT_EQ(CheckRecord(event).error().what(), "at_error_ns: below zero");
}

TEST(Faces, HaveNamesThatReadBackAndAnAscendingOrder) {
  for (const RecordKind kind : {RecordKind::kNatEvent, RecordKind::kAccessSession, RecordKind::kActivity,
                                RecordKind::kAccount, RecordKind::kIdentity}) {
    const std::vector<Face>& faces = FacesOf(kind);
    EXPECT_TRUE(std::is_sorted(faces.begin(), faces.end()));
    for (const Face face : faces) EXPECT_EQ(ParseFace(ToText(face)).value(), face);
  }
  EXPECT_FALSE(ParseFace("unknown").ok());
}

TEST(NatEventKind, KeepsTheWireValuesOfRfc8158) {
  for (std::uint8_t value = 0; value < 255; ++value) {
    const auto kind = static_cast<NatEventKind>(value);
    const bool known = (value >= 1 && value <= 18) || value == 240 || value == 241;  // the last two are ours
    EXPECT_EQ(ToText(kind) != "unknown", known) << int{value};
    if (known) {
      EXPECT_EQ(ParseNatEventKind(ToText(kind)).value(), kind);
    }
  }
  for (std::uint8_t value = 1; value < 255; ++value) {
    const auto kind = static_cast<NatEventKind>(value);
    if (NatureOf(kind) != Nature::kBegins) continue;
    EXPECT_EQ(NatureOf(EndOf(kind)), Nature::kEnds);
    EXPECT_EQ(BeginningOf(EndOf(kind)), kind);
  }
  EXPECT_EQ(EndOf(NatEventKind::kNat44SessionCreate), NatEventKind::kNat44SessionDelete);
  EXPECT_EQ(NatureOf(NatEventKind::kPortBlockAllocate), Nature::kBegins);
  EXPECT_EQ(NatureOf(NatEventKind::kNat44SessionDelete), Nature::kEnds);
  EXPECT_EQ(NatureOf(NatEventKind::kPortsExhausted), Nature::kNeither);
}

TEST(Protocol, HasALowerCaseNameOrItsNumber) {
  for (unsigned value = 0; value < 256; ++value) {
    const auto proto = static_cast<std::uint8_t>(value);
    EXPECT_EQ(ParseProtocol(ProtocolName(proto)).value(), proto);
  }
  EXPECT_EQ(ProtocolName(6), "tcp");
  EXPECT_EQ(ProtocolName(200), "200");
  for (const char* text : {"TCP", "256", "-1", "", "6 "}) EXPECT_FALSE(ParseProtocol(text).ok()) << text;
}

}  // namespace
}  // namespace probatio::record
