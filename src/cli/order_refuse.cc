// probatio order refuse: the order is not executed, on a ground that its instrument knows (order/refusal.h).
#include <CLI/CLI.hpp>

#include "cli/order_commands.h"
#include "cli/order_file.h"
#include "order/refusal.h"

namespace probatio::cli {
namespace {

struct Options {
  std::string order;
  std::string by;
  std::string ground;
  std::string because;
};

Status Refuse(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const OrderId id = TRY(OrderId::Parse(options.order));
  order::Event event = TRY(EventBy(*deployment, options.by, order::EventKind::kRefused, options.because));
  const disclosure::Case loaded = TRY(CasebookCases(*deployment).LoadUnsigned(id));
  TRY_IN("--ground", order::CheckGround(loaded.order, deployment->regime(), options.ground));
  event.item = options.ground;
  TRY(RecordOrderEvent(*deployment, id, event));
  return SayStep(session, *deployment, id, event.kind);
}

}  // namespace

void AddRefusal(CLI::App* order, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* refuse = order->add_subcommand("refuse", "the order is refused");
  refuse->add_option("ORDER", options->order, "the order's id")->required();
  refuse->add_option("--by", options->by, "who refuses")->required();
  refuse->add_option("--ground", options->ground,
                     "where the regime lists some for the instrument (EPOC: Annex III), which one");
  refuse->add_option("--because,--reason", options->because, "why, in words")->required();
  OnRun(refuse, session, [&session, options] { return Refuse(session, *options); });
}

}  // namespace probatio::cli
