#include "cli/radius_secrets.h"

#include <fmt/format.h>

#include "cli/files.h"

namespace probatio::cli {
namespace {

constexpr std::size_t kSecretsFileBytesMax = 16'777'216;

std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

Status ReadLine(std::string_view line, decode::RadiusClients* clients) {
  const std::size_t blank = line.find_first_of(" \t");
  if (blank == std::string_view::npos) return Invalid("no secret after the client");
  const Result<IpPrefix> from = IpPrefix::ParseOrAddress(line.substr(0, blank));
  if (!from.ok()) return Invalid("no address or prefix");
  return clients->Add(from.value(), Secret(Trimmed(line.substr(blank))));
}

}  // namespace

Result<decode::RadiusClients> ParseRadiusSecrets(std::string_view text) {
  decode::RadiusClients clients;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::string_view said = Trimmed(line);
    if (said.empty() || said.front() == '#') continue;
    TRY_IN(fmt::format("line {}", number), ReadLine(said, &clients));
  }
  if (clients.empty()) return Invalid("no client");
  return clients;
}

Result<decode::RadiusClients> ReadRadiusSecrets(const std::string& path) {
  Buffer file = TRY(ReadFile(path, kSecretsFileBytesMax));
  Result<decode::RadiusClients> clients = ParseRadiusSecrets(AsText(file));
  Wipe(file);
  if (!clients.ok()) return clients.error().Within(path);
  return clients;
}

}  // namespace probatio::cli
