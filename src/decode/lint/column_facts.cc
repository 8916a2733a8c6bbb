#include "decode/lint/column_facts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "decode/time/civil_time.h"

namespace probatio::decode {
namespace {

constexpr std::int64_t kYear2001 = 978'307'200;
constexpr std::int64_t kYear2100 = 4'102'444'800;

// Whole words of names, lower case. The first list that has one of a name's words decides.
struct RoleWords {
  Role role;
  std::array<std::string_view, 8> words;
};
constexpr std::array<RoleWords, 5> kRoleWords{{
    {Role::kPort, {"port", "cp", "srcport", "sport"}},
    {Role::kMessage, {"message", "msg", "messageid", "msgid"}},
    {Role::kEvent, {"event", "action", "operation", "kind"}},
    {Role::kAccount, {"account", "user", "userid", "uid", "login", "member", "subscriber", "customer"}},
    {Role::kTime, {"at", "time", "timestamp", "ts", "when", "date", "datetime", "msec"}},
}};
constexpr std::array<std::string_view, 8> kServed{"server", "local",       "listen",   "dst",
                                                  "dest",   "destination", "upstream", "backend"};

constexpr std::array<std::string_view, 9> kTimePatterns{
    "%Y-%m-%dT%H:%M:%S%f%z",  "%Y-%m-%d %H:%M:%S%f%z", "%d/%b/%Y:%H:%M:%S%f%z",
    "%Y/%m/%d %H:%M:%S%f%z",  "%d/%m/%Y %H:%M:%S%f%z", "%b %d %H:%M:%S%f%z",
    "%a %b %d %H:%M:%S%f %Y", "%d/%b/%Y %H:%M:%S%f%z", "%Y-%m-%d",
};

std::vector<std::string> WordsOf(std::string_view name) {
  std::vector<std::string> words(1);
  char before = ' ';
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool letter = upper || (c >= 'a' && c <= 'z');
    const bool was_lower = before >= 'a' && before <= 'z';
    if ((!letter || (upper && was_lower)) && !words.back().empty()) words.emplace_back();
    if (letter) words.back().push_back(static_cast<char>(upper ? c - 'A' + 'a' : c));
    before = c;
  }
  return words;
}

bool HasWord(const std::vector<std::string>& words, std::span<const std::string_view> of) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return !word.empty() && std::find(of.begin(), of.end(), word) != of.end();
  });
}

std::optional<std::uint64_t> Number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

struct ReadTime {
  std::int64_t seconds = 0;  // for the order only
  std::int64_t step_ns = kNsPerSecond;
  bool zoned = true;
};

std::optional<ReadTime> EpochOf(const std::string& text) {
  const std::size_t digits = std::min(text.find('.'), text.size());
  const std::optional<std::uint64_t> whole = Number(std::string_view(text).substr(0, digits));
  if (!whole) return std::nullopt;
  std::int64_t step = kNsPerSecond;
  std::uint64_t seconds = *whole;
  for (int thousands = 0; thousands < 3 && seconds > static_cast<std::uint64_t>(kYear2100); ++thousands) {
    seconds /= 1000;
    step /= 1000;
  }
  if (seconds < static_cast<std::uint64_t>(kYear2001) || seconds > static_cast<std::uint64_t>(kYear2100))
    return std::nullopt;
  for (std::size_t i = digits + 1; i < text.size() && step > 1; ++i) step /= 10;
  return ReadTime{static_cast<std::int64_t>(seconds), step, true};
}

std::optional<ReadTime> TimeIn(const std::string& text) {
  if (const std::optional<ReadTime> epoch = EpochOf(text)) return epoch;
  for (const std::string_view pattern : kTimePatterns) {
    const Result<CivilTime> civil = ParseCivilTime(pattern, text);
    if (!civil.ok()) continue;
    const CivilTime& time = civil.value();
    const std::int64_t order =
        ((time.year.value_or(0) * 372LL + time.month * 31LL + time.day) * 24 + time.hour) * 3600 +
        time.minute * 60LL + time.second;
    return ReadTime{order, time.resolution_ns, time.utc_offset_s.has_value()};
  }
  return std::nullopt;
}

// "203.0.113.7:51234", "[2001:db8::7]:443"
std::optional<std::pair<IpAddress, std::uint64_t>> PairIn(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::optional<std::uint64_t> port = Number(text.substr(colon + 1));
  std::string_view address = text.substr(0, colon);
  const bool bracketed = address.starts_with('[') && address.ends_with(']');
  if (bracketed) address = address.substr(1, address.size() - 2);
  const Result<IpAddress> ip = IpAddress::Parse(address);
  if (!port || *port > 65'535 || !ip.ok() || ip.value().is_v4() == bracketed) return std::nullopt;
  return std::pair(ip.value(), *port);
}

void TakePort(std::uint64_t port, ColumnFacts* facts) {
  ++facts->port_values;
  if (port == 0) ++facts->zero_ports;
  if (facts->ports.size() < 3) facts->ports.insert(static_cast<std::uint16_t>(port));
}

void TakeAddress(const IpAddress& ip, ColumnFacts* facts) {
  ++facts->address_values;
  if (!IsInside(ip)) ++facts->public_addresses;
  if (facts->addresses.size() < 2) facts->addresses.insert(ip);
}

void TakeValue(const std::string& text, std::int64_t* last_second, ColumnFacts* facts) {
  ++facts->said;
  if (const auto pair = PairIn(text)) {
    ++facts->pairs;
    TakeAddress(pair->first, facts);
    TakePort(pair->second, facts);
    return;
  }
  if (const Result<IpAddress> ip = IpAddress::Parse(text); ip.ok()) return TakeAddress(ip.value(), facts);
  const std::optional<std::uint64_t> number = Number(text);
  if (number && *number <= 65'535) return TakePort(*number, facts);
  const std::optional<ReadTime> time = TimeIn(text);
  if (!time) return;
  ++facts->times;
  facts->zoned_times += time->zoned ? 1 : 0;
  facts->backward_times += time->seconds < *last_second ? 1 : 0;
  facts->step_ns = facts->times == 1 ? time->step_ns : std::min(facts->step_ns, time->step_ns);
  *last_second = time->seconds;
}

// By its values a column may be an address, a port or a time; by its name a port, a time, an account, ...
void Guess(std::vector<ColumnFacts>* all) {
  std::set<Role> taken;
  const auto give = [&](ColumnFacts& column, Role role) {
    if (taken.insert(role).second) column.roles.insert(role);
  };
  for (ColumnFacts& column : *all) {
    if (column.said == 0) continue;
    const std::vector<std::string> words = WordsOf(column.name);
    const bool served = HasWord(words, kServed);
    if (column.address_values == column.said && !served) give(column, Role::kAddress);
    if (column.pairs == column.said && !served) give(column, Role::kPort);
    const auto named = [&](Role role) {
      const auto found = std::find_if(kRoleWords.begin(), kRoleWords.end(),
                                      [&](const RoleWords& row) { return HasWord(words, row.words); });
      return found != kRoleWords.end() && found->role == role;
    };
    if (named(Role::kPort) && column.port_values == column.said && !served) give(column, Role::kPort);
    if (column.times == column.said &&
        (named(Role::kTime) || column.zoned_times < column.times || column.name.starts_with("part")))
      give(column, Role::kTime);
    for (const Role role : {Role::kAccount, Role::kMessage, Role::kEvent}) {
      const bool other = column.address_values + column.times > 0;
      if (named(role) && !other) give(column, role);
    }
  }
}

void ByMapping(const Mapping& mapping, std::vector<ColumnFacts>* all) {
  const std::map<std::string, std::set<Role>> roles{
      {"at", {Role::kTime}},           {"source_ip", {Role::kAddress}},
      {"public_ip", {Role::kAddress}}, {"source_port", {Role::kPort}},
      {"public_port", {Role::kPort}},  {"source", {Role::kAddress, Role::kPort}},
      {"account", {Role::kAccount}},   {"message", {Role::kMessage}},
      {"event", {Role::kEvent}},       {"public", {Role::kAddress, Role::kPort}}};
  for (ColumnFacts& column : *all) {
    const Column* const mapped = mapping.Find(column.name);
    if (mapped == nullptr || column.said == 0) continue;
    const auto known = roles.find(mapped->field);
    if (known != roles.end()) column.roles = known->second;
    // Read by a pattern that the mapping gives; what the values show of other patterns says nothing.
    const bool time = mapped->field == "at" && mapped->time == TimeForm::kPattern;
    if (time && column.times == 0 && mapped->pattern.find("%z") != std::string::npos)
      column.times = column.zoned_times = column.said;
  }
}

}  // namespace

bool IsInside(const IpAddress& address) {
  if (address.is_v4()) {
    const std::uint32_t v4 = address.v4();
    const auto in = [&](std::uint32_t net, int bits) { return (v4 ^ net) >> (32 - bits) == 0; };
    return in(0x0A000000, 8) || in(0xAC100000, 12) || in(0xC0A80000, 16) || in(0x64400000, 10) ||
           in(0x7F000000, 8) || in(0xA9FE0000, 16) || in(0x00000000, 8);
  }
  const Bytes octets = address.octets();
  const bool unique_local = (octets[0] & 0xFE) == 0xFC;
  const bool link_local = octets[0] == 0xFE && (octets[1] & 0xC0) == 0x80;
  const bool low =
      std::all_of(octets.begin(), octets.begin() + 15, [](std::uint8_t octet) { return octet == 0; });
  return unique_local || link_local || low;  // ::, ::1
}

std::vector<ColumnFacts> FactsOf(const LogColumns& log, const Mapping* mapping) {
  std::vector<ColumnFacts> all;
  std::vector<std::int64_t> last_second;
  std::map<std::string, std::size_t> places;
  for (const std::vector<Cell>& row : log.rows) {
    for (const Cell& cell : row) {
      const auto [place, fresh] = places.try_emplace(cell.name, all.size());
      if (fresh) {
        all.emplace_back().name = cell.name;
        last_second.push_back(0);
      }
      for (const std::string& value : cell.values) {
        if (value.empty() || value == "-") continue;
        TakeValue(value, &last_second[place->second], &all[place->second]);
      }
    }
  }
  if (mapping != nullptr) {
    ByMapping(*mapping, &all);
  } else {
    Guess(&all);
  }
  return all;
}

}  // namespace probatio::decode
