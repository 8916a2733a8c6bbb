// Reads regimes/*.toml (docs/formats/regime.md).
#include "law/regime.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "law/regime_read.h"

namespace probatio::law {
namespace {

constexpr std::string_view kSchema = "probatio-regime/2";

Status AddAll(const TomlTable& root, std::string_view key, Status (*add)(const TomlTable&, Regime&),
              Regime& regime) {
  const std::vector<TomlTable> tables = TRY(root.Tables(key));
  for (const TomlTable& table : tables) TRY(add(table, regime));
  return Done{};
}

Status ReadHead(const TomlTable& root, Regime& regime) {
  TRY(root.OnlyKeys({"schema", "id", "title", "as_of", "verified_by", "builds_on", "described_from", "item",
                     "issuer", "instrument", "mention", "ground", "privilege", "mapping", "retention",
                     "injunction", "gate", "rule"}));
  const std::string schema = TRY(root.Text("schema"));
  if (schema != kSchema) return root.Wrong("schema", fmt::format("not '{}'", kSchema));
  regime.id = TRY(root.Text("id"));
  regime.title = TRY(root.Text("title"));
  const CivilDate as_of = TRY(ReadDate(root, "as_of"));
  regime.as_of = ToText(as_of);
  regime.builds_on = TRY(root.TextOr("builds_on", ""));
  // It names the file beside this one: nothing that leads elsewhere.
  if (regime.builds_on.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
    return root.Wrong("builds_on", "not an id in lower case");
  if (root.Has("described_from")) regime.described_from = TRY(ReadDate(root, "described_from"));
  if (regime.described_from && as_of < *regime.described_from)
    return root.Wrong("described_from", "after as_of");
  return Done{};
}

// What an entry names stands before it: items and issuers, then instruments, then what speaks of them.
Result<Regime> ReadRegime(const TomlTable& root) {
  Regime regime;
  TRY(ReadHead(root, regime));
  TRY(AddAll(root, "item", AddItem, regime));
  if (regime.items.empty()) return root.Wrong("item", "missing: a regime without items judges nothing");
  TRY(AddAll(root, "issuer", AddIssuer, regime));
  TRY(AddAll(root, "instrument", AddInstrument, regime));
  TRY(AddAll(root, "mention", AddMention, regime));
  TRY(AddAll(root, "ground", AddGround, regime));
  TRY(AddAll(root, "privilege", AddPrivilege, regime));
  TRY(AddAll(root, "mapping", AddMapping, regime));
  TRY(AddAll(root, "retention", AddRetention, regime));
  TRY(AddAll(root, "injunction", AddInjunction, regime));
  TRY(AddAll(root, "gate", AddGate, regime));
  TRY(AddAll(root, "rule", AddRule, regime));
  return regime;
}

}  // namespace

std::string_view ToText(Verdict verdict) {
  switch (verdict) {
    case Verdict::kRelease:
      return "release";
    case Verdict::kRefuse:
      return "refuse";
    case Verdict::kHuman:
      return "human";
  }
  return "unknown";
}

Result<Verdict> ParseVerdict(std::string_view text) {
  for (const Verdict verdict : {Verdict::kRelease, Verdict::kRefuse, Verdict::kHuman}) {
    if (text == ToText(verdict)) return verdict;
  }
  return Invalid("verdict: one of release, refuse, human");
}

std::string_view ToText(Confidence confidence) {
  switch (confidence) {
    case Confidence::kUnstated:
      return "";
    case Confidence::kText:
      return "text";
    case Confidence::kSource:
      return "source";
    case Confidence::kKnowledge:
      return "knowledge";
    case Confidence::kWeak:
      return "weak";
  }
  return "";
}

Result<Confidence> ParseConfidence(std::string_view text) {
  for (const Confidence confidence :
       {Confidence::kText, Confidence::kSource, Confidence::kKnowledge, Confidence::kWeak}) {
    if (text == ToText(confidence)) return confidence;
  }
  return Invalid("one of text, source, knowledge, weak");
}

std::string_view ToText(Force force) {
  switch (force) {
    case Force::kStated:
      return "stated";
    case Force::kByLaw:
      return "by_law";
    case Force::kOnMinute:
      return "on_minute";
  }
  CHECK(false);
}

std::string_view ToText(UserNotice notice) {
  switch (notice) {
    case UserNotice::kHuman:
      return "human";
    case UserNotice::kAddressee:
      return "addressee";
    case UserNotice::kLeave:
      return "leave";
    case UserNotice::kNever:
      return "never";
  }
  CHECK(false);
}

std::string_view ToText(GroundOf whose) {
  return whose == GroundOf::kAddressee ? "addressee" : "enforcing_authority";
}

std::string_view ToText(Effect effect) {
  return effect == Effect::kPreserve ? "preserve" : "disclose";
}

std::vector<Mention> Regime::MentionsOf(std::string_view instrument) const {
  std::vector<Mention> wanted;
  std::copy_if(mentions.begin(), mentions.end(), std::back_inserter(wanted), [&](const Mention& mention) {
    const auto& of = mention.instruments;
    return std::find(of.begin(), of.end(), instrument) != of.end();
  });
  return wanted;
}

const Instrument* Regime::FindInstrument(std::string_view name) const {
  const auto found = std::find_if(instruments.begin(), instruments.end(), [&](const Instrument& known) {
    return known.id == name ||
           std::find(known.aliases.begin(), known.aliases.end(), name) != known.aliases.end();
  });
  return found == instruments.end() ? nullptr : &*found;
}

const Issuer* Regime::FindIssuer(std::string_view kind) const {
  const auto found =
      std::find_if(issuers.begin(), issuers.end(), [&](const Issuer& known) { return known.id == kind; });
  return found == issuers.end() ? nullptr : &*found;
}

Result<Regime> ParseRegime(std::string_view toml, const std::string& file_name) {
  const TomlTable root =
      TRY(TomlTable::Parse(toml, file_name, {kRegimeBytesMax, kRegimeTextBytesMax, kRegimeEntriesMax}));
  return ReadRegime(root);
}

}  // namespace probatio::law
