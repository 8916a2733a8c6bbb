#include "report/facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

namespace probatio::report {
namespace {

using record::FieldId;

// The text of one value, or of each entry of a list. An absent value gives nothing.
class Collector {
 public:
  Collector(const std::set<record::Face>& granted, Language language, Facts& out)
      : granted_(granted), language_(language), out_(out) {}

  template <class T>
  void operator()(FieldId field, record::Face face, const T& value) const {
    if (granted_.count(face) != 0) Add(field, value);
  }

 private:
  void Add(FieldId field, const std::string& text) const {
    if (!text.empty()) out_.facts.push_back({field, text});
  }
  void Add(FieldId field, const std::vector<std::string>& list) const {
    for (const std::string& text : list) Add(field, text);
  }
  void Add(FieldId field, const IpAddress& address) const { Add(field, address.ToText()); }
  void Add(FieldId field, const IpPrefix& prefix) const { Add(field, prefix.ToText()); }
  void Add(FieldId field, Instant at) const { Add(field, UtcText(at) + " UTC"); }
  void Add(FieldId field, ClockOffset offset) const {
    if (offset.ns != 0) Add(field, (offset.ns > 0 ? "+" : "") + DurationText(offset.ns, language_));
  }
  template <class T>
  void Add(FieldId field, const std::optional<T>& value) const {
    if (value.has_value()) Add(field, *value);
  }
  template <class T>
  requires std::is_enum_v<T>
  void Add(FieldId field, T value) const {
    if constexpr (std::is_same_v<T, ClockSource>) {
      Add(field, std::string(ToText(value)));
    } else {
      Add(field, EventName(record::ToText(value), language_));
    }
  }
  template <class T>
  requires std::is_integral_v<T>
  void Add(FieldId field, T value) const {
    if constexpr (std::is_same_v<T, std::uint8_t>) {
      Add(field, record::ProtocolName(value));  // the one octet a record has
    } else {
      Add(field, std::to_string(value));
    }
  }

  const std::set<record::Face>& granted_;
  Language language_;
  Facts& out_;
};

bool IsTime(FieldId field) {
  return field == FieldId::kAt || field == FieldId::kAtResolution || field == FieldId::kAtError ||
         field == FieldId::kAtSource;
}

bool HasItsColumn(FieldId field) {
  switch (field) {
    case FieldId::kEvent:
    case FieldId::kProto:
    case FieldId::kPublicIp:
    case FieldId::kPublicPort:
    case FieldId::kPortFirst:
    case FieldId::kPortLast:
    case FieldId::kSourceIp:
    case FieldId::kSourcePort:
      return true;
    default:
      return IsTime(field);
  }
}

}  // namespace

const std::string* Facts::Find(FieldId field) const {
  const auto fact =
      std::find_if(facts.begin(), facts.end(), [&](const Fact& known) { return known.field == field; });
  return fact == facts.end() ? nullptr : &fact->value;
}

bool Facts::Names(std::string_view holder) const {
  return std::any_of(facts.begin(), facts.end(), [&](const Fact& fact) {
    const bool naming = fact.field == FieldId::kAccount || fact.field == FieldId::kHolder ||
                        fact.field == FieldId::kSubscriber;
    return naming && fact.value == holder;
  });
}

bool Facts::is_event() const {
  return kind != record::RecordKind::kAccount && kind != record::RecordKind::kIdentity;
}

Facts FactsOf(const resolve::Support& support, Language language) {
  Facts facts;
  const record::Record& row = support.row.record;
  facts.kind = record::KindOf(row);
  const Collector collect(support.faces, language, facts);
  std::visit([&](const auto& known) { record::VisitFields(known, collect); }, row);
  if (facts.Find(FieldId::kAt) != nullptr) facts.at = record::OriginOf(row).at;
  return facts;
}

std::string UtcText(Instant at) {
  std::string text = at.ToRfc3339();
  text.pop_back();  // Z
  std::replace(text.begin(), text.end(), 'T', ' ');
  return text;
}

std::vector<std::string> PrecisionText(const Timestamp& at, Language language) {
  const Words& words = WordsOf(language);
  std::vector<std::string> text;
  if (at.error_ns != 0) text.push_back("± " + DurationText(at.error_ns, language));
  if (at.resolution_ns > kNsPerMs) {
    text.push_back(std::string(words.resolution) + " " + DurationText(at.resolution_ns, language));
  }
  if (at.source != ClockSource::kEvent) text.push_back(ClockName(at.source, language));
  return text;
}

std::string AddressText(const Facts& facts) {
  for (const FieldId field : {FieldId::kPublicIp, FieldId::kSourceIp}) {
    if (const std::string* text = facts.Find(field)) return *text;
  }
  return "";
}

std::string PortText(const Facts& facts) {
  for (const FieldId field : {FieldId::kPublicPort, FieldId::kSourcePort}) {
    if (const std::string* text = facts.Find(field)) return *text;
  }
  const std::string* first = facts.Find(FieldId::kPortFirst);
  const std::string* last = facts.Find(FieldId::kPortLast);
  if (first == nullptr) return last == nullptr ? "" : "…–" + *last;
  return last == nullptr ? *first + "–…" : *first + "–" + *last;
}

std::vector<std::string> OtherDetails(const Facts& facts, Language language) {
  std::vector<std::string> details;
  for (const Fact& fact : facts.facts) {
    if (HasItsColumn(fact.field)) continue;
    details.push_back(FieldName(fact.field, language) + std::string(WordsOf(language).colon) + fact.value);
  }
  return details;
}

}  // namespace probatio::report
