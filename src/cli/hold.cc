// probatio hold: what is pinned for which order, and for how long already.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/deployment.h"

namespace probatio::cli {
namespace {

Status List(Session& session) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const std::vector<casebook::Hold> holds = TRY(deployment->casebook().ListHolds());
  nlohmann::json list = nlohmann::json::array();
  for (const casebook::Hold& hold : holds) {
    const std::int64_t age_hours = (deployment->clock().Now() - hold.pinned_at) / kNsPerHour;
    list.push_back({{"id", hold.id},
                    {"order", hold.order.text()},
                    {"streams", hold.streams},
                    {"begin", hold.period.begin.ToRfc3339()},
                    {"end", hold.period.end.ToRfc3339()},
                    {"pinned_at", hold.pinned_at.ToRfc3339()},
                    {"age_hours", age_hours},
                    {"released", hold.released_at.has_value()}});
    if (session.json) continue;
    session.out << hold.id << "  " << hold.order.text() << "  " << hold.streams.front() << "  "
                << hold.period.begin.ToRfc3339() << " to " << hold.period.end.ToRfc3339() << "  "
                << (hold.released_at ? "released" : "pinned for " + std::to_string(age_hours) + " h") << "\n";
  }
  if (session.json) session.out << list.dump(2) << "\n";
  return Done{};
}

Status Release(Session& session, std::uint64_t id) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  TRY(deployment->casebook().ReleaseHold(id, deployment->clock().Now(), deployment->ledger()));
  session.out << "released hold " << id << "\n";
  return Done{};
}

}  // namespace

void AddHold(CLI::App& app, Session& session) {
  CLI::App* hold = app.add_subcommand("hold", "what is pinned for which order");
  hold->require_subcommand(1);
  CLI::App* list = hold->add_subcommand("list", "every hold with its age");
  OnRun(list, session, [&session] { return List(session); });
  auto id = std::make_shared<std::uint64_t>(0);
  CLI::App* release = hold->add_subcommand("release", "lift a hold");
  release->add_option("ID", *id, "the hold's id")->required();
  OnRun(release, session, [&session, id] { return Release(session, *id); });
}

}  // namespace probatio::cli
