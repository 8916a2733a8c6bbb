// probatio order assess: an order against the law, line by line; of a deployment, or a bare file.
#include <CLI/CLI.hpp>

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

void Print(Session& session, const order::Order& order, const order::Assessment& assessment) {
  if (session.json) {
    session.out << order::ToJson(assessment) << "\n";
  } else {
    PrintAssessment(order, assessment, session.out);
  }
}

Status Assess(Session& session, const Options& options) {
  if (std::filesystem::exists(options.bare.file)) {
    const BareOrder bare = TRY(AssessBare(options.bare));
    Print(session, bare.order, bare.assessment);
    return Done{};
  }
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const OrderId id = TRY(OrderId::Parse(options.bare.file));
  order::Event assessed;
  assessed.kind = order::EventKind::kAssessed;
  assessed.person = TRY(RegisteredPerson(*deployment, options.by));
  TRY(RecordOrderEvent(*deployment, id, assessed));
  const disclosure::Case loaded = TRY(CasebookCases(*deployment).LoadUnsigned(id));
  Print(session, loaded.order, loaded.assessment);
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
