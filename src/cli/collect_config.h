// collect.toml: who may send, where we listen, which folders are watched (docs/operate/collect.md). Immutable
// once read.
#pragma once

#include <string>
#include <vector>

#include "collect/exporters.h"
#include "decode/syslog/syslog_framing.h"
#include "net/endpoint.h"
#include "net/tls_server.h"

namespace probatio::cli {

inline constexpr std::size_t kCollectConfigBytesMax = 1U << 20;
inline constexpr std::size_t kListenersMax = 64;  // and as many folders
inline constexpr std::int64_t kReceiveBufferBytesMax = 1 << 30;

enum class Transport : std::uint8_t { kUdp, kTcp, kTls, kRadius };
std::string_view ToText(Transport transport);

struct ListenerConfig {
  std::string format;  // input_formats.h, CarriedBy
  Transport transport = Transport::kUdp;
  net::Endpoint at;
  std::vector<collect::Exporter> exporters;  // that may send here
  std::size_t receive_buffer = 0;            // of datagrams, in the kernel
  std::size_t connections = 0;               // of streams
  decode::SyslogFrames frames = decode::SyslogFrames::kDetect;
  net::TlsFiles tls;
  std::string secrets;  // file, of radius

  std::string Name() const;  // "ipfix udp 192.0.2.1:4739"
};

struct FolderConfig {
  std::string format;
  std::string mapping;
  std::string folder;
  std::string glob = "*";
  bool growing = false;
  bool delete_finished = false;
  int finished_days = 14;
  collect::Exporter exporter;  // its name and clock
};

struct CollectConfig {
  std::int64_t status_every_s = 60;
  std::int64_t sessions_grace_s = 30;
  std::int64_t days_close_every_h = 6;
  std::vector<ListenerConfig> listeners;
  std::vector<FolderConfig> folders;
};

// Paths in the file are relative to its folder. kInvalid names file, line, key and reason; kNotFound a zone
// that this machine does not have.
Result<CollectConfig> ReadCollectConfig(const std::string& path);

}  // namespace probatio::cli
