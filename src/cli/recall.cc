// probatio recall: a fault found later (a wrong clock, a decoder's) and the deliveries that it touched. Each
// is recorded as recalled and is to be answered again; the new package names the one it supersedes.
#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/order_file.h"

namespace probatio::cli {
namespace {

struct Options {
  order::Fault fault;
  std::string from, to;
  std::string sealed_from, sealed_to;
  std::string by;
  std::string because;
  bool dry_run = false;
};

struct Touched {
  OrderId order;
  std::string package;
  Instant executed;
  std::vector<order::Source> sources;
  std::vector<std::string> recipients;
  std::string word;  // "touched", "recalled", "recalled before"
  std::string next;
};

Result<std::optional<Period>> PeriodOf(const std::string& from, const std::string& to, const char* name) {
  if (from.empty() && to.empty()) return std::optional<Period>();
  if (from.empty() || to.empty())
    return Error(ErrorCode::kUsage, fmt::format("recall: --{}from and --{}to go together", name, name));
  const Instant begin = TRY_IN("recall", Instant::ParseRfc3339(from));
  const Instant end = TRY_IN("recall", Instant::ParseRfc3339(to));
  if (end <= begin) return Error(ErrorCode::kUsage, "recall: the period ends before it begins");
  return std::optional(Period{begin, end});
}

// Can it be answered again, and under what? What may no longer be kept cannot be read anew.
Result<std::string> NextFor(Deployment& deployment, const OrderId& id) {
  const disclosure::Case loaded = TRY(CasebookCases(deployment).LoadUnsigned(id));
  const Instant now = deployment.clock().Now();
  const Result<order::Scope> scope =
      order::BuildScope(loaded.order, loaded.life, loaded.assessment, order::GrantKind::kDisclose,
                        deployment.config().provider, deployment.RegimeName(), now + kNsPerHour);
  if (!scope.ok()) return "cannot be read again: " + scope.error().what() + "; tell the recipients so";
  const Result<order::SignedScope> signed_scope = deployment.casebook().SignedScopeOf(id);
  if (signed_scope.ok()) {
    const order::Scope approved = TRY(order::ScopeFromJson(signed_scope.value().scope_json));
    if (now < approved.valid_until)
      return "its approvals hold until " + approved.valid_until.ToRfc3339() + ": probatio disclose " +
             id.text();
  }
  return "its approvals have expired: probatio order assess " + id.text() + ", and two people approve anew";
}

// The last execution binds: an earlier one was superseded by it.
const order::Event* LastExecution(const order::Life& life) {
  const order::Event* last = nullptr;
  for (const order::Event& event : life.events) {
    if (event.kind == order::EventKind::kExecuted) last = &event;
  }
  return last;
}

Result<std::optional<Touched>> Look(Deployment& deployment, const OrderId& id, const order::Fault& fault) {
  const std::vector<order::Event> events = TRY(deployment.casebook().EventsOf(id));
  const order::Life life = TRY(order::Replay(events));
  const order::Event* executed = LastExecution(life);
  if (executed == nullptr) return std::optional<Touched>();
  Touched touched;
  touched.sources = order::TouchedBy(fault, executed->sources);
  if (touched.sources.empty()) return std::optional<Touched>();
  const std::string source = TRY(deployment.casebook().OrderSource(id));
  const order::Order order = TRY_IN(id.text(), order::ParseOrder(source, deployment.regime()));
  touched.order = id;
  touched.package = executed->package;
  touched.executed = executed->at;
  touched.word = life.recalled ? "recalled before" : "touched";
  for (const order::Recipient& recipient : order.recipients) touched.recipients.push_back(recipient.name);
  return std::optional(std::move(touched));
}

Status RecallOne(Deployment& deployment, const Options& options, Touched* touched) {
  order::Event event = TRY(EventBy(deployment, options.by, order::EventKind::kRecalled, options.because));
  event.package = touched->package;
  event.sources = touched->sources;
  TRY(RecordOrderEvent(deployment, touched->order, event));
  touched->word = "recalled";
  return Done{};
}

nlohmann::json ToJsonValue(const Touched& touched) {
  nlohmann::json sources = nlohmann::json::array();
  for (const order::Source& source : touched.sources) {
    sources.push_back({{"stream", source.stream},
                       {"exporter", source.exporter},
                       {"from", source.events.begin.ToRfc3339()},
                       {"to", source.events.end.ToRfc3339()}});
  }
  return {{"order", touched.order.text()},
          {"package", touched.package},
          {"executed", touched.executed.ToRfc3339()},
          {"sources", std::move(sources)},
          {"recipients", touched.recipients},
          {"outcome", touched.word},
          {"next", touched.next}};
}

void Print(const Touched& touched, std::ostream& out) {
  out << fmt::format("{}  executed {}  {}\n  disclosure {}\n", touched.order.text(),
                     touched.executed.ToRfc3339(), touched.word, touched.package);
  for (const order::Source& source : touched.sources) {
    out << fmt::format("  {} {} {} to {}\n", source.stream,
                       source.exporter.empty() ? "(no exporter named)" : source.exporter,
                       source.events.begin.ToRfc3339(), source.events.end.ToRfc3339());
  }
  for (const std::string& recipient : touched.recipients) out << "  to be told: " << recipient << "\n";
  if (!touched.next.empty()) out << "  next: " << touched.next << "\n";
}

Status Recall(Session& session, const Options& options) {
  order::Fault fault = options.fault;
  fault.events = TRY(PeriodOf(options.from, options.to, ""));
  fault.sealed = TRY(PeriodOf(options.sealed_from, options.sealed_to, "sealed-"));
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  TRY(PersonFor(*deployment, options.by, order::EventKind::kRecalled));
  const std::vector<OrderId> orders = TRY(deployment->casebook().ListOrders());
  nlohmann::json list = nlohmann::json::array();
  std::size_t found = 0;
  for (const OrderId& id : orders) {
    std::optional<Touched> touched = TRY(Look(*deployment, id, fault));
    if (!touched) continue;
    ++found;
    if (touched->word == "touched" && !options.dry_run) TRY(RecallOne(*deployment, options, &*touched));
    if (touched->word != "touched") touched->next = TRY(NextFor(*deployment, id));
    list.push_back(ToJsonValue(*touched));
    if (!session.json) Print(*touched, session.out);
  }
  if (session.json) session.out << list.dump(2) << "\n";
  if (!session.json && found == 0) session.out << "no delivery rests on it\n";
  return Done{};
}

}  // namespace

void AddRecall(CLI::App& app, Session& session) {
  CLI::App* recall = app.add_subcommand("recall", "a fault found later: which deliveries it touched");
  auto options = std::make_shared<Options>();
  recall->add_option("--exporter", options->fault.exporter, "whose records are wrong; else any");
  recall->add_option("--stream", options->fault.stream, "of which windows, such as nat_session; else any");
  recall->add_option("--from", options->from, "events from this instant");
  recall->add_option("--to", options->to, "and before this one");
  recall->add_option("--sealed-from", options->sealed_from,
                     "records that came in from this instant (a decoder)");
  recall->add_option("--sealed-to", options->sealed_to, "and before this one");
  recall->add_option("--because,--reason", options->because, "what was wrong, and how it was found")
      ->required();
  recall->add_option("--by", options->by, "who recalls")->required();
  recall->add_flag("--dry-run", options->dry_run, "show what is touched and record nothing");
  OnRun(recall, session, [&session, options] { return Recall(session, *options); });
}

}  // namespace probatio::cli
