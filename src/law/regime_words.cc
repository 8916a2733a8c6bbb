// What the rules of a regime speak of: items, issuers, instruments, mentions, protected professions, and the
// categories of another regime.
#include <fmt/format.h>

#include <algorithm>

#include "law/regime_read.h"
#include "law/vocabulary.h"
#include "law/words.h"

namespace probatio::law {
namespace {

constexpr int kDaysMax = 3660;
constexpr int kUrgentHoursMax = 240;  // beyond ten days nothing is urgent

// Names are compared with a court's name folded: one that is not folded itself would never match.
Result<std::vector<std::string>> FoldedNames(const TomlTable& table) {
  std::vector<std::string> names = TRY(ReadList(table, "names"));
  if (names.empty()) return table.Wrong("names", "missing");
  for (const std::string& name : names) {
    if (Folded(name) != name)
      return table.Wrong("names", fmt::format("'{}' is not in lower case without accents", name));
  }
  return names;
}

Status CheckIssuers(const TomlTable& table, const Regime& regime, const std::vector<std::string>& issuers) {
  for (const std::string& issuer : issuers) {
    if (regime.FindIssuer(issuer) == nullptr)
      return table.Wrong("issuers", fmt::format("unknown issuer '{}'", issuer));
  }
  return Done{};
}

Result<Effect> EffectOf(const TomlTable& table) {
  const std::string text = TRY(table.TextOr("effect", "disclose"));
  for (const Effect effect : {Effect::kDisclose, Effect::kPreserve}) {
    if (text == ToText(effect)) return effect;
  }
  return table.Wrong("effect", "one of disclose, preserve");
}

Result<Force> ForceOf(const TomlTable& table) {
  const std::string text = TRY(table.TextOr("force", "stated"));
  for (const Force force : {Force::kStated, Force::kByLaw, Force::kOnMinute}) {
    if (text == ToText(force)) return force;
  }
  return table.Wrong("force", "one of stated, by_law, on_minute");
}

Status ReadUserNotice(const TomlTable& table, Instrument* instrument) {
  const std::string text = TRY(table.TextOr("user_notice", "human"));
  for (const UserNotice notice :
       {UserNotice::kHuman, UserNotice::kAddressee, UserNotice::kLeave, UserNotice::kNever}) {
    if (text != ToText(notice)) continue;
    instrument->user_notice = notice;
    if (notice != UserNotice::kHuman)
      instrument->user_notice_reference = TRY(table.Text("user_notice_reference"));
    return Done{};
  }
  return table.Wrong("user_notice", "one of human, addressee, leave, never");
}

Result<GroundOf> GroundOfWhom(const TomlTable& table) {
  const std::string text = TRY(table.TextOr("of", "addressee"));
  for (const GroundOf whose : {GroundOf::kAddressee, GroundOf::kEnforcingAuthority}) {
    if (text == ToText(whose)) return whose;
  }
  return table.Wrong("of", "one of addressee, enforcing_authority");
}

Status CheckNewName(const TomlTable& table, const Regime& regime, const Instrument& instrument) {
  if (regime.FindInstrument(instrument.id) != nullptr) return table.Wrong("id", "given twice");
  for (const std::string& alias : instrument.aliases) {
    if (alias == instrument.id || regime.FindInstrument(alias) != nullptr)
      return table.Wrong("aliases", fmt::format("'{}' names an instrument already", alias));
  }
  return Done{};
}

}  // namespace

Status AddItem(const TomlTable& table, Regime& regime) {
  TRY(table.OnlyKeys({"id", "category", "title_fr", "title_en", "express_only", "reference", "confidence",
                      "open_point", "readings"}));
  Item item;
  item.id = TRY(table.Text("id"));
  item.category = TRY(table.Text("category"));
  TRY(ReadTitles(table, item));
  item.express_only = TRY(table.FlagOr("express_only", false));
  if (table.Has("reference")) item.reference = TRY(table.Text("reference"));
  item.confidence = TRY(ReadConfidence(table));
  item.open = TRY(ReadOpenPoint(table));
  const std::string id = item.id;
  if (!regime.items.emplace(id, std::move(item)).second) return table.Wrong("id", "given twice");
  return Done{};
}

Status AddIssuer(const TomlTable& table, Regime& regime) {
  TRY(table.OnlyKeys({"id", "is_a", "title_fr", "title_en", "names", "reference"}));
  Issuer issuer;
  issuer.id = TRY(table.Text("id"));
  issuer.is_a = TRY(table.TextOr("is_a", ""));
  TRY(ReadTitles(table, issuer));
  issuer.names = TRY(FoldedNames(table));
  issuer.reference = TRY(table.Text("reference"));
  if (regime.FindIssuer(issuer.id) != nullptr) return table.Wrong("id", "given twice");
  regime.issuers.push_back(std::move(issuer));
  return Done{};
}

Status AddInstrument(const TomlTable& table, Regime& regime) {
  TRY(table.OnlyKeys({"id",
                      "family",
                      "aliases",
                      "title_fr",
                      "title_en",
                      "effect",
                      "decision",
                      "needs_service",
                      "force",
                      "four_conditions",
                      "implied_purpose",
                      "preserve_days",
                      "extension_days",
                      "release_after_days",
                      "urgent",
                      "urgent_hours",
                      "user_notice",
                      "user_notice_reference",
                      "issuers",
                      "reference",
                      "confidence",
                      "in_force_from",
                      "in_force_to"}));
  Instrument instrument;
  instrument.id = TRY(table.Text("id"));
  instrument.family = TRY(table.TextOr("family", ""));
  instrument.aliases = TRY(ReadList(table, "aliases"));
  TRY(ReadTitles(table, instrument));
  instrument.effect = TRY(EffectOf(table));
  instrument.decision = TRY(table.FlagOr("decision", false));
  instrument.needs_service = TRY(table.FlagOr("needs_service", false));
  instrument.force = TRY(ForceOf(table));
  if (table.Has("force") && !instrument.needs_service)
    return table.Wrong("force", "only for needs_service = true");
  instrument.four_conditions = TRY(table.FlagOr("four_conditions", false));
  instrument.implied_purpose = TRY(table.TextOr("implied_purpose", ""));
  if (table.Has("implied_purpose") && !IsPurpose(instrument.implied_purpose))
    return table.Wrong("implied_purpose", fmt::format("unknown purpose '{}'", instrument.implied_purpose));
  instrument.preserve_days = TRY(ReadNumber(table, "preserve_days", kDaysMax));
  instrument.extension_days = TRY(ReadNumber(table, "extension_days", kDaysMax));
  instrument.release_after_days = TRY(ReadNumber(table, "release_after_days", kDaysMax));
  instrument.urgent = TRY(table.FlagOr("urgent", false));
  instrument.urgent_hours = TRY(ReadNumber(table, "urgent_hours", kUrgentHoursMax));
  if (table.Has("urgent_hours") && !instrument.urgent)
    return table.Wrong("urgent_hours", "only for urgent = true");
  TRY(ReadUserNotice(table, &instrument));
  instrument.issuers = TRY(ReadList(table, "issuers"));
  instrument.reference = TRY(table.Text("reference"));
  instrument.confidence = TRY(ReadConfidence(table));
  TRY(ReadInForce(table, instrument));
  if (instrument.issuers.empty()) return table.Wrong("issuers", "missing: who may issue it");
  TRY(CheckIssuers(table, regime, instrument.issuers));
  if (instrument.effect == Effect::kDisclose && table.Has("preserve_days"))
    return table.Wrong("preserve_days", "only for effect = \"preserve\"");
  TRY(CheckNewName(table, regime, instrument));
  regime.instruments.push_back(std::move(instrument));
  return Done{};
}

Result<std::vector<std::string>> InstrumentsNamed(const TomlTable& table, const Regime& regime) {
  const std::vector<std::string> names = TRY(ReadList(table, "instruments"));
  if (names.empty()) return table.Wrong("instruments", "missing");
  std::vector<std::string> ids;
  for (const std::string& name : names) {
    const std::size_t before = ids.size();
    for (const Instrument& instrument : regime.instruments) {
      if (instrument.id != name && instrument.family != name) continue;
      if (std::find(ids.begin(), ids.end(), instrument.id) == ids.end()) ids.push_back(instrument.id);
    }
    const bool known = ids.size() > before || regime.FindInstrument(name) != nullptr;
    if (!known) return table.Wrong("instruments", fmt::format("unknown instrument '{}'", name));
  }
  return ids;
}

Status AddMention(const TomlTable& table, Regime& regime) {
  TRY(table.OnlyKeys({"id", "instruments", "title_fr", "title_en", "blocks", "reference", "confidence"}));
  Mention mention;
  mention.id = TRY(table.Text("id"));
  mention.instruments = TRY(InstrumentsNamed(table, regime));
  TRY(ReadTitles(table, mention));
  mention.blocks = TRY(table.FlagOr("blocks", false));
  mention.reference = TRY(table.Text("reference"));
  mention.confidence = TRY(ReadConfidence(table));
  for (const Mention& other : regime.mentions) {
    if (other.id == mention.id && Meet(other.instruments, mention.instruments))
      return table.Wrong("id", "given twice for one instrument");
  }
  regime.mentions.push_back(std::move(mention));
  return Done{};
}

Status AddGround(const TomlTable& table, Regime& regime) {
  TRY(table.OnlyKeys({"id", "instruments", "of", "title_fr", "title_en", "reference", "confidence"}));
  Ground ground;
  ground.id = TRY(table.Text("id"));
  ground.whose = TRY(GroundOfWhom(table));
  ground.instruments = TRY(InstrumentsNamed(table, regime));
  TRY(ReadTitles(table, ground));
  ground.reference = TRY(table.Text("reference"));
  ground.confidence = TRY(ReadConfidence(table));
  for (const Ground& other : regime.grounds) {
    if (other.id == ground.id && Meet(other.instruments, ground.instruments))
      return table.Wrong("id", "given twice for one instrument");
  }
  regime.grounds.push_back(std::move(ground));
  return Done{};
}

Status AddPrivilege(const TomlTable& table, Regime& regime) {
  TRY(table.OnlyKeys({"id", "title_fr", "title_en", "names", "reference"}));
  Privilege privilege;
  privilege.id = TRY(table.Text("id"));
  TRY(ReadTitles(table, privilege));
  privilege.names = TRY(FoldedNames(table));
  privilege.reference = TRY(table.Text("reference"));
  for (const Privilege& other : regime.privileges) {
    if (other.id == privilege.id) return table.Wrong("id", "given twice");
  }
  regime.privileges.push_back(std::move(privilege));
  return Done{};
}

Status AddMapping(const TomlTable& table, Regime& regime) {
  TRY(table.OnlyKeys({"category", "items", "to", "reference"}));
  Mapping mapping;
  mapping.category = TRY(table.Text("category"));
  mapping.items = TRY(ReadList(table, "items"));
  mapping.to = TRY(table.Text("to"));
  mapping.reference = TRY(table.Text("reference"));
  if (regime.builds_on.empty()) return table.Wrong("category", "a mapping, but no builds_on");
  if (!KnowsCategory(regime, mapping.to))
    return table.Wrong("to", fmt::format("no item has the category '{}'", mapping.to));
  regime.mappings.push_back(std::move(mapping));
  return Done{};
}

}  // namespace probatio::law
