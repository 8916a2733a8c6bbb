// What one support lets the page say: its granted fields as text, and nothing else. Everything the report
// prints of a row passes here. Pure; thread-safe.
#pragma once

#include <optional>

#include "report/words.h"

namespace probatio::report {

struct Fact {
  record::FieldId field;
  std::string value;
};

struct Facts {
  record::RecordKind kind = record::RecordKind::kNatEvent;
  std::vector<Fact> facts;      // in field order; lists give one fact for each entry
  std::optional<Timestamp> at;  // only when its face is granted

  const std::string* Find(record::FieldId field) const;
  bool Names(std::string_view holder) const;  // does a granted field say this account, holder or subscriber
  bool is_event() const;                      // a row with an instant of its own; else a version of data
};

Facts FactsOf(const resolve::Support& support, Language language);

std::string UtcText(Instant at);  // "2024-10-21 08:14:03.250"
// "± 1 s", "résolution 1 s", "horloge : réception": what is not plain from the instant itself.
std::vector<std::string> PrecisionText(const Timestamp& at, Language language);
// Address and port as the tables show them; empty when they were not granted.
std::string AddressText(const Facts& facts);
std::string PortText(const Facts& facts);
// What no column of its own shows.
std::vector<std::string> OtherDetails(const Facts& facts, Language language);

}  // namespace probatio::report
