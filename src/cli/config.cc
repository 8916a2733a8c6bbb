#include "cli/config.h"

#include <fmt/format.h>

#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/toml_screen.h"
#include "cli/files.h"
#include "keep/vault.h"

namespace probatio::cli {
namespace {

constexpr std::size_t kConfigBytesMax = 65'536;
constexpr std::int64_t kGrantHoursMax = 24 * 31;
constexpr std::int64_t kCustodiansMax = 16;

// A key that the table does not know is a typing error, and a silent one would change what the deployment
// does.
Status CheckKeys(const toml::table& root) {
  static const std::set<std::string> known = {
      "provider.name",       "provider.profile", "ledger.origin",
      "law.regime",          "custody.needed",   "orders.grant_hours",
      "demonstration.clock", "vault.replicas",   "store.pad_network_blocks"};
  for (const auto& [section, node] : root) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return Invalid(fmt::format("unknown key '{}'", section.str()));
    for (const auto& [key, value] : *table) {
      const std::string name = fmt::format("{}.{}", section.str(), key.str());
      if (!known.contains(name)) {
        return Invalid(fmt::format("line {}: unknown key '{}'", value.source().begin.line, name));
      }
    }
  }
  return Done{};
}

Result<std::string> Text(const toml::table& root, const char* section, const char* key) {
  const std::optional<std::string> value = root[section][key].value<std::string>();
  if (!value || value->empty()) return Invalid(fmt::format("{}.{}: missing, or not a text", section, key));
  return *value;
}

Result<std::int64_t> Number(const toml::table& root, const char* section, const char* key,
                            std::int64_t otherwise, std::int64_t max) {
  const auto node = root[section][key];
  if (!node) return otherwise;
  const std::optional<std::int64_t> value = node.value<std::int64_t>();
  if (!value || *value < 1 || *value > max)
    return Invalid(fmt::format("{}.{}: not within 1 to {}", section, key, max));
  return *value;
}

// A comma separates them in the ledger.
Result<std::vector<std::string>> Replicas(const toml::table& root) {
  std::vector<std::string> replicas;
  const auto node = root["vault"]["replicas"];
  if (!node) return replicas;
  const toml::array* array = node.as_array();
  if (array == nullptr) return Invalid("vault.replicas: not a list of folders");
  for (const toml::node& element : *array) {
    const std::optional<std::string> folder = element.value<std::string>();
    if (!folder || folder->empty() || folder->find(',') != std::string::npos)
      return Invalid("vault.replicas: each is the path of a folder, without a comma");
    if (std::find(replicas.begin(), replicas.end(), *folder) != replicas.end())
      return Invalid(fmt::format("vault.replicas: {} is given twice", *folder));
    replicas.push_back(*folder);
  }
  if (replicas.size() > keep::kVaultReplicasMax)
    return Invalid(fmt::format("vault.replicas: more than {}", keep::kVaultReplicasMax));
  return replicas;
}

Result<Config> FromTable(const toml::table& root) {
  TRY(CheckKeys(root));
  Config config;
  config.provider = TRY(Text(root, "provider", "name"));
  config.profile = TRY(Text(root, "provider", "profile"));
  config.origin = TRY(Text(root, "ledger", "origin"));
  config.regime = TRY(Text(root, "law", "regime"));
  const std::int64_t needed = TRY(Number(root, "custody", "needed", 2, kCustodiansMax));
  const std::int64_t grant_hours = TRY(Number(root, "orders", "grant_hours", 72, kGrantHoursMax));
  config.custodians_needed = static_cast<unsigned>(needed);
  config.grant_hours = static_cast<int>(grant_hours);
  config.vault_replicas = TRY(Replicas(root));
  config.pad_network_blocks = root["store"]["pad_network_blocks"].value_or(false);
  config.demonstration_clock = root["demonstration"]["clock"].value_or(false);
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
  TRY(ScreenToml(text.value(), file));
  toml::table parsed;
  try {
    parsed = toml::parse(text.value(), file);
  } catch (const toml::parse_error& error) {
    return Invalid(fmt::format("{}:{}: {}", file, error.source().begin.line, error.description()));
  }
  Config config = TRY_IN(file, FromTable(parsed));
  const std::string folder = fs::path(file).parent_path().string();
  config.folder = folder.empty() ? "." : folder;
  return config;
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
      fmt::format("[provider]\nname = {}\nprofile = {}\n\n", quoted(config.provider), quoted(config.profile));
  text += fmt::format("[ledger]\norigin = {}\n\n[law]\nregime = {}\n\n", quoted(config.origin),
                      quoted(config.regime));
  text += fmt::format("[custody]\nneeded = {}\n\n", config.custodians_needed);
  text += fmt::format("[orders]\ngrant_hours = {}\n", config.grant_hours);
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
