#include "decode/dhcp/dhcp_log_decoder.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "decode/radius/station.h"

namespace probatio::decode {
namespace {

// What stands between two words of the line; nothing where either is missing.
std::optional<std::string_view> Between(std::string_view line, std::string_view begin, std::string_view end) {
  const std::size_t at = line.find(begin);
  if (at == std::string_view::npos) return std::nullopt;
  line.remove_prefix(at + begin.size());
  const std::size_t size = end.empty() ? line.size() : line.find(end);
  if (size == std::string_view::npos) return std::nullopt;
  return line.substr(0, size);
}

std::string_view FirstWord(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  return text.substr(0, text.find(' '));
}

std::string_view WordAfter(std::string_view line, std::string_view word) {
  return FirstWord(Between(line, word, "").value_or(""));
}

// The lease ends so many seconds after it was acknowledged.
Status EndAfter(std::string_view text, Lease* lease) {
  std::uint32_t seconds = 0;  // RFC 2132 section 9.2
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const std::int64_t lifetime = seconds * kNsPerSecond;
  const bool good = error == std::errc{} && end == text.data() + text.size();
  if (!good || lease->at.at.unix_ns() > std::numeric_limits<std::int64_t>::max() - lifetime) {
    return Invalid("no lifetime");
  }
  lease->valid_until = lease->at.at + lifetime;
  return Done{};
}

Status ReadPlace(std::string_view text, Lease* lease) {
  if (text.find('/') != std::string_view::npos) {
    lease->prefix = TRY(IpPrefix::Parse(text));
  } else {
    lease->address = TRY(IpAddress::Parse(text));
  }
  return Done{};
}

// The messages of Kea that grant or release: the words before the address, and after it.
struct KeaMessage {
  std::string_view id;
  Lease::What what;
  std::string_view before;
};
constexpr KeaMessage kKeaMessages[] = {
    {"DHCP4_LEASE_ALLOC ", Lease::What::kHeld, ": lease "},
    {"DHCP4_LEASE_REUSE ", Lease::What::kHeld, ": lease "},
    {"DHCP4_RELEASE ", Lease::What::kEnded, ": address "},
    {"DHCP6_LEASE_ALLOC ", Lease::What::kHeld, ": lease for address "},
    {"DHCP6_LEASE_REUSE ", Lease::What::kHeld, ": lease for address "},
    {"DHCP6_PD_LEASE_ALLOC ", Lease::What::kHeld, ": lease for prefix "},
    {"DHCP6_PD_LEASE_REUSE ", Lease::What::kHeld, ": lease for prefix "},
    {"DHCP6_RELEASE_NA ", Lease::What::kEnded, ": binding for address "},
    {"DHCP6_RELEASE_PD ", Lease::What::kEnded, ": prefix "},
};

// "[hwtype=1 02:00:5e:10:00:01], cid=[01:02:...], tid=0x1": who the client is. In v6 "duid=[00:01:...], ...".
void ReadKeaClient(std::string_view line, Lease* lease) {
  lease->mac = MacOf(WordAfter(Between(line, "[hwtype=", "]").value_or(""), " "));
  const std::string duid(Between(line, "duid=[", "]").value_or(""));
  const std::string iaid(FirstWord(Between(line, "iaid=", "").value_or("")));
  const std::string cid(Between(line, "cid=[", "]").value_or(""));
  if (!duid.empty()) {
    lease->client = duid + '/' + iaid.substr(0, iaid.find(':'));
  } else if (!cid.empty() && cid != "no info") {
    lease->client = cid;
  } else {
    lease->client = lease->mac.value_or("");
  }
}

// Steps over "<134>" and a version, reads the time and the host of a syslog header (RFC 3164, or the ISO form
// that RFC 5424 and most servers write).
Status ReadHeader(std::string_view* line, CivilTime* civil, std::string* host) {
  if (line->starts_with('<')) {
    const std::size_t end = line->find('>');
    if (end == std::string_view::npos) return Invalid("no syslog header");
    line->remove_prefix(end + 1);
    if (line->starts_with("1 ")) line->remove_prefix(2);
  }
  const bool iso = !line->empty() && line->front() >= '0' && line->front() <= '9';
  if (!iso) {
    TRY(ReadCivilTime("%b %d %H:%M:%S", line, civil));
  } else if (line->size() > 10 && (*line)[10] == 'T') {
    TRY(ReadCivilTime("%Y-%m-%dT%H:%M:%S%f%z", line, civil));
  } else {
    TRY(ReadCivilTime("%Y-%m-%d %H:%M:%S%f%z", line, civil));
  }
  *host = std::string(FirstWord(*line));
  return Done{};
}

}  // namespace

Status DhcpLogDecoder::Decode(const Piece& piece, std::vector<record::Record>* out) {
  std::string_view line = AsText(piece.bytes);
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty()) return Done{};
  if (line.size() > kDhcpLogLineBytesMax)
    return Invalid(fmt::format("more than {} octets", kDhcpLogLineBytesMax));
  ++log_.counts()["lines"];
  Lease lease;
  lease.exporter = exporter_;
  bool read = TRY(ReadKea(line, piece.received, &lease));
  if (!read) read = TRY(ReadDhcpd(line, piece.received, &lease));
  if (read) return log_.Append(lease, out);
  ++log_.counts()["lines that grant or release nothing"];
  return Done{};
}

// "2024-10-21 08:14:03.250 INFO  [kea-dhcp4.leases/617.14] DHCP4_LEASE_ALLOC [hwtype=1 ...], cid=[...],
// tid=...: lease 192.0.2.10 has been allocated for 3600 seconds", behind whatever the machine's own logger
// put there.
Result<bool> DhcpLogDecoder::ReadKea(std::string_view line, std::optional<Instant> received, Lease* lease) {
  const std::size_t logger = line.find(" [kea-dhcp");
  if (logger == std::string_view::npos) return false;
  const std::string_view message = line.substr(logger);
  const KeaMessage* found = nullptr;
  for (const KeaMessage& known : kKeaMessages) {
    if (message.find(std::string("] ") + std::string(known.id)) != std::string_view::npos) found = &known;
  }
  if (found == nullptr) return false;
  lease->what = found->what;
  TRY_IN("address", ReadPlace(WordAfter(message, found->before), lease));
  ReadKeaClient(message, lease);

  std::string_view stamp = line.substr(0, logger);
  while (stamp.ends_with(' ')) stamp.remove_suffix(1);
  stamp = stamp.substr(0, stamp.rfind(' ') == std::string_view::npos ? 0 : stamp.rfind(' '));  // the severity
  while (stamp.ends_with(' ')) stamp.remove_suffix(1);
  constexpr std::size_t kStampSize = 23;  // "2024-10-21 08:14:03.250"
  if (stamp.size() > kStampSize) stamp.remove_prefix(stamp.size() - kStampSize);
  const CivilTime civil = TRY_IN("time", ParseCivilTime("%Y-%m-%d %H:%M:%S%f", stamp));
  lease->at = TRY_IN("time", clock_.At(civil, ClockSource::kEvent, received));
  if (found->what == Lease::What::kHeld) {
    const std::optional<std::string_view> lifetime = Between(message, " for ", " seconds");
    if (!lifetime.has_value()) return true;
    const std::size_t last = lifetime->rfind(' ');
    const std::string_view digits = last == std::string_view::npos ? *lifetime : lifetime->substr(last + 1);
    if (digits != "infinity") TRY(EndAfter(digits, lease));
  }
  return true;
}

// dhcpd: "DHCPACK on A to MAC (name) via eth0", "DHCPRELEASE of A from MAC (name) via eth0 (found)".
// dnsmasq: "DHCPACK(eth0) A MAC name", "DHCPRELEASE(eth0) A MAC". "DHCPACK to A" answers a DHCPINFORM, which
// leases nothing.
Result<bool> DhcpLogDecoder::ReadDhcpd(std::string_view line, std::optional<Instant> received, Lease* lease) {
  std::string_view address;
  std::string_view mac;
  const auto dnsmasq = [&](std::string_view word) {
    const std::string_view rest = Between(line, word, "").value_or("");
    const std::string_view after = Between(rest, ") ", "").value_or("");
    address = FirstWord(after);
    mac = WordAfter(after, " ");
  };
  if (line.find("DHCPACK on ") != std::string_view::npos) {
    address = WordAfter(line, "DHCPACK on ");
    mac = WordAfter(line, " to ");
  } else if (line.find("DHCPRELEASE of ") != std::string_view::npos) {
    lease->what = Lease::What::kEnded;
    address = WordAfter(line, "DHCPRELEASE of ");
    mac = WordAfter(line, " from ");
    if (line.ends_with("(not found)")) return false;
  } else if (line.find("DHCPACK(") != std::string_view::npos) {
    dnsmasq("DHCPACK(");
  } else if (line.find("DHCPRELEASE(") != std::string_view::npos) {
    lease->what = Lease::What::kEnded;
    dnsmasq("DHCPRELEASE(");
  } else {
    return false;
  }
  TRY_IN("address", ReadPlace(address, lease));
  lease->mac = MacOf(mac);
  lease->client = lease->mac.value_or("");
  CivilTime civil;
  std::string host;
  TRY_IN("time", ReadHeader(&line, &civil, &host));
  lease->at = TRY_IN("time", clock_.At(civil, ClockSource::kEvent, received));
  if (lease->exporter.empty()) lease->exporter = host;
  const std::string_view lifetime = WordAfter(line, " lease-duration ");
  if (lease->what == Lease::What::kHeld && !lifetime.empty()) {
    TRY(EndAfter(lifetime, lease));
  }
  return true;
}

}  // namespace probatio::decode
