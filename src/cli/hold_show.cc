// probatio hold show ORDER: the facts of an order's sealed file, without its rows.
#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/held.h"
#include "cli/hold_commands.h"
#include "custody/held_file.h"

namespace probatio::cli {
namespace {

Status Show(Session& session, const std::string& order_text) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const OrderId order = TRY(OrderId::Parse(order_text));
  const std::optional<keep::Extraction> extraction = TRY(keep::ExtractionOf(deployment->ledger(), order));
  if (!extraction) return NotFound("hold: nothing is extracted for order " + order.text());
  const keep::HeldFolder folder = TRY(HeldFolderOf(*deployment));
  const Buffer file = TRY(keep::ReadExtracted(folder, order, *extraction));
  const custody::HeldFile held = TRY(custody::ParseHeld(file, order));
  if (session.json) {
    const nlohmann::json shown{{"order", order.text()},
                               {"extracted_at", held.facts.extracted_at.ToRfc3339()},
                               {"digest", ToHex(extraction->digest)},
                               {"ledger_entry", extraction->index},
                               {"bytes", file.size()},
                               {"lines", held.facts.lines},
                               {"segments_searched", held.facts.segments_searched}};
    session.out << shown.dump(2) << "\n";
    return Done{};
  }
  session.out << fmt::format(
      "{}\n  extracted {}, {} segments searched\n  lines {}\n  {} bytes, SHA-256 {}, ledger entry {}\n",
      keep::HeldPath(folder, order), held.facts.extracted_at.ToRfc3339(), held.facts.segments_searched,
      fmt::join(held.facts.lines, " "), file.size(), ToHex(extraction->digest), extraction->index);
  return Done{};
}

}  // namespace

void AddHoldShow(CLI::App* hold, Session& session) {
  CLI::App* command =
      hold->add_subcommand("show", "an order's sealed file: when, digest, size, lines; never a row");
  auto order = std::make_shared<std::string>();
  command->add_option("ORDER", *order, "the order's id")->required();
  OnRun(command, session, [&session, order] { return Show(session, *order); });
}

}  // namespace probatio::cli
