// probatio ledger publish, restore: the tree in a folder that anybody can read, and back from there.
#include <CLI/CLI.hpp>

#include "cli/deployment.h"
#include "cli/ledger_commands.h"
#include "cli/published_folder.h"

namespace probatio::cli {
namespace {

// The checkpoint is stamped as it was published; one that has a stamp gets no second one.
Status StampCheckpoint(Session& session, Deployment& deployment, PublishedFolder& files) {
  const std::uint64_t size = deployment.ledger().size();
  const Result<Buffer> there = files.Read(StampPath(size), crypto::kTimestampBytesMax);
  if (there.ok()) return Done{};
  const Buffer note = TRY(files.Read(std::string(ledger::kCheckpointPath), ledger::kCheckpointBytesMax));
  const std::unique_ptr<crypto::TimestampAuthority> authority = TRY(TimestampAuthorityOf(deployment));
  const crypto::TimestampToken token = TRY(authority->Stamp(crypto::Sha256(note)));
  TRY(files.Write(StampedCheckpointPath(size), note));
  TRY(files.Write(StampPath(size), token.der));
  session.out << "stamped at " << token.at.ToRfc3339() << " by " << token.authority << "\n";
  return Done{};
}

Status PublishLedger(Session& session, bool tiles_alone, bool stamp) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  PublishedFolder files(deployment->config().File(deployment->config().published));
  const auto what = tiles_alone ? ledger::Publish::kTilesAlone : ledger::Publish::kTilesAndEntries;
  TRY_IN(files.folder(), ledger::PublishTree(deployment->ledger(), what, files));
  session.out << "published " << deployment->ledger().size() << " entries in " << files.folder() << "\n";
  return stamp ? StampCheckpoint(session, *deployment, files) : Done{};
}

Status Restore(Session& session) {
  std::uint64_t restored = 0;
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::OpenRestored(session.config, &restored));
  session.out << restored << " entries restored; " << deployment->ledger().size() << " in all\n";
  const Status agrees = deployment->casebook().CheckAgainst(deployment->ledger());
  if (agrees.ok()) return Done{};
  return Error(agrees.error().code(), agrees.error().what() +
                                          ": the ledger is whole again, the casebook is not: what happened "
                                          "after its backup must be entered anew");
}

}  // namespace

void AddLedgerPublish(CLI::App* ledger, Session& session) {
  CLI::App* publish = ledger->add_subcommand(
      "publish",
      "write what is new to the published folder (C2SP tlog-tiles), then a time-stamped checkpoint");
  auto tiles_alone = std::make_shared<bool>(false);
  auto no_stamp = std::make_shared<bool>(false);
  publish->add_flag("--tiles-alone", *tiles_alone, "without entries, which are for the auditor");
  publish->add_flag("--no-stamp", *no_stamp, "without a time-stamp");
  OnRun(publish, session,
        [&session, tiles_alone, no_stamp] { return PublishLedger(session, *tiles_alone, !*no_stamp); });

  CLI::App* restore = ledger->add_subcommand(
      "restore", "after a backup was put back: take the entries that it lacks from the published folder");
  OnRun(restore, session, [&session] { return Restore(session); });
}

}  // namespace probatio::cli
