// The blocks of testdata/seal/nat-block-*.hex, pinned: the first is the worked example of
// docs/formats/block.md, and tests/nat_block_reader.py reads all of them from that page alone and compares
// with the .jsonl beside each.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "seal/test_nat_rows.h"

namespace probatio::seal {
namespace {

struct Sample {
  NatTables tables;
  std::vector<NatRow> rows;

  void Add(std::uint32_t shape, std::uint32_t inside, std::uint16_t port, const char* at, const char* end) {
    NatRow row;
    row.shape = shape;
    row.inside = inside;
    row.address = 0;
    row.port = port;
    row.at_ns = Instant::ParseRfc3339(at).value().unix_ns();
    row.end_ns = Instant::ParseRfc3339(end).value().unix_ns();
    rows.push_back(row);
  }
};

NatInside Inside(const char* ip, std::optional<std::string> subscriber = std::nullopt) {
  return {IpAddress::Parse(ip).value(), std::move(subscriber)};
}

// Three sessions of two insides.
Sample WorkedExample() {
  Sample sample;
  sample.tables.AddressOf(IpAddress::V4(0xCB007107));
  const std::uint32_t tcp = TestShape(&sample.tables, 6, false);
  const std::uint32_t udp = TestShape(&sample.tables, 17, false);
  const std::uint32_t five = sample.tables.InsideOf(Inside("100.64.0.5"));
  const std::uint32_t nine = sample.tables.InsideOf(Inside("100.64.0.9"));
  sample.Add(tcp, nine, 2000, "2024-10-21T08:14:59.990Z", "2024-10-21T08:15:00.000Z");
  sample.Add(tcp, five, 2000, "2024-10-21T08:15:00.001Z", "2024-10-21T08:15:00.004Z");
  sample.Add(udp, nine, 2003, "2024-10-21T08:15:00.001Z", "2024-10-21T08:15:00.002Z");
  return sample;
}

// What the example leaves out: single events, port blocks, IPv6, texts, numbers of a sequence, 1969.
Sample EveryField() {
  Sample sample;
  NatTables& tables = sample.tables;
  tables.AddressOf(IpAddress::Parse("2001:db8::7").value());
  NatShape full;
  full.event = record::NatEventKind::kNat64SessionCreate;
  full.session = full.has_inside_port = full.has_seq = full.has_end_seq = full.has_port = true;
  full.proto = 6;
  full.clock = {Instant(), 1000, 2'000'000, ClockSource::kExport, ClockOffset{-1'500'000'000}};
  full.exporter = "cgn-2.example";
  full.domain = 70'000;
  full.inside_realm = "vrf-7";
  NatShape block = full;
  block.event = record::NatEventKind::kPortBlockAllocate;
  block.session = block.has_inside_port = block.has_end_seq = false;
  block.block = true;
  block.port_span = 511;
  block.port_step = 2;
  block.proto.reset();
  NatShape exhausted;
  exhausted.event = record::NatEventKind::kPortsExhausted;
  const std::vector<std::uint32_t> shapes{tables.ShapeOf(full), tables.ShapeOf(block),
                                          tables.ShapeOf(exhausted)};
  const std::vector<std::uint32_t> insides{tables.InsideOf(Inside("2001:db8::a1", "L-000123")),
                                           tables.InsideOf(Inside("2001:db8::a2", "L-000124")),
                                           tables.InsideOf(Inside("100.64.3.1", "L-000777")),
                                           tables.InsideOf(Inside("100.64.3.9")),
                                           tables.InsideOf(Inside("2001:db8::b1")),
                                           tables.InsideOf({std::nullopt, "L-000125"}),
                                           tables.InsideOf({})};
  TestRandom random(2);
  for (int i = 0; i < 60; ++i) {
    const std::size_t kind = random.Below(8) < 6 ? 0 : 1 + random.Below(2);
    const NatShape& shape = tables.shapes()[shapes[kind]];
    NatRow row;
    row.shape = shapes[kind];
    row.inside = insides[random.Below(1 + random.Below(insides.size()))];
    row.end_ns = static_cast<std::int64_t>(random.Below(2'000'000)) * 1000 - kNsPerSecond;
    row.at_ns =
        row.end_ns -
        (shape.session ? static_cast<std::int64_t>(random.Below(40'000) >> random.Below(16)) : 0) * 1000;
    if (shape.has_port) row.port = static_cast<std::uint16_t>(kind == 1 ? 0xC000 : 4 * random.Below(40));
    if (shape.has_inside_port) row.inside_port = static_cast<std::uint16_t>(40'000 + random.Below(500));
    const auto seq_of = [&](std::int64_t ns) {
      return 0xFFFFF000U + static_cast<std::uint64_t>(ns / 1'000'000 + 900) * 3;
    };
    if (shape.has_seq) row.seq = seq_of(row.at_ns);
    if (shape.has_end_seq) row.end_seq = seq_of(row.end_ns) + random.Below(4);
    sample.rows.push_back(row);
  }
  SortRows(&sample.rows);
  return sample;
}

// Enough rows of one kind for every code to be worth its table.
Sample Quarter() {
  Sample sample;
  TestRandom random(4);
  sample.rows = TestSessions(&random, &sample.tables, 9000, kNsPerMs);
  sample.rows.resize(270);
  return sample;
}

// One row as the reader prints it, in the same order.
std::string ToJson(const NatRow& row, const NatTables& tables) {
  const NatShape& shape = tables.shapes()[row.shape];
  const NatInside& inside = tables.insides()[row.inside];
  std::string json = fmt::format(R"({{"public_ip": "{}", "at_ns": {}, "end_ns": {})",
                                 tables.addresses()[row.address].ToText(), row.at_ns, row.end_ns);
  const auto add = [&json](const char* key, bool present, const std::string& value) {
    if (present) json += fmt::format(R"(, "{}": {})", key, value);
  };
  const auto text = [](const std::string& value) { return '"' + value + '"'; };
  add("port", shape.has_port, std::to_string(row.port));
  add("inside_ip", inside.ip.has_value(), inside.ip.has_value() ? text(inside.ip->ToText()) : "");
  add("subscriber", inside.subscriber.has_value(), text(inside.subscriber.value_or("")));
  add("inside_port", shape.has_inside_port, std::to_string(row.inside_port));
  add("seq", shape.has_seq, std::to_string(row.seq));
  add("end_seq", shape.has_end_seq, std::to_string(row.end_seq));
  add("event", true, std::to_string(static_cast<int>(shape.event)));
  add("session", true, shape.session ? "true" : "false");
  add("block", true, shape.block ? "true" : "false");
  add("other_port", shape.other_port.has_value(), std::to_string(shape.other_port.value_or(0)));
  add("span", shape.port_span.has_value(), std::to_string(shape.port_span.value_or(0)));
  add("step", shape.port_step.has_value(), std::to_string(shape.port_step.value_or(0)));
  add("proto", shape.proto.has_value(), std::to_string(shape.proto.value_or(0)));
  add("resolution", true, std::to_string(shape.clock.resolution_ns));
  add("error", true, std::to_string(shape.clock.error_ns));
  add("clock", true, text(std::string(ToText(shape.clock.source))));
  add("offset", shape.clock.offset.ns != 0, std::to_string(shape.clock.offset.ns));
  add("exporter", true, text(shape.exporter));
  add("domain", shape.domain.has_value(), std::to_string(shape.domain.value_or(0)));
  add("realm", shape.inside_realm.has_value(), text(shape.inside_realm.value_or("")));
  return json + "}\n";
}

std::string ToJson(const Sample& sample) {
  std::string lines;
  for (const NatRow& row : sample.rows) lines += ToJson(row, sample.tables);
  return lines;
}

// Sixteen octets a line.
std::string ToLines(const Buffer& bytes) {
  const std::string hex = ToHex(bytes);
  std::string lines;
  for (std::size_t i = 0; i < hex.size(); i += 32) lines += hex.substr(i, 32) + "\n";
  return lines;
}

std::string Content(const std::string& path) {
  std::ifstream file(path);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

void ExpectPinned(const std::string& name, const Sample& sample) {
  EXPECT_EQ(Content("testdata/seal/" + name + ".jsonl"), ToJson(sample)) << "run from the repository root";
  const Buffer bytes = EncodeNatRows(sample.rows, sample.tables);
  EXPECT_EQ(Content("testdata/seal/" + name + ".hex"), ToLines(bytes));
  EXPECT_TRUE(DecodeNatRows(bytes).ok());
}

TEST(NatBlockVector, PinsTheWorkedExample) {
  ExpectPinned("nat-block-1", WorkedExample());
}

TEST(NatBlockVector, PinsABlockWithEveryField) {
  ExpectPinned("nat-block-2", EveryField());
}

TEST(NatBlockVector, PinsABlockOfManySessions) {
  ExpectPinned("nat-block-3", Quarter());
}

}  // namespace
}  // namespace probatio::seal
