// probatio order assess: an order against the law, line by line; of a deployment, or a bare file.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>

#include "cli/bare_order.h"
#include "cli/order_commands.h"
#include "cli/order_file.h"

namespace probatio::cli {
namespace {

struct Options {
  BareOptions bare;
  std::string by;
};

void Print(Session& session, const order::Order& order, const order::Assessment& assessment,
           const order::Enforceability& enforceability) {
  if (!session.json) {
    PrintAssessment(order, assessment, session.out);
    return;
  }
  nlohmann::json whole = nlohmann::json::parse(order::ToJson(assessment));
  whole["enforceability"] = nlohmann::json::parse(order::ToJson(enforceability));
  session.out << whole.dump() << "\n";
}

Status Assess(Session& session, const Options& options) {
  if (std::filesystem::exists(options.bare.file)) {
    const BareOrder bare = TRY(AssessBare(options.bare));
    Print(session, bare.order, bare.assessment, bare.enforceability);
    return Done{};
  }
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const OrderId id = TRY(OrderId::Parse(options.bare.file));
  const order::Event assessed = TRY(EventBy(*deployment, options.by, order::EventKind::kAssessed));
  TRY(RecordOrderEvent(*deployment, id, assessed));
  const disclosure::Case loaded = TRY(CasebookCases(*deployment).LoadUnsigned(id));
  Print(session, loaded.order, loaded.assessment,
        order::CheckEnforceability(loaded.order, loaded.life, EntityOf(deployment->config()),
                                   deployment->clock().Now()));
  return Done{};
}

}  // namespace

void AddOrderAssess(CLI::App* order, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* assess = order->add_subcommand("assess", "check an order against the law, line by line");
  assess->add_option("ORDER", options->bare.file, "the order's id, or an order file")->required();
  assess->add_option("--by", options->by, "with an id: who assesses");
  assess->add_flag("--json", session.json, "results as JSON (docs/formats/order.md)");
  AddBareOptions(assess, options->bare);
  OnRun(assess, session, [&session, options] { return Assess(session, *options); });
}

}  // namespace probatio::cli
