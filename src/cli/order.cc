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
  std::string key;
  std::string passphrase_file;
  std::string scope;
  std::string out;
  int hours = 0;
  bool preserve = false;
};

// Everything that the order's lines can touch is pinned at reception, before anybody has judged anything.
Status PinAtReception(Deployment& deployment, const order::Order& order) {
  const std::vector<keep::Pin> pins = TRY(keep::PinsFor(order));
  for (const keep::Pin& pin : pins) {
    casebook::Hold hold;
    hold.order = order.id;
    hold.streams = {std::string(seal::ToText(pin.stream))};
    hold.period = pin.period;
    hold.pinned_at = deployment.clock().Now();
    TRY(deployment.casebook().PinHold(hold, deployment.ledger()));
  }
  return Done{};
}

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
  TRY(PinAtReception(*deployment, order));
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

// The scope of the first approval is kept; whoever approves next signs the same bytes.
Result<std::string> ScopeToSign(Deployment& deployment, const OrderId& id, int hours, bool preserve) {
  const order::GrantKind kind = preserve ? order::GrantKind::kPreserve : order::GrantKind::kDisclose;
  Result<order::SignedScope> signed_scope = deployment.casebook().SignedScopeOf(id);
  if (signed_scope.ok()) {
    const order::Scope scope = TRY(order::ScopeFromJson(signed_scope.value().scope_json));
    if (scope.kind == kind) return signed_scope.value().scope_json;
    return Denied(
        fmt::format("order {}: the scope signed before is to {}; assess the order again to sign another",
                    id.text(), order::ToText(scope.kind)));
  }
  if (signed_scope.error().code() != ErrorCode::kNotFound) return signed_scope.error();
  const disclosure::Case loaded = TRY(CasebookCases(deployment).LoadUnsigned(id));
  const std::int64_t valid_hours = hours > 0 ? hours : deployment.config().grant_hours;
  const order::Scope scope =
      TRY(order::BuildScope(loaded.order, loaded.life, loaded.assessment, kind, deployment.config().provider,
                            deployment.RegimeName(), deployment.clock().Now() + valid_hours * kNsPerHour));
  return order::ScopeToJson(scope);
}

// What approvers read before they sign, byte for byte.
Status WriteScope(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const OrderId id = TRY(OrderId::Parse(options.order));
  const std::string scope_json = TRY(ScopeToSign(*deployment, id, options.hours, options.preserve));
  if (options.out.empty()) {
    session.out << scope_json << "\n";
    return Done{};
  }
  return WriteFile(options.out, AsBytes(scope_json));
}

Status Approve(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const OrderId id = TRY(OrderId::Parse(options.order));
  const casebook::Person known = TRY(RegisteredPerson(*deployment, options.by, casebook::Duty::kApprove));
  const PersonId& person = known.id;
  const Secret passphrase = TRY(ReadPassphrase(options.passphrase_file));
  const KeyPair pair = TRY(ReadKeyPair(options.key, passphrase));
  if (pair.certificate.ToPem() != known.certificate_pem) {
    return Denied("approve: the key is not the one registered for " + person.text());
  }
  std::string scope_json;
  if (options.scope.empty()) {
    scope_json = TRY(ScopeToSign(*deployment, id, options.hours, options.preserve));
  } else {
    scope_json = TRY(ReadText(options.scope, order::kScopeBytesMax));
    TRY_IN(options.scope, order::ScopeFromJson(scope_json));
  }
  const Instant now = deployment->clock().Now();
  Buffer signature = TRY(pair.key.Sign(order::ApprovalMessage(scope_json, person, now)));
  TRY(deployment->casebook().AddApproval(
      id, scope_json, {person, pair.certificate, std::move(signature), now}, deployment->ledger()));
  const std::vector<order::Event> events = TRY(deployment->casebook().EventsOf(id));
  const order::Life life = TRY(order::Replay(events));
  session.out << "approved by " << person.text() << "; the order is " << order::ToText(life.state)
              << (life.state == order::State::kApproved ? "" : ": a second person must approve") << "\n";
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

  CLI::App* scope =
      order->add_subcommand("scope", "what would be released, to whom, until when: for approvers to read");
  scope->add_option("ORDER", options->order, "the order's id")->required();
  scope->add_option("--out", options->out, "file instead of standard output");
  scope->add_flag("--preserve", options->preserve, "to preserve (hold extract) instead of to disclose");
  scope->add_option("--hours", options->hours, "how long it may be executed")->check(CLI::PositiveNumber);
  OnRun(scope, session, [&session, options] { return WriteScope(session, *options); });

  CLI::App* approve = order->add_subcommand("approve", "sign the scope; two different people must");
  approve->add_option("ORDER", options->order, "the order's id")->required();
  approve->add_option("--by", options->by, "who approves")->required();
  approve->add_option("--key", options->key, "the approver's key file")->required();
  approve->add_option("--passphrase-file", options->passphrase_file, "its first line opens the key")
      ->required();
  approve->add_option("--scope", options->scope,
                      "the scope as the approver read it, instead of the one made here");
  approve->add_flag("--preserve", options->preserve,
                    "sign a scope to preserve, for hold extract, instead of one to disclose");
  approve->add_option("--hours", options->hours, "first approval: how long the scope may be executed")
      ->check(CLI::PositiveNumber);
  OnRun(approve, session, [&session, options] { return Approve(session, *options); });
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
  using order::EventKind;
  AddStep(order, session, "confirm", "a second person compared the transcription with the paper",
          EventKind::kConfirmed, options);
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
