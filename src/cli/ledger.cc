// probatio ledger: what happened, in order, and the proof that nothing was taken out or changed.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/deployment.h"
#include "cli/ledger_commands.h"
#include "evidence/proof_json.h"

namespace probatio::cli {
namespace {

Status Show(Session& session) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const std::vector<ledger::Entry>& entries = deployment->ledger().entries();
  for (std::size_t index = 0; index < entries.size(); ++index) {
    if (session.json) {
      session.out << ledger::EntryToJson(entries[index]) << "\n";
      continue;
    }
    session.out << index << "  " << entries[index].at.ToRfc3339() << "  " << entries[index].type;
    for (const auto& [name, value] : entries[index].fields) session.out << "  " << name << "=" << value;
    session.out << "\n";
  }
  return Done{};
}

Status Verify(Session& session) {
  // Opening recomputes the whole tree; then every event of the casebook is held against its entry.
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  TRY(deployment->casebook().CheckAgainst(deployment->ledger()));
  const std::string checkpoint = TRY(deployment->ledger().SignedCheckpoint());
  session.out << deployment->ledger().size() << " entries hold together; the casebook agrees with them\n\n"
              << checkpoint;
  return Done{};
}

Status Prove(Session& session, std::uint64_t index) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  if (index >= deployment->ledger().size())
    return NotFound("ledger: there is no entry " + std::to_string(index));
  const ledger::EntryProof proof = TRY(deployment->ledger().Prove(index));
  session.out << evidence::EntryProofToJson(proof) << "\n";
  return Done{};
}

}  // namespace

void AddLedger(CLI::App& app, Session& session) {
  CLI::App* ledger = app.add_subcommand("ledger", "the audit ledger");
  ledger->require_subcommand(1);
  CLI::App* show = ledger->add_subcommand("show", "all entries");
  OnRun(show, session, [&session] { return Show(session); });
  CLI::App* verify = ledger->add_subcommand(
      "verify", "recompute the tree, compare it with the casebook, print a checkpoint");
  OnRun(verify, session, [&session] { return Verify(session); });
  auto index = std::make_shared<std::uint64_t>(0);
  CLI::App* prove =
      ledger->add_subcommand("prove", "an entry with its inclusion proof, which verifies alone");
  prove->add_option("INDEX", *index, "the entry's index")->required();
  OnRun(prove, session, [&session, index] { return Prove(session, *index); });
  AddLedgerPublish(ledger, session);
  AddLedgerAudit(ledger, session);
  AddLedgerWitness(ledger, session);
}

}  // namespace probatio::cli
