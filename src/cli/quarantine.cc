// probatio quarantine: input that could not be read. Nobody browses it: a list says where each item came from
// and why it lies there, and `show` its shape, without a letter or digit of it.
#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/put_aside.h"
#include "cli/quarantine_commands.h"

namespace probatio::cli {
namespace {

nlohmann::json JsonOf(const std::string& id, const keep::QuarantineItem& item) {
  return {{"id", id},
          {"put_aside", item.put_aside.ToRfc3339()},
          {"format", item.format},
          {"source", item.source},
          {"reason", item.reason},
          {"bytes", item.whole_bytes}};
}

void PrintItem(std::ostream& out, const std::string& id, const keep::QuarantineItem& item) {
  out << fmt::format("{:24} {}  {:13} {:>7} octets  {}: {}\n", id,
                     law::ToText(law::ParisDate(item.put_aside)), item.format, item.whole_bytes, item.source,
                     item.reason);
}

Status List(Session& session) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  std::vector<std::string> unreadable;
  nlohmann::json list = nlohmann::json::array();
  const auto show = [&](const keep::QuarantineShelf::Shown& shown) -> Status {
    if (session.json) {
      nlohmann::json item = JsonOf(shown.id, shown.item);
      item["gone_on"] = law::ToText(shown.gone_on);
      list.push_back(std::move(item));
    } else {
      PrintItem(session.out, shown.id, shown.item);
    }
    return Done{};
  };
  TRY(keep::QuarantineShelf(QuarantineOf(*deployment)).ForEach(show, &unreadable));
  if (session.json) session.out << list.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
  for (const std::string& reason : unreadable) session.err << "probatio: " << reason << "\n";
  if (!unreadable.empty()) return StorageError("some of the quarantine cannot be read");
  return Done{};
}

Status Show(Session& session, const std::string& id) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  keep::QuarantineItem item = TRY(keep::QuarantineShelf(QuarantineOf(*deployment)).Read(id));
  const std::string shape = keep::MaskedShape(item.content);
  Wipe(item.content);
  if (session.json) {
    nlohmann::json shown = JsonOf(id, item);
    shown["shape"] = shape;
    session.out << shown.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
    return Done{};
  }
  PrintItem(session.out, id, item);
  session.out << shape << (shape.ends_with('\n') ? "" : "\n");
  return Done{};
}

// The entry first: what is gone was said to go.
Status Drop(Session& session, const std::string& which) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  keep::QuarantineShelf shelf(QuarantineOf(*deployment));
  std::vector<std::string> ids;
  std::vector<std::string> unreadable;
  const auto pick = [&](const keep::QuarantineShelf::Shown& shown) -> Status {
    if (which == "all" || which == shown.id) ids.push_back(shown.id);
    return Done{};
  };
  TRY(shelf.ForEach(pick, &unreadable));
  if (ids.empty() && which != "all") return NotFound("quarantine: no item " + which);
  if (ids.empty()) return Done{};
  TRY(deployment->ledger().Append(
      {"quarantine_dropped", deployment->clock().Now(), {{"items", std::to_string(ids.size())}}}));
  TRY(shelf.Drop(ids));
  session.out << "dropped " << ids.size() << " items\n";
  return Done{};
}

}  // namespace

void AddQuarantine(CLI::App& app, Session& session) {
  CLI::App* quarantine =
      app.add_subcommand("quarantine", "input that could not be read, sealed for some days");
  quarantine->require_subcommand(1);
  CLI::App* list = quarantine->add_subcommand("list", "day, source, place, reason and size of each item");
  OnRun(list, session, [&session] { return List(session); });
  auto id = std::make_shared<std::string>();
  CLI::App* show =
      quarantine->add_subcommand("show", "the shape of an item: a, A and 9 for what stood there");
  show->add_option("ID", *id, "as the list names it")->required();
  OnRun(show, session, [&session, id] { return Show(session, *id); });
  AddQuarantineRetry(quarantine, session);
  CLI::App* drop = quarantine->add_subcommand("drop", "destroy an item, or all of them");
  drop->add_option("ID", *id, "as the list names it, or all")->required();
  OnRun(drop, session, [&session, id] { return Drop(session, *id); });
}

}  // namespace probatio::cli
