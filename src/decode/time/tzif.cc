// TimeZone::Parse: the version 2 data of a TZif file, and its rule written out to the last year that an
// Instant can hold, so that a look-up is one search and knows of no rule.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "decode/time/time_zone.h"
#include "decode/time/zone_rule.h"

namespace probatio::decode {
namespace {

constexpr std::string_view kMagic = "TZif";
constexpr std::size_t kReserved = 15;
constexpr std::size_t kTypeSize = 6;
constexpr std::uint32_t kTypesMax = 256;
constexpr std::int64_t kOffsetMin = -89'999;  // RFC 8536, section 3.2
constexpr std::int64_t kOffsetMax = 93'599;
constexpr std::int64_t kTimeMax = std::int64_t{1} << 59;  // either way, the same section
constexpr int kRuleYearFirst = 1970;                      // of a file that lists no change
constexpr std::int64_t kRuleBegin = -11'676'096'000;      // the year 1600: no rule is asked for before
constexpr int kRuleYearLast = 2262;
constexpr std::int64_t kRuleEnd = 9'246'182'400;  // the year 2263

struct Header {
  std::uint8_t version = 0;
  std::uint32_t ut_marks = 0;
  std::uint32_t standard_marks = 0;
  std::uint32_t leaps = 0;
  std::uint32_t times = 0;
  std::uint32_t types = 0;
  std::uint32_t characters = 0;

  // Octets of the data that follow, by the size of a time in them.
  std::size_t DataSize(std::size_t time_size) const {
    return times * (time_size + 1) + types * kTypeSize + characters + leaps * (time_size + 4) +
           standard_marks + ut_marks;
  }
};

Result<Header> ReadHeader(ByteReader* in) {
  const std::size_t offset = in->offset();
  const Bytes magic = TRY(in->Raw(kMagic.size()));
  if (AsText(magic) != kMagic) return Invalid(fmt::format("no TZif header at offset {}", offset));
  Header header;
  header.version = TRY(in->U8());
  TRY(in->Raw(kReserved));
  header.ut_marks = TRY(in->U32());
  header.standard_marks = TRY(in->U32());
  header.leaps = TRY(in->U32());
  header.times = TRY(in->U32());
  header.types = TRY(in->U32());
  header.characters = TRY(in->U32());
  // The size of the file bounds what a count can ask for.
  for (const std::uint32_t count : {header.ut_marks, header.standard_marks, header.leaps, header.times,
                                    header.types, header.characters}) {
    if (count > kTzifBytesMax) return Invalid(fmt::format("header at offset {}: a count too large", offset));
  }
  return header;
}

int YearOf(std::int64_t at_s) {
  const std::chrono::sys_seconds at{std::chrono::seconds{std::max(at_s, kRuleBegin)}};
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(at)};
  return static_cast<int>(date.year());
}

}  // namespace

class TzifReader {
 public:
  explicit TzifReader(Bytes file) : in_(file) {}

  Result<TimeZone> Read(std::string name) {
    const Header first = TRY(ReadHeader(&in_));
    if (first.version < '2') return Invalid("version 1, which ends in 2038");
    TRY_IN("first data", in_.Raw(first.DataSize(4)));
    const Header header = TRY(ReadHeader(&in_));
    zone_.name_ = std::move(name);
    TRY_IN("data", ReadChanges(header));
    TRY_IN("footer", ReadFooter());
    return std::move(zone_);
  }

 private:
  using Change = TimeZone::Change;

  Status ReadChanges(const Header& header) {
    if (header.leaps != 0) return Invalid("leap seconds are counted, ours are not");
    if (header.times > kZoneChangesMax) return Invalid(fmt::format("more than {} changes", kZoneChangesMax));
    if (header.types == 0 || header.types > kTypesMax) return Invalid("no types, or too many");
    const Bytes times = TRY(in_.Raw(header.times * std::size_t{8}));
    const Bytes of_type = TRY(in_.Raw(header.times));
    const Bytes types = TRY(in_.Raw(header.types * kTypeSize));
    TRY(in_.Raw(header.characters + header.standard_marks + header.ut_marks));
    zone_.first_offset_s_ = TRY(OffsetOf(types, 0));
    for (std::size_t i = 0; i < header.times; ++i) {
      const auto at = static_cast<std::int64_t>(Be64(times.subspan(8 * i)));
      const std::int64_t offset = TRY(OffsetOf(types, of_type[i]));
      if (at < -kTimeMax || at > kTimeMax) return Invalid(fmt::format("change {}: out of all time", i));
      if (!zone_.changes_.empty() && zone_.changes_.back().at_s >= at)
        return Invalid(fmt::format("change {}: not after the one before", i));
      zone_.changes_.push_back({at, offset});
    }
    return Done{};
  }

  static Result<std::int64_t> OffsetOf(Bytes types, std::size_t type) {
    if (type * kTypeSize >= types.size()) return Invalid(fmt::format("no type {}", type));
    const std::int64_t offset = static_cast<std::int32_t>(Be32(types.subspan(type * kTypeSize)));
    if (offset < kOffsetMin || offset > kOffsetMax) return Invalid("an offset of more than a day");
    return offset;
  }

  Status ReadFooter() {
    const Bytes footer = TRY(in_.Raw(in_.remaining()));
    const std::string_view text = AsText(footer);
    if (text.size() < 2 || text.front() != '\n' || text.back() != '\n') return Invalid("not in its line");
    if (text.size() == 2) return Done{};  // the last change holds for ever
    const ZoneRule rule = TRY(ParseZoneRule(text.substr(1, text.size() - 2)));
    WriteOut(rule);
    return Done{};
  }

  void WriteOut(const ZoneRule& rule) {
    std::vector<Change> ahead;
    const bool listed = !zone_.changes_.empty();
    const std::int64_t last = listed ? zone_.changes_.back().at_s : 0;
    // Without a change in the file the rule holds from the beginning.
    if (!listed) zone_.first_offset_s_ = rule.standard_offset_s;
    if (!rule.summer.has_value()) return;
    const int from = listed ? YearOf(std::min(last, kRuleEnd)) : kRuleYearFirst;
    for (int year = from; year <= kRuleYearLast; ++year) {
      const auto& [offset, begin, end] = *rule.summer;
      ahead.push_back({end.LocalSeconds(year) - offset, rule.standard_offset_s});
      ahead.push_back({begin.LocalSeconds(year) - rule.standard_offset_s, offset});
    }
    // Where an end and a beginning fall together, summer time goes on (section 3.3.1): it was put in second.
    std::stable_sort(ahead.begin(), ahead.end(),
                     [](const Change& a, const Change& b) { return a.at_s < b.at_s; });
    for (const Change& change : ahead) {
      if (listed && change.at_s <= last) continue;
      if (!zone_.changes_.empty() && zone_.changes_.back().at_s == change.at_s) zone_.changes_.pop_back();
      zone_.changes_.push_back(change);
    }
  }

  ByteReader in_;
  TimeZone zone_;
};

Result<TimeZone> TimeZone::Parse(std::string name, Bytes tzif) {
  if (tzif.size() > kTzifBytesMax) {
    return Invalid(fmt::format("zone {}: file longer than {} bytes", name, kTzifBytesMax));
  }
  const std::string place = "zone " + name;
  TimeZone zone = TRY_IN(place, TzifReader(tzif).Read(std::move(name)));
  return zone;
}

}  // namespace probatio::decode
