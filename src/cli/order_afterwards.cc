// probatio order partial, extend, delay-notice, tell-user, cost: what is recorded of an order beside the way
// from reception to delivery.
#include "cli/order_afterwards.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/files.h"
#include "cli/order_commands.h"
#include "cli/order_file.h"
#include "order/extension.h"
#include "order/user_notice.h"

namespace probatio::cli {
namespace {

struct Options {
  std::string order;
  std::string by;
  std::string because;
  std::string line;
  std::string until;
  std::string authority;
  std::string paper;
  std::string amount;
  std::string currency = "EUR";
  bool preservation = false;
};

Result<std::string> DigestOf(const std::string& paper) {
  if (paper.empty()) return std::string();
  const Buffer bytes = TRY(ReadFile(paper));
  return ToHex(crypto::Sha256(bytes));
}

Status Record(Session& session, Deployment& deployment, const OrderId& id, const order::Event& event) {
  TRY(RecordOrderEvent(deployment, id, event));
  return SayStep(session, deployment, id, event.kind);
}

Status Partial(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const OrderId id = TRY(OrderId::Parse(options.order));
  order::Event event = TRY(EventBy(*deployment, options.by, order::EventKind::kPartial, options.because));
  const disclosure::Case loaded = TRY(CasebookCases(*deployment).LoadUnsigned(id));
  if (std::none_of(loaded.order.lines.begin(), loaded.order.lines.end(),
                   [&](const order::Line& line) { return line.id == options.line; }))
    return NotFound("--line: the order has no line " + options.line);
  event.line = options.line;
  return Record(session, *deployment, id, event);
}

Status Extend(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const OrderId id = TRY(OrderId::Parse(options.order));
  order::Event event = TRY(EventBy(*deployment, options.by, order::EventKind::kExtended, options.because));
  const disclosure::Case loaded = TRY(CasebookCases(*deployment).LoadUnsigned(id));
  event.authority = options.authority;
  event.paper = TRY(DigestOf(options.paper));
  if (options.preservation) {
    event.item = order::kPreservationExtended;
    event.until = TRY(order::PreservationExtended(loaded.assessment, deployment->clock().Now()));
  } else {
    if (options.until.empty())
      return Error(ErrorCode::kUsage, "order extend: --until INSTANT or --preservation");
    event.item = order::kTimeLimitExtended;
    event.until = TRY_IN("--until", Instant::ParseRfc3339(options.until));
    TRY(order::CheckLater(loaded.assessment, *event.until));
  }
  TRY(Record(session, *deployment, id, event));
  session.out << "until " << law::ParisText(*event.until) << " (Paris)\n";
  return Done{};
}

Status Notice(Session& session, const Options& options, order::EventKind kind) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const OrderId id = TRY(OrderId::Parse(options.order));
  order::Event event = TRY(EventBy(*deployment, options.by, kind, options.because));
  event.authority = options.authority;
  event.paper = TRY(DigestOf(options.paper));
  if (!options.until.empty()) event.until = TRY_IN("--until", Instant::ParseRfc3339(options.until));
  if (kind == order::EventKind::kUserNotified) {
    const disclosure::Case loaded = TRY(CasebookCases(*deployment).LoadUnsigned(id));
    TRY(order::CheckMayTell(loaded.order, event.authority));
  }
  return Record(session, *deployment, id, event);
}

Status Cost(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const OrderId id = TRY(OrderId::Parse(options.order));
  order::Event event = TRY(EventBy(*deployment, options.by, order::EventKind::kCost, options.because));
  const std::int64_t cents = TRY_IN("--amount", order::ParseCents(options.amount));
  event.cost = order::Cost{cents, options.currency};
  TRY(Record(session, *deployment, id, event));
  const std::vector<order::Event> events = TRY(deployment->casebook().EventsOf(id));
  const order::Life life = TRY(order::Replay(events));
  session.out << "so far: " << order::CostsText(life) << "\n";
  return Done{};
}

CLI::App* AddStep(CLI::App* order, const char* name, const char* about, const char* because,
                  const std::shared_ptr<Options>& options) {
  CLI::App* step = order->add_subcommand(name, about);
  step->add_option("ORDER", options->order, "the order's id")->required();
  step->add_option("--by", options->by, "who records it")->required();
  step->add_option("--because,--reason", options->because, because)->required();
  return step;
}

void AddNotice(CLI::App* order, Session& session, const std::shared_ptr<Options>& options) {
  CLI::App* delay = AddStep(order, "delay-notice", "the person concerned may not be told before an instant",
                            "the ground of the delay", options);
  delay->add_option("--until", options->until, "from when it is allowed")->required();
  delay->add_option("--authority", options->authority, "who ordered the delay")->required();
  delay->add_option("--paper", options->paper, "the paper that says so; its digest is kept");
  OnRun(delay, session,
        [&session, options] { return Notice(session, *options, order::EventKind::kUserNoticeDelayed); });
  CLI::App* tell =
      AddStep(order, "tell-user", "the person concerned was told", "who was told, and how", options);
  tell->add_option("--authority", options->authority, "who gave leave, where the regime wants it");
  tell->add_option("--paper", options->paper, "the paper that says so; its digest is kept");
  OnRun(tell, session,
        [&session, options] { return Notice(session, *options, order::EventKind::kUserNotified); });
}

}  // namespace

void AddAfterwards(CLI::App* order, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* partial =
      AddStep(order, "partial", "a line was executed in part", "what was left undone, and why", options);
  partial->add_option("--line", options->line, "line id, such as L2")->required();
  OnRun(partial, session, [&session, options] { return Partial(session, *options); });

  CLI::App* extend =
      AddStep(order, "extend", "more time to answer, or to preserve", "on what ground", options);
  extend->add_option("--until", options->until, "the new time limit");
  extend->add_flag("--preservation", options->preservation, "the regime's own extension of a preservation");
  extend->add_option("--authority", options->authority, "who granted it")->required();
  extend->add_option("--paper", options->paper, "the paper that grants it; its digest is kept")->required();
  OnRun(extend, session, [&session, options] { return Extend(session, *options); });

  AddNotice(order, session, options);

  CLI::App* cost =
      AddStep(order, "cost", "what the order cost", "the basis: which tariff or invoice", options);
  cost->add_option("--amount", options->amount, "such as 18.00")->required();
  cost->add_option("--currency", options->currency, "ISO 4217")->capture_default_str();
  OnRun(cost, session, [&session, options] { return Cost(session, *options); });
}

void PrintAfterwards(const order::Order& order, const order::Life& life, Instant now, std::ostream& out) {
  if (life.IsUnconfirmed())
    out << "urgent: a second person confirms before " << life.confirm_until->ToRfc3339() << "\n";
  if (life.partial) out << "partial: something was left undone\n";
  if (life.recalled) out << "recalled: to be answered again\n";
  const std::string costs = order::CostsText(life);
  if (!costs.empty()) out << "costs: " << costs << "\n";
  out << "the person concerned: " << order::UserNoticeText(order, life, now) << "\n";
}

std::string AfterwardsJson(const order::Order& order, const order::Life& life, Instant now) {
  nlohmann::json costs = nlohmann::json::object();
  for (const auto& [currency, cents] : life.Costs()) costs[currency] = cents;
  const nlohmann::json unconfirmed =
      life.IsUnconfirmed() ? nlohmann::json(life.confirm_until->ToRfc3339()) : nlohmann::json(nullptr);
  const nlohmann::json value = {{"partial", life.partial},
                                {"recalled", life.recalled},
                                {"confirm_until", unconfirmed},
                                {"cost_cents", std::move(costs)},
                                {"user_notice", order::UserNoticeText(order, life, now)}};
  return value.dump();
}

}  // namespace probatio::cli
