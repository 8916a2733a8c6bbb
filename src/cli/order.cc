// probatio order: the life of an order, one subcommand for each step.
#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/held.h"
#include "cli/order_afterwards.h"
#include "cli/order_commands.h"
#include "cli/order_file.h"
#include "cli/pins.h"
#include "keep/hold.h"
#include "order/duplicate.h"
#include "order/fate.h"

namespace probatio::cli {
namespace {

struct Options {
  std::string order;  // an id, or for add a file
  std::string by;
  std::string reason;
  std::string again;
  std::string line;
  std::string item;
  std::string choice;
};

Status RefuseDuplicate(Deployment& deployment, const order::Order& incoming, const std::string& again) {
  const std::vector<OrderId> ids = TRY(deployment.casebook().ListOrders());
  for (const OrderId& id : ids) {
    if (id == incoming.id) continue;  // the casebook refuses that
    const std::string source = TRY(deployment.casebook().OrderSource(id));
    const order::Order known = TRY_IN(id.text(), order::ParseOrder(source, deployment.regime()));
    const std::vector<order::Event> events = TRY(deployment.casebook().EventsOf(id));
    const order::Life life = TRY(order::Replay(events));
    TRY(order::CheckNotReceived(incoming, known, life, again));
  }
  return Done{};
}

Status Add(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const std::string text = TRY(ReadText(options.order, order::kOrderBytesMax));
  const order::Order order = TRY_IN(options.order, order::ParseOrder(text, deployment->regime()));
  TRY(RefuseDuplicate(*deployment, order, options.again));
  order::Event received = TRY(EventBy(*deployment, options.by, order::EventKind::kReceived, options.again));
  received.at = deployment->clock().Now();
  TRY(deployment->casebook().AddOrder(order, received, deployment->ledger()));
  TRY(PinFor(*deployment, order));  // before anybody has judged anything
  session.out << "received " << order.id.text() << " with " << order.lines.size()
              << " lines; what it can touch is pinned\n"
              << "next: a second person confirms the transcription: probatio order confirm "
              << order.id.text() << " --by ID\n";
  return Done{};
}

Status List(Session& session) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const std::vector<OrderId> orders = TRY(deployment->casebook().ListOrders());
  nlohmann::json list = nlohmann::json::array();
  for (const OrderId& id : orders) {
    const std::vector<order::Event> events = TRY(deployment->casebook().EventsOf(id));
    const order::Life life = TRY(order::Replay(events));
    list.push_back({{"order", id.text()}, {"state", order::ToText(life.state)}, {"stayed", life.stayed}});
    if (!session.json)
      session.out << id.text() << "  " << order::ToText(life.state) << (life.stayed ? "  stayed" : "")
                  << "\n";
  }
  if (session.json) session.out << list.dump(2) << "\n";
  return Done{};
}

Status Show(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const OrderId id = TRY(OrderId::Parse(options.order));
  const disclosure::Case loaded = TRY(CasebookCases(*deployment).LoadUnsigned(id));
  const std::vector<casebook::SentNotice> notices = TRY(deployment->casebook().NoticesOf(id));
  if (session.json) {
    nlohmann::json events = nlohmann::json::array();
    for (const order::Event& event : loaded.life.events)
      events.push_back(nlohmann::json::parse(order::EventToJson(event)));
    const nlohmann::json shown = {{"order", id.text()},
                                  {"state", order::ToText(loaded.life.state)},
                                  {"stayed", loaded.life.stayed},
                                  {"events", events},
                                  {"afterwards", nlohmann::json::parse(AfterwardsJson(
                                                     loaded.order, loaded.life, deployment->clock().Now()))},
                                  {"notices", nlohmann::json::parse(NoticesJson(notices))},
                                  {"assessment", nlohmann::json::parse(order::ToJson(loaded.assessment))}};
    session.out << shown.dump(2) << "\n";
    return Done{};
  }
  PrintAssessment(loaded.order, loaded.assessment, session.out);
  session.out << "\nstate: " << order::ToText(loaded.life.state) << (loaded.life.stayed ? ", stayed" : "")
              << "\n";
  for (const order::Event& event : loaded.life.events) {
    session.out << fmt::format("  {}  {:18} {:14} {} {} {}\n", event.at.ToRfc3339(),
                               order::ToText(event.kind), event.person.text(), event.line, event.item,
                               event.reason);
  }
  PrintAfterwards(loaded.order, loaded.life, deployment->clock().Now(), session.out);
  PrintNotices(notices, session.out);
  return Done{};
}

Status Decide(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const OrderId id = TRY(OrderId::Parse(options.order));
  order::Event decided = TRY(EventBy(*deployment, options.by, order::EventKind::kDecided, options.reason));
  decided.line = options.line;
  decided.item = options.item;
  decided.choice = TRY_IN("--choice", order::ParseChoice(options.choice));
  const disclosure::Case loaded = TRY(CasebookCases(*deployment).LoadUnsigned(id));
  TRY(order::CheckChoice(loaded.assessment, decided));
  TRY(RecordOrderEvent(*deployment, id, decided));
  session.out << "recorded: " << options.line << " " << options.item << ": " << options.choice << "\n";
  return Done{};
}

// Steps that only record what a named person found or did.
void AddStep(CLI::App* order, Session& session, const char* name, const char* about, order::EventKind kind,
             const std::shared_ptr<Options>& options) {
  CLI::App* step = order->add_subcommand(name, about);
  step->add_option("ORDER", options->order, "the order's id")->required();
  step->add_option("--by", options->by, "who did it")->required();
  step->add_option("--reason", options->reason, "how it was checked, or why");
  OnRun(step, session, [&session, options, kind]() -> Status {
    const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
    const OrderId id = TRY(OrderId::Parse(options->order));
    const order::Event event = TRY(EventBy(*deployment, options->by, kind, options->reason));
    TRY(RecordOrderEvent(*deployment, id, event));
    if (kind == order::EventKind::kClosed) TRY(DestroyHeldOf(session, *deployment, id));
    return SayStep(session, *deployment, id, kind);
  });
}

void AddReading(CLI::App* order, Session& session, const std::shared_ptr<Options>& options) {
  CLI::App* add =
      order->add_subcommand("add", "receive an order, transcribed to JSON (docs/formats/order.md)");
  add->add_option("FILE", options->order, "the order file")->required();
  add->add_option("--by", options->by, "who transcribed it")->required();
  add->add_option("--again", options->again,
                  "why a decision that was refused or withdrawn is received once more");
  OnRun(add, session, [&session, options] { return Add(session, *options); });

  CLI::App* list = order->add_subcommand("list", "all orders and their states");
  OnRun(list, session, [&session] { return List(session); });

  CLI::App* show = order->add_subcommand("show", "one order: assessment, state, what happened");
  show->add_option("ORDER", options->order, "the order's id")->required();
  OnRun(show, session, [&session, options] { return Show(session, *options); });
}

void AddDeciding(CLI::App* order, Session& session, const std::shared_ptr<Options>& options) {
  CLI::App* decide = order->add_subcommand("decide", "a named person's answer where a human must decide");
  decide->add_option("ORDER", options->order, "the order's id")->required();
  decide->add_option("--line", options->line, "line id, such as L5")->required();
  decide->add_option("--item", options->item, "item id")->required();
  decide->add_option("--choice", options->choice, "what is done")
      ->check(CLI::IsMember({"comply", "decline", "appeal", "ask_interpretation", "ask_rectification"}))
      ->required();
  decide->add_option("--by", options->by, "who decides")->required();
  decide->add_option("--reason", options->reason, "why, in words")->required();
  OnRun(decide, session, [&session, options] { return Decide(session, *options); });
}

}  // namespace

void AddOrder(CLI::App& app, Session& session) {
  CLI::App* order = app.add_subcommand("order", "the life of an order");
  order->require_subcommand(1);
  auto options = std::make_shared<Options>();
  AddReading(order, session, options);
  AddOrderAssess(order, session);
  AddOrderPlan(order, session);
  AddDeciding(order, session, options);
  AddOrderApproval(order, session);
  using order::EventKind;
  AddConfirm(order, session);
  AddAuthenticity(order, session);
  AddEnforceability(order, session);
  AddRefusal(order, session);
  AddAfterwards(order, session);
  AddStep(order, session, "withdraw", "the applicant or the court withdrew it", EventKind::kWithdrawn,
          options);
  AddStep(order, session, "stay", "the order is stayed (CPC 514-3)", EventKind::kStayed, options);
  AddStep(order, session, "lift-stay", "the stay has ended", EventKind::kStayLifted, options);
  AddStep(order, session, "close", "nothing remains to be done", EventKind::kClosed, options);
}

}  // namespace probatio::cli
