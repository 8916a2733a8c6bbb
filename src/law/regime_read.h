// The parts of a regime file, each read by a function of its own. Internal to ParseRegime.
#pragma once

#include "base/toml_table.h"
#include "law/regime.h"

namespace probatio::law {

// regime_words.cc: what rules speak of.
Status AddItem(const TomlTable& table, Regime& regime);
Status AddIssuer(const TomlTable& table, Regime& regime);
Status AddInstrument(const TomlTable& table, Regime& regime);
Status AddMention(const TomlTable& table, Regime& regime);
Status AddGround(const TomlTable& table, Regime& regime);
Status AddPrivilege(const TomlTable& table, Regime& regime);
Status AddMapping(const TomlTable& table, Regime& regime);

// regime_retention.cc
Status AddRetention(const TomlTable& table, Regime& regime);
Status AddInjunction(const TomlTable& table, Regime& regime);

// regime_rules.cc
Status AddGate(const TomlTable& table, Regime& regime);
Status AddRule(const TomlTable& table, Regime& regime);

// A list of texts, none empty and none twice; absent: empty.
Result<std::vector<std::string>> ReadList(const TomlTable& table, std::string_view key);
Result<int> ReadNumber(const TomlTable& table, std::string_view key, int max);  // absent: 0
Result<CivilDate> ReadDate(const TomlTable& table, std::string_view key);
Result<Verdict> ReadVerdict(const TomlTable& table, std::string_view key);

bool KnowsCategory(const Regime& regime, const std::string& category);
// Ids of the instruments that `names` means: an instrument's own id or a family's.
Result<std::vector<std::string>> InstrumentsNamed(const TomlTable& table, const Regime& regime);
Result<Confidence> ReadConfidence(const TomlTable& table);
// Of words that law/vocabulary.h knows; absent: empty, which means all.
Result<std::vector<std::string>> ReadProfiles(const TomlTable& table);
Result<std::vector<std::string>> ReadPurposes(const TomlTable& table);
// `open_point` and its `readings`.
Result<OpenPoint> ReadOpenPoint(const TomlTable& table);

template <class Entry>
Status ReadTitles(const TomlTable& table, Entry& entry) {
  entry.title_fr = TRY(table.Text("title_fr"));
  entry.title_en = TRY(table.Text("title_en"));
  return Done{};
}

template <class Entry>
Status ReadTitlesIfAny(const TomlTable& table, Entry& entry) {
  if (!table.Has("title_fr") && !table.Has("title_en")) return Done{};
  return ReadTitles(table, entry);
}

template <class Entry>
Status ReadInForce(const TomlTable& table, Entry& entry) {
  entry.in_force_from = TRY(ReadDate(table, "in_force_from"));
  if (!table.Has("in_force_to")) return Done{};
  entry.in_force_to = TRY(ReadDate(table, "in_force_to"));
  if (*entry.in_force_to < entry.in_force_from) return table.Wrong("in_force_to", "before in_force_from");
  return Done{};
}

template <class Entry>
bool DatesOverlap(const Entry& a, const Entry& b) {
  const bool a_before_b = a.in_force_to && *a.in_force_to < b.in_force_from;
  const bool b_before_a = b.in_force_to && *b.in_force_to < a.in_force_from;
  return !a_before_b && !b_before_a;
}

bool Meet(const std::vector<std::string>& a, const std::vector<std::string>& b);  // a common entry

// Empty means all.
inline bool MeetOrAll(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return a.empty() || b.empty() || Meet(a, b);
}

}  // namespace probatio::law
