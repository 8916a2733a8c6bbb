// probatio hold: what is pinned for which order, and for how long already.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

#include "cli/commands.h"
#include "cli/held.h"
#include "cli/hold_commands.h"
#include "cli/pins.h"

namespace probatio::cli {
namespace {

struct Options {
  std::string id;
  bool is_order = false;
};

nlohmann::json HoldJson(const casebook::Hold& hold, std::int64_t age_hours,
                        const std::optional<keep::Extraction>& extraction) {
  nlohmann::json out{{"id", hold.id},
                     {"order", hold.order.text()},
                     {"streams", hold.streams},
                     {"begin", hold.period.begin.ToRfc3339()},
                     {"end", hold.period.end.ToRfc3339()},
                     {"pinned_at", hold.pinned_at.ToRfc3339()},
                     {"age_hours", age_hours},
                     {"released", hold.released_at.has_value()}};
  if (extraction) {
    out["extracted_at"] = extraction->at.ToRfc3339();
    out["digest"] = ToHex(extraction->digest);
  }
  return out;
}

std::string HoldLine(const casebook::Hold& hold, std::int64_t age_hours,
                     const std::optional<keep::Extraction>& extraction) {
  std::string line = std::to_string(hold.id) + "  " + hold.order.text() + "  " + hold.streams.front() + "  " +
                     hold.period.begin.ToRfc3339() + " to " + hold.period.end.ToRfc3339() + "  " +
                     (hold.released_at ? "released" : "pinned for " + std::to_string(age_hours) + " h");
  if (extraction) line += ", extracted " + extraction->at.ToRfc3339() + " into " + ToHex(extraction->digest);
  return line;
}

Status List(Session& session) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const std::vector<casebook::Hold> holds = TRY(deployment->casebook().ListHolds());
  nlohmann::json list = nlohmann::json::array();
  for (const casebook::Hold& hold : holds) {
    const std::int64_t age_hours = (deployment->clock().Now() - hold.pinned_at) / kNsPerHour;
    const std::optional<keep::Extraction> extraction =
        TRY(keep::ExtractionOf(deployment->ledger(), hold.order));
    list.push_back(HoldJson(hold, age_hours, extraction));
    if (!session.json) session.out << HoldLine(hold, age_hours, extraction) << "\n";
  }
  if (session.json) session.out << list.dump(2) << "\n";
  return Done{};
}

// Once more for an order whose holds were released, or whose reception was cut before its pins.
Status Add(Session& session, const std::string& text) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const OrderId id = TRY(OrderId::Parse(text));
  const disclosure::Case loaded = TRY(CasebookCases(*deployment).LoadUnsigned(id));
  const order::State state = loaded.life.state;
  if (state == order::State::kRefused || state == order::State::kWithdrawn || state == order::State::kClosed)
    return Denied("order " + text + ": is " + std::string(order::ToText(state)) +
                  ": nothing is kept for it any more");
  const Holding holding = TRY(HoldingOf(*deployment, id));
  if (!holding.pins.empty() || holding.extraction.has_value())
    return Denied("order " + text + ": is held already (hold list)");
  TRY(PinFor(*deployment, loaded.order));
  session.out << "pinned what order " << text << " can touch; what was purged meanwhile does not come back\n";
  return Done{};
}

Status ReleasePin(Session& session, const std::string& text) {
  std::uint64_t id = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), id);
  if (parsed.ec != std::errc()) return Invalid("hold " + text + ": no hold has such a number");
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  TRY(deployment->casebook().ReleaseHold(id, deployment->clock().Now(), deployment->ledger()));
  session.out << "released hold " << id << "\n";
  return Done{};
}

// Its pins first: what a crash leaves then is the sealed file, which holds no less.
Status ReleaseOrder(Session& session, const std::string& text) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const OrderId order = TRY(OrderId::Parse(text));
  TRY(deployment->casebook().OrderSource(order));
  const std::vector<casebook::Hold> holds = TRY(deployment->casebook().ListHolds());
  for (const casebook::Hold& hold : holds) {
    if (hold.order != order || hold.released_at) continue;
    TRY(deployment->casebook().ReleaseHold(hold.id, deployment->clock().Now(), deployment->ledger()));
    session.out << "released hold " << hold.id << "\n";
  }
  return DestroyHeldOf(session, *deployment, order);
}

Status Release(Session& session, const Options& options) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool is_number = std::all_of(options.id.begin(), options.id.end(), is_digit);
  return is_number && !options.is_order ? ReleasePin(session, options.id) : ReleaseOrder(session, options.id);
}

}  // namespace

void AddHold(CLI::App& app, Session& session) {
  CLI::App* hold = app.add_subcommand("hold", "what is pinned for which order");
  hold->require_subcommand(1);
  CLI::App* list = hold->add_subcommand("list", "every hold with its age");
  OnRun(list, session, [&session] { return List(session); });
  auto order = std::make_shared<std::string>();
  CLI::App* add =
      hold->add_subcommand("add", "pin again what an order can touch, after its holds were released");
  add->add_option("ORDER", *order, "the order's id")->required();
  OnRun(add, session, [&session, order] { return Add(session, *order); });
  AddHoldExtract(hold, session);
  AddHoldShow(hold, session);
  auto options = std::make_shared<Options>();
  CLI::App* release =
      hold->add_subcommand("release", "lift one hold; or an order's holds, and destroy its sealed file");
  release->add_option("ID", options->id, "the hold's number, or the order's id")->required();
  release->add_flag("--order", options->is_order, "ID is an order's id though it has digits only");
  OnRun(release, session, [&session, options] { return Release(session, *options); });
}

}  // namespace probatio::cli
