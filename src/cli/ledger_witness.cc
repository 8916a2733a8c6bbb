// probatio ledger continuation, cosign, cosigned: files between a server and a witness, who keeps the last
// checkpoint that he saw and signs only what continues it (c2sp.org/tlog-witness).
#include <CLI/CLI.hpp>

#include "cli/deployment.h"
#include "cli/files.h"
#include "cli/ledger_commands.h"
#include "cli/published_folder.h"
#include "cli/system_clock.h"
#include "ledger/continuation.h"

namespace probatio::cli {
namespace {

Result<std::vector<ledger::NoteKey>> WitnessesOf(const Config& config) {
  std::vector<ledger::NoteKey> witnesses;
  for (const std::string& text : config.witnesses) {
    ledger::NoteKey witness = TRY(ledger::ParseWitnessKey(text));
    witnesses.push_back(std::move(witness));
  }
  return witnesses;
}

// The last checkpoint that a witness cosigned, or else the published one.
Result<std::string> BestCheckpoint(const PublishedFolder& files) {
  const std::vector<std::uint64_t> cosigned = TRY(SizesIn(files, "cosigned"));
  const std::string path =
      cosigned.empty() ? std::string(ledger::kCheckpointPath) : CosignedPath(cosigned.back());
  const Buffer note = TRY(files.Read(path, ledger::kCheckpointBytesMax));
  return std::string(AsText(note));
}

struct ContinuationOptions {
  std::string since;
  bool cosigned = false;
  std::string out;
};

// From the checkpoint in `since` (or from nothing) to the published one, or to the last that was cosigned.
Status WriteContinuationFile(Session& session, const ContinuationOptions& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const ledger::Ledger& ledger = deployment->ledger();
  const PublishedFolder files(deployment->config().File(deployment->config().published));
  ledger::Checkpoint old{ledger.origin(), 0, {}};
  if (!options.since.empty()) {
    const std::string note = TRY(ReadText(options.since, ledger::kCheckpointBytesMax));
    old = TRY_IN(options.since, ledger::OpenCheckpoint(note, ledger.verifier_key()));
  }
  ledger::Continuation continuation;
  continuation.old_size = old.size;
  continuation.checkpoint = TRY(ledger.SignedCheckpoint());
  if (options.cosigned) continuation.checkpoint = TRY(BestCheckpoint(files));
  const ledger::Checkpoint now = TRY(ledger::OpenCheckpoint(continuation.checkpoint, ledger.verifier_key()));
  if (old.size > now.size)
    return Error(ErrorCode::kRefused,
                 "the last cosigned checkpoint is older than that one: " + std::to_string(now.size) +
                     " entries; have the witness cosign again");
  if (old.size > 0) continuation.proof = ledger.ConsistencyAt(old.size, now.size);
  TRY(ledger::VerifyContinuation(continuation, old, ledger.verifier_key()));
  TRY(WriteFile(options.out, AsBytes(ledger::WriteContinuation(continuation))));
  session.out << "from " << old.size << " to " << now.size << " entries: " << options.out << "\n";
  return Done{};
}

struct CosignOptions {
  std::string file;
  std::string ledger_key;
  std::string seen;
  std::string key;
  std::string passphrase_file;
  std::string name;
  std::string out;
};

Result<ledger::Checkpoint> LastSeen(const CosignOptions& options, const std::string& origin) {
  const Result<std::string> note = ReadText(options.seen, ledger::kCheckpointBytesMax);
  if (!note.ok() && note.error().code() == ErrorCode::kNotFound) return ledger::Checkpoint{origin, 0, {}};
  if (!note.ok()) return note.error();
  return TRY_IN(options.seen, ledger::OpenCheckpoint(note.value(), options.ledger_key));
}

Status MakeKey(Session& session, const std::string& path, const std::string& name,
               const std::string& passphrase_file) {
  TRY_IN("--name", ledger::CheckKeyName(name));
  const Secret passphrase = TRY(ReadPassphrase(passphrase_file));
  TRY(MakeWitnessKey(path, passphrase));
  const crypto::PrivateKey key = TRY(ReadWitnessKey(path, passphrase));
  session.out << "wrote " << path << "; for ledger.witnesses in probatio.toml, and for auditors:\n"
              << ledger::WitnessKey(name, key.Public()) << "\n";
  return Done{};
}

// What was seen is durable before the cosignature exists: a witness who forgets would sign a fork.
Status Cosign(Session& session, const CosignOptions& options) {
  const std::string text = TRY(ReadText(options.file, ledger::kContinuationBytesMax));
  const ledger::Continuation continuation = TRY_IN(options.file, ledger::ParseContinuation(text));
  const ledger::NoteKey ledger_key = TRY_IN("--ledger-key", ledger::ParseNoteKey(options.ledger_key));
  const ledger::Checkpoint old = TRY(LastSeen(options, ledger_key.name));
  const ledger::Checkpoint now =
      TRY_IN(options.file, ledger::VerifyContinuation(continuation, old, options.ledger_key));
  const Secret passphrase = TRY(ReadPassphrase(options.passphrase_file));
  const crypto::PrivateKey key = TRY(ReadWitnessKey(options.key, passphrase));
  const std::string line =
      TRY(ledger::CosignatureLine(continuation.checkpoint, options.name, key, SystemClock().Now()));
  TRY(WriteFile(options.seen, AsBytes(continuation.checkpoint)));
  TRY(WriteFile(options.out, AsBytes(continuation.checkpoint + line)));
  session.out << "cosigned " << now.size << " entries of " << now.origin << " (" << old.size
              << " were seen before): " << options.out << "\n"
              << "the key under which it counts: " << ledger::WitnessKey(options.name, key.Public()) << "\n";
  return Done{};
}

// Takes a cosigned checkpoint back. Its tree must be a beginning of ours, its witness one that the
// configuration names.
Status TakeCosigned(Session& session, const std::string& file) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const ledger::Ledger& ledger = deployment->ledger();
  const std::string note = TRY(ReadText(file, ledger::kCheckpointBytesMax));
  const ledger::Checkpoint checkpoint = TRY_IN(file, ledger::OpenCheckpoint(note, ledger.verifier_key()));
  if (checkpoint.size > ledger.size() || ledger.tree().RootAt(checkpoint.size) != checkpoint.root)
    return CryptoError(file + ": is over a tree that this ledger never had");
  const std::vector<ledger::NoteKey> witnesses = TRY(WitnessesOf(deployment->config()));
  const std::vector<ledger::Cosignature> cosignatures = TRY_IN(file, ledger::CosignaturesOn(note, witnesses));
  if (cosignatures.empty())
    return Error(ErrorCode::kRefused, file + ": no cosignature by a witness that ledger.witnesses names");
  PublishedFolder files(deployment->config().File(deployment->config().published));
  TRY(files.Write(CosignedPath(checkpoint.size), AsBytes(note)));
  for (const ledger::Cosignature& one : cosignatures)
    session.out << "cosigned by " << one.witness << " at " << one.at.ToRfc3339() << ": " << checkpoint.size
                << " entries\n";
  return Done{};
}

void AddContinuation(CLI::App* ledger, Session& session) {
  CLI::App* command = ledger->add_subcommand(
      "continuation", "a file that shows a witness or an auditor that the ledger continues a checkpoint");
  auto options = std::make_shared<ContinuationOptions>();
  command->add_option("--since", options->since, "the checkpoint seen before; without: from the beginning");
  command->add_flag("--cosigned", options->cosigned, "up to the last checkpoint that a witness cosigned");
  command->add_option("--out", options->out, "the file to write")->required();
  OnRun(command, session, [&session, options] { return WriteContinuationFile(session, *options); });
}

void AddWitnessKey(CLI::App* ledger, Session& session) {
  CLI::App* command =
      ledger->add_subcommand("witness-key", "make a witness's key on the witness's own machine");
  auto path = std::make_shared<std::string>();
  auto name = std::make_shared<std::string>();
  auto passphrase_file = std::make_shared<std::string>();
  command->add_option("FILE", *path, "the key file to write")->required();
  command->add_option("--name", *name, "the witness's name: witness.example.org")->required();
  command->add_option("--passphrase-file", *passphrase_file, "what will open it")->required();
  OnRun(command, session,
        [&session, path, name, passphrase_file] { return MakeKey(session, *path, *name, *passphrase_file); });
}

}  // namespace

void AddLedgerWitness(CLI::App* ledger, Session& session) {
  AddWitnessKey(ledger, session);
  AddContinuation(ledger, session);
  CLI::App* cosign = ledger->add_subcommand(
      "cosign", "on the witness's own machine: sign a checkpoint if it continues the last one seen");
  auto options = std::make_shared<CosignOptions>();
  cosign->add_option("FILE", options->file, "the continuation")->required();
  cosign->add_option("--ledger-key", options->ledger_key, "the ledger's verifier key")->required();
  cosign->add_option("--seen", options->seen, "where the last checkpoint seen is kept")->required();
  cosign->add_option("--key", options->key, "the witness's key (ledger witness-key)")->required();
  cosign->add_option("--passphrase-file", options->passphrase_file, "its passphrase")->required();
  cosign->add_option("--name", options->name, "the witness's name: witness.example.org")->required();
  cosign->add_option("--out", options->out, "the cosigned checkpoint to write")->required();
  OnRun(cosign, session, [&session, options] { return Cosign(session, *options); });

  CLI::App* cosigned = ledger->add_subcommand("cosigned", "take a cosigned checkpoint from a witness");
  auto file = std::make_shared<std::string>();
  cosigned->add_option("FILE", *file, "the cosigned checkpoint")->required();
  OnRun(cosigned, session, [&session, file] { return TakeCosigned(session, *file); });
}

}  // namespace probatio::cli
