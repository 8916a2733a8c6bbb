// probatio order enforceability, enforceable, served, cure: whether an order can be enforced now, and what
// makes good what stands in the way (order/enforceability.h).
#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>

#include "cli/files.h"
#include "cli/order_commands.h"
#include "cli/order_file.h"
#include "order/enforceability.h"

namespace probatio::cli {
namespace {

struct Options {
  std::string order;  // an id, or a file
  std::string by;
  std::string reason;
  std::string gate;
  std::string mode;
  std::string at;
  std::string regime = "regimes/fr.toml";
  std::string name;
  std::string number;
};

void Print(const order::Enforceability& enforceability, std::ostream& out) {
  for (const order::EnforcementGate& gate : enforceability.gates) {
    out << fmt::format("  {:10} {:10} {} [{}]\n", gate.id, order::ToText(gate.answer), gate.found,
                       gate.reference);
    if (!gate.cure.empty()) out << fmt::format("             cure: {}\n", gate.cure);
  }
  for (const std::string& warning : enforceability.warnings) out << "warning: " << warning << "\n";
  if (enforceability.penalty) out << "penalty: " << enforceability.penalty->words << "\n";
  if (enforceability.FirstNotMet() != nullptr) {
    out << "not enforceable: it can be assessed and held, not executed\n";
  } else {
    out << (enforceability.NeedsPerson() ? "no gate is closed; a person answers those that say human\n"
                                         : "enforceable\n");
  }
}

Result<order::Enforceability> OfFile(const Options& options) {
  const law::Regime regime = TRY(ReadRegime(options.regime));
  const std::string text = TRY(ReadText(options.order, order::kOrderBytesMax));
  const order::Order order = TRY_IN(options.order, order::ParseOrder(text, regime));
  Instant now = order.service.at ? *order.service.at : law::ParisMidnight(law::AddDays(order.date, 1));
  if (!options.at.empty()) now = TRY_IN("--at", Instant::ParseRfc3339(options.at));
  return order::CheckEnforceability(order, {}, {options.name, options.number, {}}, now);
}

Result<order::Enforceability> OfCase(Deployment& deployment, const OrderId& id) {
  const disclosure::Case loaded = TRY(CasebookCases(deployment).LoadUnsigned(id));
  return order::CheckEnforceability(loaded.order, loaded.life, EntityOf(deployment.config()),
                                    deployment.clock().Now());
}

Status Show(Session& session, const Options& options) {
  order::Enforceability result;
  if (std::filesystem::exists(options.order)) {
    result = TRY(OfFile(options));
  } else {
    const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
    const OrderId id = TRY(OrderId::Parse(options.order));
    result = TRY(OfCase(*deployment, id));
  }
  if (session.json) {
    session.out << order::ToJson(result) << "\n";
  } else {
    Print(result, session.out);
  }
  if (result.FirstNotMet() == nullptr) return Done{};
  return Error(ErrorCode::kRefused, RequireEnforceable(result).error().what());
}

Status Record(Session& session, Deployment& deployment, const OrderId& id, const order::Event& event) {
  TRY(RecordOrderEvent(deployment, id, event));
  return SayStep(session, deployment, id, event.kind);
}

// What a gate leaves to a person, the person answers with a reason; what is closed nobody can find open.
Status FindEnforceable(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const OrderId id = TRY(OrderId::Parse(options.order));
  const order::Enforceability result = TRY(OfCase(*deployment, id));
  TRY(order::RequireEnforceable(result));
  if (result.NeedsPerson() && options.reason.empty()) {
    return Error(
        ErrorCode::kUsage,
        "order enforceable: a gate leaves it to a person: give --reason (probatio order enforceability " +
            id.text() + ")");
  }
  const order::Event event =
      TRY(EventBy(*deployment, options.by, order::EventKind::kFoundEnforceable, options.reason));
  return Record(session, *deployment, id, event);
}

Status Served(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const OrderId id = TRY(OrderId::Parse(options.order));
  order::Event event = TRY(EventBy(*deployment, options.by, order::EventKind::kServed, options.reason));
  event.item = options.mode;
  event.served = TRY_IN("--at", Instant::ParseRfc3339(options.at));
  TRY(Record(session, *deployment, id, event));
  const disclosure::Case loaded = TRY(CasebookCases(*deployment).LoadUnsigned(id));
  if (const std::optional<law::TimeLimit>& limit = loaded.assessment.time_limit) {
    session.out << "answer before " << law::ParisText(limit->binding()) << " (Paris)\n";
  }
  return Done{};
}

Status Cure(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const OrderId id = TRY(OrderId::Parse(options.order));
  order::Event event = TRY(EventBy(*deployment, options.by, order::EventKind::kCured, options.reason));
  event.item = options.gate;
  return Record(session, *deployment, id, event);
}

void AddPerson(CLI::App* command, const std::shared_ptr<Options>& options) {
  command->add_option("ORDER", options->order, "the order's id")->required();
  command->add_option("--by", options->by, "who says so")->required();
}

}  // namespace

void AddEnforceability(CLI::App* order, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* show = order->add_subcommand("enforceability", "each gate, its article, and what would cure it");
  show->add_option("ORDER", options->order, "the order's id, or an order file")->required();
  show->add_option("--at", options->at, "with a file: as of this instant instead of that of service");
  show->add_option("--entity", options->name, "with a file: the provider's name");
  show->add_option("--entity-number", options->number, "with a file: its number in its register");
  show->add_option("--regime", options->regime, "with a file: the rules")->capture_default_str();
  OnRun(show, session, [&session, options] { return Show(session, *options); });

  CLI::App* enforceable = order->add_subcommand("enforceable", "the order can be enforced now");
  AddPerson(enforceable, options);
  enforceable->add_option("--reason", options->reason, "what was found where a gate leaves it to a person");
  OnRun(enforceable, session, [&session, options] { return FindEnforceable(session, *options); });

  CLI::App* served = order->add_subcommand("served", "the order was served after it was received");
  AddPerson(served, options);
  served->add_option("--at", options->at, "when, such as 2024-11-12T17:00:00+01:00")->required();
  served
      ->add_option("--mode", options->mode,
                   "bailiff, electronic, registry, in_person, abroad, eu, decentralised")
      ->required();
  served->add_option("--reason", options->reason, "what proves it")->required();
  OnRun(served, session, [&session, options] { return Served(session, *options); });

  CLI::App* cure = order->add_subcommand("cure", "what closed a gate has been made good");
  AddPerson(cure, options);
  cure->add_option("--gate", options->gate, "the gate, such as formula")->required();
  cure->add_option("--reason", options->reason, "what was handed over, in words")->required();
  OnRun(cure, session, [&session, options] { return Cure(session, *options); });
}

}  // namespace probatio::cli
