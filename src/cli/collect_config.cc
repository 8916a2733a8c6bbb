#include "cli/collect_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>

#include "base/toml_table.h"
#include "cli/files.h"
#include "cli/input_formats.h"
#include "cli/source_clock_options.h"
#include "collect/stream_listener.h"
#include "collect/watched_folder.h"

namespace probatio::cli {
namespace {

constexpr std::int64_t kReceiveBufferBytes = 32 << 20;
constexpr std::int64_t kReceiveBufferBytesMin = 4'096;
constexpr std::int64_t kStatusSecondsMax = 86'400;
constexpr std::int64_t kGraceSecondsMax = 600;
constexpr std::int64_t kCloseHoursMax = 24;
constexpr std::int64_t kConnections = 1'024;

constexpr std::array<std::pair<std::string_view, Transport>, 4> kTransports{{
    {"udp", Transport::kUdp},
    {"tcp", Transport::kTcp},
    {"tls", Transport::kTls},
    {"radius", Transport::kRadius},
}};

constexpr std::array<std::pair<std::string_view, decode::SyslogFrames>, 3> kFrames{{
    {"counted", decode::SyslogFrames::kCounted},
    {"lines", decode::SyslogFrames::kLines},
    {"detect", decode::SyslogFrames::kDetect},
}};

using Exporters = std::map<std::string, collect::Exporter>;

// An error of what stands at a key, with its place.
template <class T>
Result<T> At(const TomlTable& in, std::string_view key, Result<T> result) {
  if (result.ok()) return result;
  return in.Wrong(key, result.error().what());
}

Result<decode::SourceClock> ReadClock(const TomlTable& in) {
  SourceClockOptions options;
  options.zone = TRY(in.TextOr("zone", options.zone));
  options.offset_seconds = TRY(in.TextOr("clock_offset", options.offset_seconds));
  options.error_seconds = TRY(in.TextOr("clock_error", options.error_seconds));
  if (in.Has("year")) {
    const std::int64_t year = TRY(in.NumberOr("year", 1970, 2261, 1970));
    options.year = static_cast<int>(year);
  }
  const char* key = in.Has("zone") ? "zone" : in.Has("clock_offset") ? "clock_offset" : "clock_error";
  return At(in, key, ReadSourceClock(options));
}

Result<Exporters> ReadExporters(const TomlTable& root) {
  Exporters exporters;
  const std::vector<TomlTable> tables = TRY(root.Tables("exporter"));
  for (const TomlTable& in : tables) {
    TRY(in.OnlyKeys({"name", "from", "zone", "year", "clock_offset", "clock_error"}));
    collect::Exporter exporter;
    exporter.name = TRY(in.Text("name"));
    const std::vector<std::string> from = TRY(in.Texts("from"));
    if (from.empty()) return in.Wrong("from", "missing: the addresses that it sends from");
    for (const std::string& text : from) {
      const IpPrefix prefix = TRY(At(in, "from", IpPrefix::ParseOrAddress(text)));
      exporter.from.push_back(prefix);
    }
    exporter.clock = TRY(ReadClock(in));
    if (!exporters.emplace(exporter.name, exporter).second) return in.Wrong("name", "given twice");
  }
  return exporters;
}

Result<std::vector<collect::Exporter>> ChooseExporters(const TomlTable& in, const Exporters& all) {
  const std::vector<std::string> names = TRY(in.Texts("exporters"));
  std::vector<collect::Exporter> chosen;
  for (const std::string& name : names) {
    const auto found = all.find(name);
    if (found == all.end()) return in.Wrong("exporters", fmt::format("no [[exporter]] is named '{}'", name));
    chosen.push_back(found->second);
  }
  if (names.empty())
    for (const auto& [name, exporter] : all) chosen.push_back(exporter);
  if (chosen.empty()) return in.Wrong("exporters", "nobody may send: there is no [[exporter]]");
  const Result<collect::Exporters> apart = At(in, "exporters", collect::Exporters::Make(chosen));
  if (!apart.ok()) return apart.error();
  return chosen;
}

// What one transport needs and no other may have.
Status CheckTransportKeys(const TomlTable& in, Transport transport) {
  const bool datagrams = transport == Transport::kUdp || transport == Transport::kRadius;
  const bool tls = transport == Transport::kTls;
  for (const char* key : {"certificate", "key"}) {
    if (in.Has(key) != tls) return in.Wrong(key, tls ? "missing: TLS needs it" : "of a TLS listener only");
  }
  for (const char* key : {"client_ca", "clients"})
    if (in.Has(key) && !tls) return in.Wrong(key, "of a TLS listener only");
  if (in.Has("receive_buffer") && !datagrams) return in.Wrong("receive_buffer", "of UDP only");
  if (in.Has("connections") && datagrams) return in.Wrong("connections", "of TCP and TLS only");
  if (in.Has("secrets") != (transport == Transport::kRadius))
    return in.Wrong("secrets", in.Has("secrets") ? "of a RADIUS listener only"
                                                 : "missing: the file of secrets shared with the clients");
  return Done{};
}

template <class Value, std::size_t kCount>
Result<Value> Choose(const TomlTable& in, std::string_view key, const std::string& text,
                     const std::array<std::pair<std::string_view, Value>, kCount>& choices) {
  std::string names;
  for (const auto& [name, value] : choices) {
    if (name == text) return value;
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  return in.Wrong(key, "one of " + names);
}

Status ReadStreamKeys(const TomlTable& in, const std::string& folder, ListenerConfig* listener) {
  const std::int64_t connections = TRY(in.NumberOr("connections", 1, collect::kConnectionsMax, kConnections));
  listener->connections = static_cast<std::size_t>(connections);
  if (in.Has("framing")) {
    const bool syslog_stream = listener->format == "syslog-cgn" && (listener->transport == Transport::kTcp ||
                                                                    listener->transport == Transport::kTls);
    if (!syslog_stream) return in.Wrong("framing", "of syslog over TCP or TLS only");
    const std::string framing = TRY(in.Text("framing"));
    listener->frames = TRY(Choose(in, "framing", framing, kFrames));
  }
  if (listener->transport != Transport::kTls) return Done{};
  const std::string certificate = TRY(in.Text("certificate"));
  const std::string key = TRY(in.Text("key"));
  const std::string client_ca = TRY(in.TextOr("client_ca", {}));
  const auto in_folder = [&](const std::string& path) {
    return path.empty() ? path : (std::filesystem::path(folder) / path).string();
  };
  listener->tls = {in_folder(certificate), in_folder(key), in_folder(client_ca), {}};
  listener->tls.clients = TRY(in.Texts("clients"));
  return Done{};
}

Result<ListenerConfig> ReadListener(const TomlTable& in, const Exporters& exporters,
                                    const std::string& folder) {
  TRY(in.OnlyKeys({"format", "transport", "address", "exporters", "receive_buffer", "connections", "framing",
                   "certificate", "key", "client_ca", "clients", "secrets"}));
  ListenerConfig listener;
  const std::string transport = TRY(in.Text("transport"));
  listener.transport = TRY(Choose(in, "transport", transport, kTransports));
  const bool radius = listener.transport == Transport::kRadius;
  listener.format = TRY(in.TextOr("format", radius ? "radius" : ""));
  TRY(At(in, "format", CarriedBy(listener.format)));
  if (radius != (listener.format == "radius"))
    return in.Wrong("format", "radius, and nothing else, goes with transport = \"radius\"");
  const bool stream = listener.transport == Transport::kTcp || listener.transport == Transport::kTls;
  if (stream && listener.format != "ipfix" && listener.format != "syslog-cgn")
    return in.Wrong("format", "over TCP and TLS: ipfix or syslog-cgn");
  const std::string address = TRY(in.Text("address"));
  listener.at = TRY(At(in, "address", net::ParseEndpoint(address)));
  listener.exporters = TRY(ChooseExporters(in, exporters));
  TRY(CheckTransportKeys(in, listener.transport));
  const std::int64_t buffer =
      TRY(in.NumberOr("receive_buffer", kReceiveBufferBytesMin, kReceiveBufferBytesMax, kReceiveBufferBytes));
  listener.receive_buffer = static_cast<std::size_t>(buffer);
  TRY(ReadStreamKeys(in, folder, &listener));
  if (radius) {
    const std::string secrets = TRY(in.Text("secrets"));
    listener.secrets = (std::filesystem::path(folder) / secrets).string();
  }
  return listener;
}

Result<FolderConfig> ReadFolder(const TomlTable& in, const std::string& base) {
  TRY(in.OnlyKeys({"name", "folder", "glob", "format", "mapping", "growing", "when_read", "finished_days",
                   "zone", "year", "clock_offset", "clock_error"}));
  FolderConfig folder;
  folder.exporter.name = TRY(in.Text("name"));
  const std::string path = TRY(in.Text("folder"));
  folder.folder = (std::filesystem::path(base) / path).string();
  folder.glob = TRY(in.TextOr("glob", folder.glob));
  folder.format = TRY(in.Text("format"));
  TRY(At(in, "format", CarriedBy(folder.format)));
  if (folder.format == "radius") return in.Wrong("format", "radius-detail is the format of files");
  const std::string mapping = TRY(in.TextOr("mapping", {}));
  if (!mapping.empty()) folder.mapping = (std::filesystem::path(base) / mapping).string();
  folder.growing = TRY(in.FlagOr("growing", false));
  const std::string when_read = TRY(in.TextOr("when_read", "move"));
  if (when_read != "move" && when_read != "delete") return in.Wrong("when_read", "one of move, delete");
  folder.delete_finished = when_read == "delete";
  const std::int64_t days =
      TRY(in.NumberOr("finished_days", 1, collect::kFinishedDaysMax, collect::kFinishedDaysMax));
  folder.finished_days = static_cast<int>(days);
  folder.exporter.clock = TRY(ReadClock(in));
  return folder;
}

Status ReadTimes(const TomlTable& root, CollectConfig* config) {
  const TomlTable in = TRY(root.Table("collect"));
  TRY(in.OnlyKeys({"status_seconds", "grace_seconds", "close_hours"}));
  config->status_every_s = TRY(in.NumberOr("status_seconds", 1, kStatusSecondsMax, config->status_every_s));
  config->sessions_grace_s = TRY(in.NumberOr("grace_seconds", 0, kGraceSecondsMax, config->sessions_grace_s));
  config->days_close_every_h = TRY(in.NumberOr("close_hours", 1, kCloseHoursMax, config->days_close_every_h));
  return Done{};
}

Result<CollectConfig> FromTable(const TomlTable& root, const std::string& folder) {
  TRY(root.OnlyKeys({"collect", "exporter", "listener", "folder"}));
  CollectConfig config;
  TRY(ReadTimes(root, &config));
  const Exporters exporters = TRY(ReadExporters(root));
  const std::vector<TomlTable> listeners = TRY(root.Tables("listener"));
  std::set<std::string> names;
  for (const TomlTable& in : listeners) {
    ListenerConfig listener = TRY(ReadListener(in, exporters, folder));
    if (!names.insert(listener.Name()).second) return in.Wrong("address", "two listeners in one place");
    config.listeners.push_back(std::move(listener));
  }
  const std::vector<TomlTable> folders = TRY(root.Tables("folder"));
  std::set<std::string> folder_places;
  for (const TomlTable& in : folders) {
    FolderConfig one = TRY(ReadFolder(in, folder));
    if (!names.insert(one.exporter.name).second) return in.Wrong("name", "given twice");
    const std::string place = std::filesystem::path(one.folder).lexically_normal().string();
    if (!folder_places.insert(place).second)
      return in.Wrong("folder", "watched twice: each file would be read twice");
    config.folders.push_back(std::move(one));
  }
  if (listeners.empty() && folders.empty())
    return root.Wrong("listener", "missing: there is nothing to collect from");
  if (listeners.size() > kListenersMax || folders.size() > kListenersMax)
    return root.Wrong("listener", fmt::format("more than {}, or as many folders", kListenersMax));
  return config;
}

}  // namespace

std::string_view ToText(Transport transport) {
  const auto* found = std::find_if(kTransports.begin(), kTransports.end(),
                                   [&](const auto& one) { return one.second == transport; });
  CHECK(found != kTransports.end());
  return found->first;
}

std::string ListenerConfig::Name() const {
  return fmt::format("{} {} {}", format, ToText(transport), at.ToText());
}

Result<CollectConfig> ReadCollectConfig(const std::string& path) {
  const std::string text = TRY(ReadText(path, kCollectConfigBytesMax));
  const TomlTable root = TRY(TomlTable::Parse(text, path, {kCollectConfigBytesMax}));
  return FromTable(root, std::filesystem::path(path).parent_path().string());
}

}  // namespace probatio::cli
