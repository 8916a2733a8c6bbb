// A regime: the law as dated, readable rules (regimes/*.toml, docs/formats/regime.md). Code evaluates; it
// holds no article. Immutable once loaded; pure; thread-safe.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "law/civil_date.h"

namespace probatio::law {

inline constexpr std::size_t kRegimeBytesMax = 1U << 20;
inline constexpr std::size_t kRegimeTextBytesMax = 1000;
inline constexpr std::size_t kRegimeEntriesMax = 1000;  // of each kind: items, retention rules, rules, gates

enum class Verdict : std::uint8_t { kRelease, kRefuse, kHuman };
std::string_view ToText(Verdict verdict);  // "release", "refuse", "human"
Result<Verdict> ParseVerdict(std::string_view text);

// What starts a retention clock.
enum class RetentionStart : std::uint8_t { kEvent, kContractEnd, kAccountClosed };

struct Item {
  std::string id;        // "phone", "source_ip", ...: the words of docs/formats/order.md
  std::string category;  // "ID", "ACC", "PAY", "CON", "TRA", "LOC", "CNT"
  std::string title_fr;
  std::string title_en;
  bool express_only = false;  // never released under an open-ended line (passwords)
};

struct RetentionRule {
  std::string id;
  std::string category;
  std::vector<std::string> profiles;  // empty: every profile
  RetentionStart start = RetentionStart::kEvent;
  int years = 0;
  int months = 0;
  bool needs_injunction = false;  // keeps only what happened while an injunction of its category was in force
  std::string reference;
  CivilDate in_force_from;
  std::optional<CivilDate> in_force_to;
};

// A dated order to keep a category that may not be kept otherwise (CPCE L34-1 III: a decree of the Prime
// Minister, for a year at most). That it lapses does not shorten the life of what was recorded under it.
inline constexpr int kInjunctionMonthsMax = 12;
struct Injunction {
  std::string id;
  std::vector<std::string> categories;
  std::string reference;
  CivilDate in_force_from;
  CivilDate in_force_to;  // inclusive, and always stated: there is none without end
};

struct DisclosureRule {
  std::string id;
  std::vector<std::string> instruments;
  std::vector<std::string> categories;  // or items, one of the two
  std::vector<std::string> items;
  std::vector<std::string> profiles;  // empty: every profile
  std::vector<std::string> purposes;  // empty: every purpose
  std::optional<std::string> gate;    // a gate decides; else `verdict`
  Verdict verdict = Verdict::kHuman;
  std::string reference;
  CivilDate in_force_from;
  std::optional<CivilDate> in_force_to;
};

// A gate opens when every need holds; a need that is unknown, or any that fails where the law is open, ends
// at `otherwise`.
struct Gate {
  std::string id;
  std::vector<std::string> needs;  // words of gate.cc: "criminal_purpose", "an_offence", "serious_crime"
  int max_prison_years_min = 0;    // for "serious_crime"
  Verdict otherwise = Verdict::kRefuse;
  std::string reference;
};

struct Regime {
  std::string id;  // "fr"
  std::string title;
  std::string as_of;   // state of the law, a date
  std::string digest;  // SHA-256 of the file, set by whoever loads it (law does no hashing); may be empty
  std::map<std::string, Item> items;
  std::vector<RetentionRule> retention;
  std::vector<Injunction> injunctions;
  std::vector<DisclosureRule> rules;
  std::map<std::string, Gate> gates;
};

// kInvalid names line, key and reason: unknown item, missing reference, overlapping in-force dates, unknown
// key.
Result<Regime> ParseRegime(std::string_view toml, const std::string& file_name);

}  // namespace probatio::law
