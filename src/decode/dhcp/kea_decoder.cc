#include "decode/dhcp/kea_decoder.h"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "decode/radius/station.h"

namespace probatio::decode {
namespace {

constexpr std::uint64_t kStateHeld = 0;
constexpr std::uint64_t kStateExpired = 2;  // expired and reclaimed
constexpr std::string_view kLeaseTypePrefix = "2";

std::vector<std::string_view> SplitColumns(std::string_view line) {
  std::vector<std::string_view> columns;
  while (true) {
    const std::size_t comma = line.find(',');
    columns.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return columns;
    line.remove_prefix(comma + 1);
  }
}

// Kea writes "&#x2c" for a comma inside a value.
std::string Unescaped(std::string_view text) {
  constexpr std::string_view kEscape = "&#x";
  std::string value;
  while (!text.empty()) {
    if (text.starts_with(kEscape) && text.size() >= kEscape.size() + 2) {
      const Result<Buffer> octet = FromHex(text.substr(kEscape.size(), 2));
      if (octet.ok()) {
        value += static_cast<char>(octet.value()[0]);
        text.remove_prefix(kEscape.size() + 2);
        continue;
      }
    }
    value += text.front();
    text.remove_prefix(1);
  }
  return value;
}

Result<std::uint64_t> NumberIn(const std::map<std::string, std::string>& row, const char* column) {
  const auto found = row.find(column);
  if (found == row.end()) return Invalid(fmt::format("{}: missing", column));
  std::uint64_t number = 0;
  const char* const end = found->second.data() + found->second.size();
  const auto read = std::from_chars(found->second.data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end || number > INT32_MAX * 4ULL) {
    return Invalid(fmt::format("{}: not a number", column));
  }
  return number;
}

// "relay-agent-info" of the user context: option 82 in hexadecimal, or an object that holds it. A context
// without it, or of another shape, says nothing about where the client is.
Status ReadUserContext(const std::string& text, Lease* lease) {
  const nlohmann::json context = nlohmann::json::parse(text, nullptr, false);
  const auto isc = context.is_object() ? context.find("ISC") : context.end();
  if (!context.is_object() || isc == context.end() || !isc->is_object()) return Done{};
  auto info = isc->find("relay-agent-info");
  if (info == isc->end()) return Done{};
  if (info->is_object() && info->contains("sub-options")) info = info->find("sub-options");
  if (!info->is_string()) return Done{};
  std::string digits = info->get<std::string>();
  if (digits.starts_with("0x")) digits.erase(0, 2);
  const Buffer options = TRY_IN("option 82", FromHex(digits));
  return ReadRelayAgentOptions(options, lease);
}

}  // namespace

Status KeaDecoder::Decode(const Piece& piece, std::vector<record::Record>* out) {
  std::string_view line = AsText(piece.bytes);
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty()) return Done{};
  if (line.size() > kKeaLineBytesMax) return Invalid(fmt::format("more than {} octets", kKeaLineBytesMax));
  if (line.starts_with("address,")) {
    columns_.clear();
    for (const std::string_view column : SplitColumns(line)) columns_.emplace_back(column);
    if (columns_.size() <= kKeaColumnsMax) return Done{};
    columns_.clear();
    return Invalid(fmt::format("more than {} columns", kKeaColumnsMax));
  }
  if (columns_.empty()) return Invalid("no header names the columns");
  ++log_.counts()["lines"];
  const Row row = TRY(ReadRow(line));
  return AppendRow(row, out);
}

Result<KeaDecoder::Row> KeaDecoder::ReadRow(std::string_view line) const {
  const std::vector<std::string_view> values = SplitColumns(line);
  // Columns were added at the end over the years; a line of an older server is shorter.
  if (values.size() > columns_.size()) {
    return Invalid(fmt::format("{} columns, not {}", values.size(), columns_.size()));
  }
  Row row;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i].empty()) row[columns_[i]] = Unescaped(values[i]);
  }
  return row;
}

Status KeaDecoder::AppendRow(const Row& row, std::vector<record::Record>* out) {
  const auto value = [&](const char* column) {
    const auto found = row.find(column);
    return found == row.end() ? std::string() : found->second;
  };
  Lease lease;
  lease.exporter = exporter_;
  const IpAddress address = TRY_IN("address", IpAddress::Parse(value("address")));
  if (value("lease_type") == kLeaseTypePrefix) {
    const std::uint64_t length = TRY(NumberIn(row, "prefix_len"));
    lease.prefix = TRY_IN(
        "prefix_len", IpPrefix::Make(address, static_cast<unsigned>(std::min<std::uint64_t>(length, 255))));
  } else {
    lease.address = address;
  }
  lease.mac = MacOf(value("hwaddr"));
  lease.client = value("duid").empty() ? value("client_id") : value("duid") + '/' + value("iaid");
  if (lease.client.empty()) lease.client = lease.mac.value_or("");
  TRY(ReadUserContext(value("user_context"), &lease));
  const std::uint64_t lifetime = TRY(NumberIn(row, "valid_lifetime"));
  const std::uint64_t expire = TRY(NumberIn(row, "expire"));
  const std::uint64_t state = TRY(NumberIn(row, "state"));
  if (lifetime == 0) {
    // Kea marks what it deletes, after a release for one, with a lifetime of none and says no instant.
    ++log_.counts()["leases deleted, nobody says when"];
    return Done{};
  }
  if (state != kStateHeld && state != kStateExpired) {
    ++log_.counts()["leases in another state"];
    return Done{};
  }
  if (lifetime > expire) return Invalid("valid_lifetime: longer than expire");
  const bool held = state == kStateHeld;
  lease.what = held ? Lease::What::kHeld : Lease::What::kEnded;
  const auto corrected = [&](std::uint64_t seconds) {
    const Instant at = Instant::FromUnixSeconds(static_cast<std::int64_t>(seconds));
    return clock_.Corrected({at, kNsPerSecond, 0, ClockSource::kEvent});
  };
  const Timestamp ends = TRY(corrected(expire));
  lease.at = ends;
  if (held) lease.at = TRY(corrected(expire - lifetime));
  lease.valid_until = ends.at;
  return log_.Append(lease, out);
}

}  // namespace probatio::decode
