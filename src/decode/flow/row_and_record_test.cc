// Both ways of the decoder, as rows and as records, say the same of every message.
#include <gtest/gtest.h>

#include <random>

#include "decode/flow/both_ways_for_tests.h"
#include "decode/flow/exporter_for_tests.h"
#include "decode/flow/ipfix_writer.h"

namespace probatio::decode {
namespace {

using Fields = std::vector<std::pair<int, int>>;

// Elements that a NAT's template may hold, with lengths that fit and some that do not.
const Fields kElements{{4, 1},   {7, 2},   {7, 1},    {8, 4},    {11, 2},  {12, 4},  {27, 16}, {28, 16},
                       {225, 4}, {226, 4}, {227, 2},  {227, 1},  {228, 2}, {229, 1}, {230, 1}, {233, 1},
                       {234, 4}, {234, 2}, {281, 16}, {282, 16}, {322, 4}, {323, 8}, {324, 8}, {325, 8},
                       {361, 2}, {362, 2}, {363, 2},  {364, 2},  {152, 8}, {153, 8}, {371, 6}, {464, 4},
                       {8, 3},   {230, 2}, {95, 4},   {1, 8}};

class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}
  std::size_t Below(std::size_t n) { return engine_() % n; }

  Fields Template() {
    Fields fields{{230, 1}, {225, 4}, {8, 4}, {227, 2}, {323, 8}};
    const std::size_t more = Below(8);
    for (std::size_t i = 0; i < more; ++i) fields.push_back(kElements[Below(kElements.size())]);
    std::shuffle(fields.begin(), fields.end(), engine_);
    if (Below(3) == 0) fields.resize(1 + Below(fields.size()));
    if (Below(10) == 0) fields.push_back({82, 65'535});
    return fields;
  }

  // Octets near what they should be: zero, small, or a time of the right size.
  void Value(int element, std::size_t length, ByteWriter* out) {
    const bool time = length == 8 && (element == 323 || element == 152 || element == 153);
    if (time && Below(10) != 0) return out->U64(1'729'498'443'250U + Below(100'000));
    const bool zero = Below(6) == 0;
    for (std::size_t i = 0; i < length; ++i) {
      const std::size_t most = element == 230 ? 20 : element == 234 ? 2 : 256;
      out->U8(zero ? 0 : static_cast<std::uint8_t>(Below(most)));
    }
  }

  Buffer Records(const Fields& fields) {
    ByteWriter out;
    const std::size_t count = Below(40);
    for (std::size_t i = 0; i < count; ++i) {
      for (const auto& [element, length] : fields) {
        if (length == 65'535) out.U8(1);
        Value(element, length == 65'535 ? 1 : static_cast<std::size_t>(length), &out);
      }
    }
    return out.Take();
  }

 private:
  std::mt19937 engine_;
};

TEST(RowAndRecord, AgreeOnRandomTemplatesAndMessages) {
  Random random(8158);
  std::uint64_t rows = 0;
  for (int round = 0; round < 400; ++round) {
    BothWays both;
    Fields fields[2] = {random.Template(), random.Template()};
    std::uint32_t sequence = 0;
    for (int message = 0; message < 4; ++message) {
      std::vector<Buffer> sets;
      for (std::uint16_t id = 0; id < 2; ++id) {
        // The data may come before its template, or its template may change.
        if (random.Below(20) == 0) fields[id] = random.Template();
        if (message > 0 || random.Below(3) != 0)
          sets.push_back(SetBytes(2, TemplateBytes(256 + id, fields[id])));
        sets.push_back(SetBytes(256 + id, random.Records(fields[id])));
      }
      Buffer bytes = MessageBytes(sets, sequence);
      if (random.Below(8) == 0)
        bytes[random.Below(bytes.size())] = static_cast<std::uint8_t>(random.Below(256));
      both.Send(bytes);
      sequence += static_cast<std::uint32_t>(random.Below(60));
    }
    ASSERT_TRUE(both.Agree()) << "round " << round;
    rows += both.rows;
  }
  EXPECT_GT(rows, 10'000U);
}

record::NatEvent Event(std::uint32_t i, bool block) {
  record::NatEvent event;
  event.origin.at.at = Instant::FromUnixSeconds(1'729'498'443) + static_cast<std::int64_t>(i) * kNsPerMs;
  using Kind = record::NatEventKind;
  event.event = block ? (i % 2 == 0 ? Kind::kPortBlockAllocate : Kind::kPortBlockRelease)
                      : (i % 2 == 0 ? Kind::kNat44SessionCreate : Kind::kNat44SessionDelete);
  if (!block) event.proto = i % 3 == 0 ? 17 : 6;
  event.inside_ip = IpAddress::V4(0x64400000 + i);
  event.public_ip = IpAddress::V4(0xC6120000 + i % 64);
  if (block) {
    event.port_first = static_cast<std::uint16_t>(1024 + i % 100 * 512);
    event.port_last = static_cast<std::uint16_t>(*event.port_first + 511);
  } else {
    event.inside_port = static_cast<std::uint16_t>(i);
    event.public_port = static_cast<std::uint16_t>(1024 + i);
  }
  return event;
}

TEST(RowAndRecord, UsualEventsAreRowsAndNothingElse) {
  for (const bool block : {false, true}) {
    BothWays both;
    IpfixWriter writer(1);
    for (std::uint32_t i = 0; i < 1'000; ++i) ASSERT_TRUE(writer.Add(Event(i, block)).ok());
    while (!writer.empty()) both.Send(writer.NextMessage(Instant::FromUnixSeconds(kTestExportTime)));
    EXPECT_EQ(both.rows, 1'000U);
    EXPECT_TRUE(both.Agree());
    EXPECT_TRUE(both.batch.records.empty());
    EXPECT_LE(both.batch.events.shapes().size(), 4U);
  }
}

TEST(RowAndRecord, TheGeneralReaderIsAskedOnlyAboutWhatIsUnusual) {
  const auto reader_of = [](const Fields& fields) {
    Template record{300, false, {}, 0};
    for (const auto& [id, length] : fields) {
      record.fields.push_back({static_cast<std::uint16_t>(id), static_cast<std::uint16_t>(length), 0});
      record.length_min += static_cast<std::size_t>(length);
    }
    return NatRowReader::Of(record);
  };
  const Fields usual{{323, 8}, {230, 1}, {8, 4}, {225, 4}, {4, 1}, {7, 2}, {227, 2}};
  std::optional<NatRowReader> reader = reader_of(usual);
  ASSERT_TRUE(reader.has_value());
  record::RecordBatch batch;
  const std::string exporter = "cgn-1.example";
  const NatRowReader::Origin origin{exporter, 1, Instant()};
  reader->Begin(origin, &batch);
  Buffer record = Hex(kSessionHex);
  EXPECT_TRUE(reader->Read(record.data(), 7));
  record[8] = 19;  // no event of RFC 8158
  EXPECT_FALSE(reader->Read(record.data(), 8));
  EXPECT_EQ(batch.events.rows.size(), 1U);
  for (const std::pair<int, int>& unusual : Fields{{233, 1}, {371, 6}, {8, 3}, {227, 0}, {1, 65'535}}) {
    Fields fields = usual;
    fields.push_back(unusual);
    EXPECT_FALSE(reader_of(fields).has_value()) << unusual.first;
  }
}

// A create after a delete of the same tuple must not overtake it because one of them was unusual.
TEST(RowAndRecord, AnUnusualRecordKeepsItsPlace) {
  BothWays both;
  const std::string session = kSessionHex;
  std::string untimed = session;
  untimed.replace(0, 16, 16, '0');  // no observation time: the export time counts
  both.Send(MessageBytes({SetBytes(2, SessionTemplate()), SetBytes(256, Hex(session + untimed + session))}));
  EXPECT_TRUE(both.Agree());
  ASSERT_EQ(both.batch.events.rows.size(), 3U);
  EXPECT_EQ(both.batch.events.EventOf(both.batch.events.rows[1]).origin.at.source, ClockSource::kExport);
}

TEST(RowAndRecord, AgreeWhenTheShapesAreFull) {
  BothWays both;
  const Fields fields{{230, 1}, {225, 4}, {227, 2}, {234, 4}, {323, 8}};
  both.Send(MessageBytes({SetBytes(2, TemplateBytes(256, fields))}));
  std::uint32_t realm = 0;
  for (std::uint32_t message = 0; message < 70; ++message) {
    ByteWriter records;
    for (int i = 0; i < 1'000; ++i) {
      records.U8(4);
      records.U32(0xCB007107);
      records.U16(2000);
      records.U32(realm++);
      records.U64(1'729'498'443'250U);
    }
    both.Send(MessageBytes({SetBytes(256, records.Take())}, message * 1'000));
  }
  EXPECT_TRUE(both.Agree());
  EXPECT_EQ(both.batch.events.rows.size(), record::kNatShapesMax);
  EXPECT_EQ(both.batch.records.size(), 70'000 - record::kNatShapesMax);
}

TEST(RowAndRecord, NumbersOfAnotherBatchAreNotUsed) {
  FlowDecoder decoder("cgn-1.example");
  const Buffer message = MessageBytes({SetBytes(2, SessionTemplate()), SetBytes(256, Hex(kSessionHex))});
  for (int i = 0; i < 3; ++i) {
    record::RecordBatch batch;
    record::NatEvent other = Event(0, true);
    for (std::uint32_t k = 0; k < static_cast<std::uint32_t>(i); ++k) {
      other.origin.domain = k;
      batch.Add(other);
    }
    ASSERT_TRUE(decoder.DecodeInto({message, {}, {}, 0}, &batch).ok());
    EXPECT_EQ(batch.events.EventOf(batch.events.rows.back()).event,
              record::NatEventKind::kNat44SessionCreate);
  }
}

}  // namespace
}  // namespace probatio::decode
