// probatio order plan: what an order would read and give out, before anybody approves it. Nothing here needs
// a key and nothing shows a row or a count.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <map>

#include "cli/bare_order.h"
#include "cli/order_commands.h"
#include "cli/order_file.h"
#include "keep/hold.h"
#include "order/plan.h"

namespace probatio::cli {
namespace {

struct Options {
  BareOptions bare;
  bool preserve = false;
};

// Of a stream in the period that the order can touch: how many windows are there, and in how many the
// exporters' own numbers say that records were lost. Which of them hold a row nobody sees here.
struct WindowsOf {
  std::string stream;
  Period period;
  std::size_t windows = 0;
  std::size_t with_loss = 0;
  std::size_t purged = 0;
};

Result<std::vector<WindowsOf>> WindowsFor(Deployment& deployment, const order::Order& order) {
  const std::vector<keep::Pin> pins = TRY(keep::PinsFor(order));
  std::vector<WindowsOf> all;
  for (const keep::Pin& pin : pins) {
    WindowsOf one{std::string(seal::ToText(pin.stream)), pin.period};
    for (const seal::SegmentInfo& info : deployment.manifest().Find(pin.stream, pin.period)) {
      ++one.windows;
      if (info.lost_before != 0) ++one.with_loss;
      if (info.state == seal::SegmentState::kPurged) ++one.purged;
    }
    all.push_back(std::move(one));
  }
  return all;
}

std::string PeriodText(const Period& period) {
  return fmt::format("{} to {}", law::ParisText(period.begin), law::ParisText(period.end));
}

void PrintLine(const order::PlanLine& line, std::ostream& out) {
  out << fmt::format("\nline {}: {} {}\n", line.id, order::ToText(line.subject.kind), line.subject.value);
  out << "  period read (Paris): " << PeriodText(line.kept) << "\n";
  if (!line.events.empty()) out << fmt::format("  events: {}\n", fmt::join(line.events, ", "));
  for (const order::PlanItem& item : line.items) {
    out << fmt::format("  {:22} {}\n", item.item, item.waits.empty() ? item.basis : "waits for a person");
    if (!item.waits.empty()) out << "      " << item.waits << "\n";
    out << "      kept under " << item.retention_reference << "\n";
  }
  int number = 1;
  for (const order::PlanStep& step : line.steps) {
    out << fmt::format("  step {}: read {} by {}, for {}\n", number++, record::ToText(step.reads), step.by,
                       step.gives);
  }
  for (const std::string& gap : line.gaps) out << "  known gap: " << gap << "\n";
}

void PrintPlan(const order::Plan& plan, const std::vector<WindowsOf>& windows, std::ostream& out) {
  out << "plan to " << order::ToText(plan.kind)
      << ": ordered, decided and still kept; shown before approval\n";
  for (const order::PlanLine& line : plan.lines) PrintLine(line, out);
  if (!windows.empty()) out << "\nwindows that it can touch (none is opened to say so):\n";
  for (const WindowsOf& one : windows) {
    out << fmt::format("  {:10} {}: {} windows, {} after losses on the way, {} purged\n", one.stream,
                       PeriodText(one.period), one.windows, one.with_loss, one.purged);
  }
  if (!plan.left_out.empty()) out << "\nleft out, and why:\n";
  for (const std::string& left_out : plan.left_out) out << "  " << left_out << "\n";
  if (!plan.decided) out << "\nnot ready for approval: a person has still to decide\n";
  if (plan.lines.empty()) out << "\nnothing may be released\n";
}

void PrintJson(const order::Plan& plan, const std::vector<WindowsOf>& windows, std::ostream& out) {
  nlohmann::json value = nlohmann::json::parse(order::ToJson(plan));
  nlohmann::json list = nlohmann::json::array();
  for (const WindowsOf& one : windows) {
    list.push_back({{"stream", one.stream},
                    {"from", one.period.begin.ToRfc3339()},
                    {"to", one.period.end.ToRfc3339()},
                    {"windows", one.windows},
                    {"with_loss", one.with_loss},
                    {"purged", one.purged}});
  }
  value["windows"] = std::move(list);
  out << value.dump() << "\n";
}

Status ShowPlan(Session& session, const Options& options) {
  const order::GrantKind kind = options.preserve ? order::GrantKind::kPreserve : order::GrantKind::kDisclose;
  std::vector<WindowsOf> windows;
  std::optional<order::Plan> plan;
  if (std::filesystem::exists(options.bare.file)) {
    const BareOrder bare = TRY(AssessBare(options.bare));
    plan = order::MakePlan(bare.order, {}, bare.assessment, kind);
  } else {
    const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
    const OrderId id = TRY(OrderId::Parse(options.bare.file));
    const disclosure::Case loaded = TRY(CasebookCases(*deployment).LoadUnsigned(id));
    plan = order::MakePlan(loaded.order, loaded.life, loaded.assessment, kind);
    windows = TRY(WindowsFor(*deployment, loaded.order));
  }
  if (session.json) {
    PrintJson(*plan, windows, session.out);
  } else {
    PrintPlan(*plan, windows, session.out);
  }
  return Done{};
}

}  // namespace

void AddOrderPlan(CLI::App* order, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* plan =
      order->add_subcommand("plan", "what would be read and given out, and what is left out and why");
  plan->add_option("ORDER", options->bare.file, "the order's id, or an order file")->required();
  plan->add_flag("--preserve", options->preserve, "to preserve instead of to disclose");
  plan->add_flag("--json", session.json, "results as JSON (docs/formats/order.md)");
  AddBareOptions(plan, options->bare);
  OnRun(plan, session, [&session, options] { return ShowPlan(session, *options); });
}

}  // namespace probatio::cli
