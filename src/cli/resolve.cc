// probatio resolve --from-log: who held this address and port at this instant, over a plain log that the
// caller already holds. The same question over a sealed store is an order's, and is answered by `disclose`.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/input.h"
#include "record/json.h"
#include "resolve/resolver.h"

namespace probatio::cli {
namespace {

struct Options {
  std::string log;
  std::string format = "ipfix";
  std::string ip;
  std::uint16_t port = 0;
  std::string proto = "tcp";
  std::string at;
  double error_seconds = 0;
};

Result<order::Tuple> TupleOf(const Options& options) {
  order::Tuple tuple;
  tuple.ip = TRY_IN("--ip", IpAddress::Parse(options.ip));
  tuple.port = options.port;
  tuple.proto = TRY_IN("--proto", record::ParseProtocol(options.proto));
  tuple.at = TRY_IN("--at", Instant::ParseRfc3339(options.at));
  tuple.error_ns = static_cast<std::int64_t>(options.error_seconds * static_cast<double>(kNsPerSecond));
  return tuple;
}

nlohmann::json Seconds(const std::optional<std::int64_t>& ns) {
  if (!ns) return nullptr;
  return static_cast<double>(*ns) / static_cast<double>(kNsPerSecond);
}

Status Resolve(Session& session, const Options& options) {
  const order::Tuple tuple = TRY(TupleOf(options));
  std::vector<record::NatEvent> events;  // of that public address: no other says anything about it
  const auto keep = [&](std::span<const record::Record> records, const InputPlace&) -> Status {
    for (const record::Record& record : records) {
      const auto* const event = std::get_if<record::NatEvent>(&record);
      if (event != nullptr && event->public_ip == tuple.ip) events.push_back(*event);
    }
    return Done{};
  };
  const Input input = TRY(ReadPlainInput({options.format, {}, {}, {}, {}}, options.log, {keep, {}}));
  const resolve::Holders holders = resolve::HoldersAt(events, tuple, resolve::Limits{});
  const char* certainty = holders.at_instant.empty()       ? "none"
                          : holders.at_instant.size() == 1 ? "unique"
                                                           : "ambiguous";
  if (input.lost != 0 && holders.at_instant.size() < 2) certainty = "log_gap";

  nlohmann::json candidates = nlohmann::json::array();
  for (const resolve::Holder& holder : holders.at_instant) {
    nlohmann::json supports = nlohmann::json::array();
    for (const std::size_t index : holder.events)
      supports.push_back(nlohmann::json::parse(record::ToJson(events[index])));
    candidates.push_back({{"events", supports}, {"rules", holder.rules}});
  }
  const nlohmann::json answer = {{"certainty", certainty},
                                 {"candidates", candidates},
                                 {"lost_records", input.lost},
                                 {"unchanged_from_s", Seconds(holders.offsets.unchanged_from_ns)},
                                 {"unchanged_to_s", Seconds(holders.offsets.unchanged_to_ns)}};
  session.out << answer.dump(2) << "\n";
  if (holders.at_instant.empty()) return NotFound("nobody held it in this log at that instant");
  return Done{};
}

}  // namespace

void AddResolve(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("resolve", "who held (address, port) at an instant, over a log you already hold");
  auto options = std::make_shared<Options>();
  command->add_option("--from-log", options->log, "the log file")->required();
  command->add_option("--format", options->format, "of the log: ipfix or jsonl")->capture_default_str();
  command->add_option("--ip", options->ip, "public address")->required();
  command->add_option("--port", options->port, "public source port")
      ->required()
      ->check(CLI::Range(1, 65'535));
  command->add_option("--proto", options->proto, "transport")->capture_default_str();
  command->add_option("--at", options->at, "instant with its zone, such as 2024-10-21T08:14:03.250Z")
      ->required();
  command->add_option("--error", options->error_seconds, "your clock's error, in seconds")
      ->check(CLI::Range(0.0, 86'400.0));
  OnRun(command, session, [&session, options] { return Resolve(session, *options); });
}

}  // namespace probatio::cli
