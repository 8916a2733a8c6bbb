// How many lines of syslog one core reads into records, by vendor and all mixed. Lines are invented;
// addresses and ports differ from line to line, so that no cache of the reader could help.
#include <fmt/format.h>

#include <ctime>

#include "decode/syslog/syslog_decoder.h"
#include "random.h"

namespace probatio::bench {
namespace {

constexpr std::size_t kLines = 200'000;
constexpr std::size_t kLinesPerPiece = 20;  // of a busy exporter's datagrams in one receive

struct Form {
  const char* vendor;
  const char* line;  // {0}: last octets of the inside address, {1}: public port, {2}: the port 511 after it
};

constexpr std::array<Form, 8> kForms{{
    {"juniper-pba",
     R"(<14>1 2024-10-21T10:14:05.250+02:00 srx1.example RT_NAT - RT_SRC_NAT_PBA_ALLOC [junos@2636.1.1.1.2.137 internal-ip="100.64.{0}" block-used="1" block-max-per-host="4" block-port-low="{1}" block-port-high="{2}" reflexive-ip="203.0.113.7" nat-pool-name="p" logical-system-id="0" epoch-time-64="67160d4b"])"},
    {"juniper-session",
     R"(<14>1 2024-10-21T08:14:03.250Z mx1.example RT_FLOW - RT_FLOW_SESSION_CREATE_USF [junos@2636.1.1.1.2.25 service-set-name="S" source-address="100.64.{0}" source-port="40000" destination-address="198.51.100.9" destination-port="443" connection-tag="0" service-name="junos-https" nat-source-address="203.0.113.7" nat-source-port="{1}" nat-destination-address="198.51.100.9" nat-destination-port="443" protocol-id="6" policy-name="p1" session-id-32="160000001" username="N/A"])"},
    {"cisco-iosxr",
     "1 2024 Oct 21 10:14:03 192.0.2.9 - - NAT44 - [UserbasedA - 100.64.{0} vrf-1 - 203.0.113.7 - {1} {2}]"},
    {"cisco-asa",
     "<166>Oct 21 10:14:03 fw1 %ASA-6-305011: Built dynamic TCP translation from inside:100.64.{0}/40000 to "
     "outside:203.0.113.7/{1}"},
    {"huawei-nat444",
     "<134>1 2024 Oct 21 10:14:03 192.0.2.8 cgn - NAT444:SessionbasedA [17 100.64.{0} - 203.0.113.7 40000 "
     "{1} -]"},
    {"a10-cef",
     "2024-10-21T08:14:03.87+00:00 192.0.2.7 cgn0 CEF:0|A10|CFW|6.0.0-P1|CGN 106|Nat Port Batch Pool "
     "Allocated|5|proto=UDP src=100.64.{0} sourceTranslatedAddress=203.0.113.7 sourceTranslatedPort={1} "
     "cn3={2} "
     "cn3Label=Last Nat Port"},
    {"nfware",
     "<134>1 2024-10-21T08:14:03Z cgn1 nfware - - - A VRF 0 INT 100.64.{0} EXT 203.0.113.7:{1}-{2}"},
    {"mikrotik",
     "<134>Oct 21 10:14:03 bras firewall,info forward: in:<pppoe-line-7> out:vlan7, "
     "connection-state:new,snat proto "
     "TCP (SYN), 100.64.{0}:40000->198.51.100.9:443, NAT "
     "(100.64.{0}:40000->203.0.113.7:{1})->198.51.100.9:443, len 60"},
}};

std::string LineOf(const Form& form, Dice* dice) {
  const std::uint32_t port = 1024 + dice->Below(60'000);
  const std::string inside = fmt::format("{}.{}", dice->Below(64), dice->Below(256));
  return fmt::format(fmt::runtime(form.line), inside, port, port + 511) + "\n";
}

// Processor time: others may be at work on the machine.
void Measure(const char* what, const std::vector<std::string>& pieces) {
  decode::SourceClock clock;
  clock.zone = std::make_shared<const decode::TimeZone>(decode::TimeZone::Fixed("+02:00", 7'200));
  clock.year = 2024;
  decode::SyslogDecoder decoder("", clock);
  std::vector<record::Record> records;
  std::size_t read = 0;
  std::size_t bytes = 0;
  const std::clock_t begin = std::clock();
  for (const std::string& text : pieces) {
    records.clear();
    decode::Piece piece;
    piece.bytes = AsBytes(text);
    const Status decoded = decoder.Decode(piece, &records);
    if (!decoded.ok()) fmt::print(stderr, "{}: {}\n", what, decoded.error().what());
    CHECK(decoded.ok());
    read += records.size();
    bytes += text.size();
  }
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  CHECK(read == kLines);
  fmt::print("{:16} {:>6.0f} {:>11.0f} {:>9.0f}\n", what, static_cast<double>(bytes) / kLines,
             kLines / seconds, 1e9 * seconds / kLines);
}

// Lines of one form, or of all in turn.
std::vector<std::string> Pieces(std::span<const Form> forms, Dice* dice) {
  std::vector<std::string> pieces(kLines / kLinesPerPiece);
  std::size_t line = 0;
  for (std::string& piece : pieces) {
    for (std::size_t i = 0; i < kLinesPerPiece; ++i) piece += LineOf(forms[line++ % forms.size()], dice);
  }
  return pieces;
}

}  // namespace
}  // namespace probatio::bench

int main() {
  using namespace probatio::bench;
  Dice dice(1);
  fmt::print("{:16} {:>6} {:>11} {:>9}\n", "syslog", "bytes", "lines/s", "ns/line");
  for (const Form& form : kForms) Measure(form.vendor, Pieces({&form, 1}, &dice));
  Measure("all", Pieces(kForms, &dice));
  return 0;
}
