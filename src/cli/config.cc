#include "cli/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/toml_table.h"
#include "cli/files.h"
#include "keep/vault.h"
#include "ledger/cosignature.h"

namespace probatio::cli {
namespace {

constexpr std::size_t kConfigBytesMax = 65'536;
constexpr std::int64_t kGrantHoursMax = 24 * 31;
constexpr std::int64_t kCustodiansMax = 16;
constexpr std::size_t kSealListsMax = 16;

// A comma separates them in the ledger.
Result<std::vector<std::string>> Replicas(const TomlTable& vault) {
  TRY(vault.OnlyKeys({"replicas"}));
  std::vector<std::string> replicas = TRY(vault.Texts("replicas"));
  for (auto folder = replicas.begin(); folder != replicas.end(); ++folder) {
    if (folder->empty() || folder->find(',') != std::string::npos)
      return vault.Wrong("replicas", "each is the path of a folder, without a comma");
    if (std::find(replicas.begin(), folder, *folder) != folder)
      return vault.Wrong("replicas", *folder + " is given twice");
  }
  if (replicas.size() > keep::kVaultReplicasMax)
    return vault.Wrong("replicas", fmt::format("more than {}", keep::kVaultReplicasMax));
  return replicas;
}

Status ReadProvider(const TomlTable& root, Config* config) {
  const TomlTable provider = TRY(root.Table("provider"));
  TRY(provider.OnlyKeys({"name", "profile", "register_number", "other_names"}));
  config->provider = TRY(provider.Text("name"));
  config->profile = TRY(provider.Text("profile"));
  config->register_number = TRY(provider.TextOr("register_number", ""));
  config->other_names = TRY(provider.Texts("other_names"));
  const TomlTable law = TRY(root.Table("law"));
  TRY(law.OnlyKeys({"regime"}));
  config->regime = TRY(law.Text("regime"));
  return Done{};
}

Status ReadLedger(const TomlTable& ledger, Config* config) {
  TRY(ledger.OnlyKeys({"origin", "published", "witnesses"}));
  config->origin = TRY(ledger.Text("origin"));
  config->published = TRY(ledger.TextOr("published", config->published));
  config->witnesses = TRY(ledger.Texts("witnesses"));
  if (config->witnesses.size() > ledger::kWitnessesMax)
    return ledger.Wrong("witnesses", fmt::format("more than {}", ledger::kWitnessesMax));
  for (const std::string& witness : config->witnesses) {
    const Result<ledger::NoteKey> key = ledger::ParseWitnessKey(witness);
    if (!key.ok()) return ledger.Wrong("witnesses", key.error().what());
  }
  return Done{};
}

Result<Config> FromTable(const TomlTable& root) {
  TRY(root.OnlyKeys({"provider", "ledger", "law", "custody", "orders", "vault", "store", "demonstration",
                     "notices", "timestamps", "seal"}));
  Config config;
  TRY(ReadProvider(root, &config));
  const TomlTable ledger = TRY(root.Table("ledger"));
  TRY(ReadLedger(ledger, &config));
  const std::vector<TomlTable> timestamps = TRY(root.Tables("timestamps"));
  config.timestamps = TRY(ReadTimestampServices(timestamps));
  const TomlTable seal = TRY(root.Table("seal"));
  TRY(seal.OnlyKeys({"revocation"}));
  config.seal_revocation = TRY(seal.Texts("revocation"));
  if (config.seal_revocation.size() > kSealListsMax)
    return seal.Wrong("revocation", fmt::format("more than {}", kSealListsMax));
  const TomlTable custody = TRY(root.Table("custody"));
  TRY(custody.OnlyKeys({"needed"}));
  const std::int64_t needed = TRY(custody.NumberOr("needed", 1, kCustodiansMax, config.custodians_needed));
  config.custodians_needed = static_cast<unsigned>(needed);
  const TomlTable orders = TRY(root.Table("orders"));
  TRY(orders.OnlyKeys({"grant_hours", "approvers_judge"}));
  const std::int64_t hours = TRY(orders.NumberOr("grant_hours", 1, kGrantHoursMax, config.grant_hours));
  config.grant_hours = static_cast<int>(hours);
  config.duties.approvers_judge = TRY(orders.FlagOr("approvers_judge", false));
  const TomlTable vault = TRY(root.Table("vault"));
  config.vault_replicas = TRY(Replicas(vault));
  const TomlTable store = TRY(root.Table("store"));
  TRY(store.OnlyKeys({"pad_network_blocks"}));
  config.pad_network_blocks = TRY(store.FlagOr("pad_network_blocks", false));
  const TomlTable notices = TRY(root.Table("notices"));
  config.notices = TRY(ReadNotices(notices));
  const TomlTable demonstration = TRY(root.Table("demonstration"));
  TRY(demonstration.OnlyKeys({"clock"}));
  config.demonstration_clock = TRY(demonstration.FlagOr("clock", false));
  return config;
}

}  // namespace

Result<Config> ReadConfig(const std::string& path) {
  namespace fs = std::filesystem;
  const std::string file = fs::is_directory(path) ? (fs::path(path) / "probatio.toml").string() : path;
  const Result<std::string> text = ReadText(file, kConfigBytesMax);
  if (!text.ok()) {
    return Error(text.error().code(), text.error().what() + " (make a deployment with: probatio init DIR)");
  }
  const TomlTable root = TRY(TomlTable::Parse(text.value(), file, {kConfigBytesMax}));
  Config config = TRY(FromTable(root));
  const std::string folder = fs::path(file).parent_path().string();
  config.folder = folder.empty() ? "." : folder;
  return config;
}

order::Entity EntityOf(const Config& config) {
  return {config.provider, config.register_number, config.other_names};
}

std::string ConfigText(const Config& config) {
  const auto quoted = [](const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') out.push_back('\\');
      out.push_back(c);
    }
    return out + "\"";
  };
  std::string text = "# A Probatio deployment (docs/operate/configure.md).\n";
  text +=
      fmt::format("[provider]\nname = {}\nprofile = {}\n", quoted(config.provider), quoted(config.profile));
  if (!config.register_number.empty())
    text += fmt::format("register_number = {}\n", quoted(config.register_number));
  std::string names;
  for (const std::string& name : config.other_names) names += (names.empty() ? "" : ", ") + quoted(name);
  if (!names.empty()) text += fmt::format("other_names = [{}]\n", names);
  text += "\n";
  text += fmt::format("[ledger]\norigin = {}\n\n[law]\nregime = {}\n\n", quoted(config.origin),
                      quoted(config.regime));
  text += fmt::format("[custody]\nneeded = {}\n\n", config.custodians_needed);
  text += fmt::format("[orders]\ngrant_hours = {}\n", config.grant_hours);
  if (config.duties.approvers_judge) text += "approvers_judge = true\n";
  std::string replicas;
  for (const std::string& folder : config.vault_replicas)
    replicas += (replicas.empty() ? "" : ", ") + quoted(folder);
  text += fmt::format(
      "\n# Folders on other disks; each needs a copy of vault/probatio-vault (docs/operate/purge.md).\n"
      "[vault]\nreplicas = [{}]\n",
      replicas);
  text +=
      "\n# Fills up network blocks, so that their sizes show less; costs about a third more "
      "(docs/threat-model.md).\n";
  text += fmt::format("[store]\npad_network_blocks = {}\n", config.pad_network_blocks);
  if (config.demonstration_clock) text += "\n[demonstration]\nclock = true\n";
  return text;
}

}  // namespace probatio::cli
