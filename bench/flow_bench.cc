// How many NAT events one core reads from IPFIX messages in memory: into rows, as the collector does, and
// into records beside it. Messages are those of a busy exporter, each read once, so that no cache of the
// reader could help.
#include <fmt/format.h>

#include <ctime>

#include "decode/flow/flow_decoder.h"
#include "decode/flow/ipfix_writer.h"
#include "random.h"

namespace probatio::bench {
namespace {

constexpr std::size_t kEvents = 4'000'000;
constexpr std::size_t kRowsPerBatch = 131'072;  // as the collector stores them
constexpr std::size_t kRecordsPerBatch = 65'536;

record::NatEvent EventAt(std::int64_t at_ms, Dice* dice) {
  using Kind = record::NatEventKind;
  constexpr std::array<std::uint8_t, 3> kProtocols{6, 17, 1};
  record::NatEvent event;
  event.origin.at.at = Instant::FromUnixNs(at_ms * kNsPerMs);
  event.event = dice->Below(2) == 0 ? Kind::kNat44SessionCreate : Kind::kNat44SessionDelete;
  event.proto = kProtocols[dice->Below(3)];
  event.inside_ip = IpAddress::V4(0x64400000U + dice->Below(1U << 18));
  event.inside_port = static_cast<std::uint16_t>(1024 + dice->Below(64'512));
  event.public_ip = IpAddress::V4(0xC6120000U + dice->Below(1U << 12));
  event.public_port = static_cast<std::uint16_t>(1024 + dice->Below(64'512));
  return event;
}

std::vector<Buffer> Messages() {
  Dice dice(1);
  decode::IpfixWriter writer(1);
  std::vector<Buffer> messages;
  for (std::size_t i = 0; i < kEvents; ++i) {
    CHECK(writer.Add(EventAt(1'729'498'443'000 + static_cast<std::int64_t>(i / 1'000), &dice)).ok());
    if (i % 40 == 39) messages.push_back(writer.NextMessage(Instant::FromUnixSeconds(1'729'498'450)));
    if (i % 40'000 == 0) writer.RepeatTemplates();
  }
  while (!writer.empty()) messages.push_back(writer.NextMessage(Instant::FromUnixSeconds(1'729'498'450)));
  return messages;
}

// Processor time: others may be at work on the machine.
template <class Decode>
void Measure(const char* what, const std::vector<Buffer>& messages, Decode decode) {
  std::size_t read = 0;
  const std::clock_t begin = std::clock();
  for (const Buffer& message : messages) read += decode(decode::Piece{message, {}, {}, 0});
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  CHECK(read == kEvents);
  fmt::print("{:24} {:>6.1f} {:>9.1f}\n", what, kEvents / seconds / 1e6, 1e9 * seconds / kEvents);
}

}  // namespace
}  // namespace probatio::bench

int main() {
  using namespace probatio;
  using namespace probatio::bench;
  const std::vector<Buffer> messages = Messages();
  fmt::print("{:24} {:>6} {:>9}\n", "IPFIX, NAT44 sessions", "M/s", "ns/event");
  decode::FlowDecoder into_rows("cgn-1.example");
  record::RecordBatch batch;
  Measure("into rows", messages, [&](const decode::Piece& piece) {
    if (batch.size() >= kRowsPerBatch) batch.Clear();
    const std::size_t before = batch.events.rows.size();
    CHECK(into_rows.DecodeInto(piece, &batch).ok());
    return batch.events.rows.size() - before;
  });
  decode::FlowDecoder into_records("cgn-1.example");
  std::vector<record::Record> records;
  Measure("into records", messages, [&](const decode::Piece& piece) {
    if (records.size() >= kRecordsPerBatch) records.clear();
    const std::size_t before = records.size();
    CHECK(into_records.Decode(piece, &records).ok());
    return records.size() - before;
  });
  return 0;
}
