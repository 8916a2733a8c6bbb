// The invented world as files, in the forms that real sources send.
#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/demo/world.h"
#include "cli/files.h"
#include "decode/flow/ipfix_writer.h"
#include "record/json.h"

namespace probatio::cli::demo {
namespace {

Status WriteLines(const std::string& path, const std::vector<record::Record>& records) {
  std::string lines;
  for (const record::Record& record : records) lines += record::ToJson(record) + "\n";
  return WriteFile(path, AsBytes(lines));
}

// One translator, exporting once a second as far as events go; templates again every five minutes, as over
// UDP.
Result<Buffer> Export(const std::vector<record::NatEvent>& events) {
  constexpr std::uint32_t kDomain = 17;
  decode::IpfixWriter writer(kDomain);
  Buffer file;
  const auto flush = [&](Instant now) {
    while (!writer.empty()) {
      const Buffer message = writer.NextMessage(now);
      file.insert(file.end(), message.begin(), message.end());
    }
  };
  Instant second = events.front().origin.at.at;
  Instant templates = second;
  for (const record::NatEvent& event : events) {
    const Instant at = event.origin.at.at;
    if (at - second >= kNsPerSecond) {
      flush(second + kNsPerSecond);
      second = at;
    }
    if (at - templates >= 5 * kNsPerMinute) {
      writer.RepeatTemplates();
      templates = at;
    }
    TRY(writer.Add(event));
  }
  flush(second + kNsPerSecond);
  return file;
}

Status WriteTruth(const std::string& path, const Truth& truth) {
  nlohmann::json connections = nlohmann::json::array();
  for (const Truth::Connection& connection : truth.connections) {
    connections.push_back({{"event", connection.event},
                           {"at", connection.at.ToRfc3339()},
                           {"ip", connection.ip.ToText()},
                           {"port", connection.port}});
  }
  const nlohmann::json json = {{"account", truth.account},       {"phone", truth.phone},
                               {"subscriber", truth.subscriber}, {"surname", truth.surname},
                               {"first_name", truth.first_name}, {"connections", connections}};
  const std::string text = json.dump(2) + "\n";
  return WriteFile(path, AsBytes(text));
}

}  // namespace

Status WriteWorld(const World& world, const std::string& folder) {
  TRY(MakeFolder(folder + "/platform"));
  TRY(MakeFolder(folder + "/operator"));
  TRY(WriteLines(folder + "/platform/accounts.jsonl", world.accounts));
  TRY(WriteLines(folder + "/platform/activities.jsonl", world.activities));
  const Buffer ipfix = TRY(Export(world.nat));
  TRY(WriteFile(folder + "/operator/nat.ipfix", ipfix));
  TRY(WriteLines(folder + "/operator/sessions.jsonl", world.sessions));
  TRY(WriteLines(folder + "/operator/subscribers.jsonl", world.subscribers));
  return WriteTruth(folder + "/truth.json", world.truth);
}

}  // namespace probatio::cli::demo
