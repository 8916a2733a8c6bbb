// probatio ledger audit: a published ledger judged by somebody who has nothing but the folder, the ledger's
// key and, better, a checkpoint of earlier.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/files.h"
#include "cli/ledger_commands.h"
#include "cli/published_folder.h"
#include "ledger/cosignature.h"

namespace probatio::cli {
namespace {

struct Options {
  std::string folder;
  std::string key;
  std::string since;
  std::string trust;
  std::vector<std::string> witnesses;
};

struct Audit {
  ledger::Checkpoint checkpoint;
  std::string since;  // what was seen before, in words
  std::vector<ledger::Cosignature> cosignatures;
  std::uint64_t stamps = 0;
  std::string stamped_until;  // the newest stamp, in words
};

// A tree grown entry by entry, asked for its root at some sizes on the way.
class Growing {
 public:
  explicit Growing(std::vector<ledger::Checkpoint> known) : known_(std::move(known)) {}
  Status Take(std::uint64_t index, const std::string& line) {
    const Result<ledger::Entry> entry = ledger::EntryFromJson(line);
    if (!entry.ok()) return Invalid("entry " + std::to_string(index) + ": " + entry.error().what());
    tree_.Append(crypto::LeafHash(AsBytes(line)));
    return Done{};
  }
  Status CheckKnown() const {
    for (const ledger::Checkpoint& one : known_) {
      if (one.size > tree_.size())
        return CryptoError("the ledger was cut: a checkpoint over " + std::to_string(one.size) +
                           " entries is known, " + std::to_string(tree_.size()) + " are published");
      if (tree_.RootAt(one.size) != one.root)
        return CryptoError("the ledger was forked: another tree of " + std::to_string(one.size) +
                           " entries was signed before");
    }
    return Done{};
  }

 private:
  std::vector<ledger::Checkpoint> known_;
  crypto::MerkleTree tree_;
};

Result<std::vector<crypto::Certificate>> Anchors(const Options& options) {
  if (options.trust.empty()) return std::vector<crypto::Certificate>();
  return ReadCertificates(options.trust);
}

// Every stamped checkpoint is one that the tree must pass through.
Result<std::vector<ledger::Checkpoint>> Stamped(const PublishedFolder& files, const Options& options,
                                                Audit* audit) {
  const std::vector<crypto::Certificate> anchors = TRY(Anchors(options));
  const std::vector<std::uint64_t> sizes = TRY(SizesIn(files, "timestamps"));
  std::vector<ledger::Checkpoint> checkpoints;
  for (const std::uint64_t size : sizes) {
    const std::string path = StampedCheckpointPath(size);
    const Buffer note = TRY(files.Read(path, ledger::kCheckpointBytesMax));
    ledger::Checkpoint checkpoint = TRY_IN(path, ledger::OpenCheckpoint(AsText(note), options.key));
    const Result<Buffer> der = files.Read(StampPath(size), crypto::kTimestampBytesMax);
    if (!der.ok() && der.error().code() == ErrorCode::kNotFound) continue;  // a crash between the two
    if (!der.ok()) return der.error();
    const crypto::TimestampToken token = TRY_IN(StampPath(size), crypto::ParseTimestamp(der.value()));
    TRY_IN(StampPath(size), crypto::VerifyTimestamp(token, crypto::Sha256(note), anchors));
    ++audit->stamps;
    const bool local = token.policy == crypto::kLocalTimestampPolicy;
    audit->stamped_until = token.at.ToRfc3339() + " by " + token.authority +
                           (local ? " (the provider's own clock: proves nothing to others)" : "") +
                           (anchors.empty() ? ", its chain not judged: no --trust" : "");
    checkpoints.push_back(std::move(checkpoint));
  }
  return checkpoints;
}

Result<Audit> Judge(const Options& options) {
  const PublishedFolder files(options.folder);
  const Buffer note = TRY(files.Read(std::string(ledger::kCheckpointPath), ledger::kCheckpointBytesMax));
  Audit audit;
  audit.checkpoint =
      TRY_IN(std::string(ledger::kCheckpointPath), ledger::OpenCheckpoint(AsText(note), options.key));
  std::vector<ledger::Checkpoint> known = TRY(Stamped(files, options, &audit));
  if (!options.since.empty()) {
    const std::string since = TRY(ReadText(options.since, ledger::kCheckpointBytesMax));
    ledger::Checkpoint seen = TRY_IN(options.since, ledger::OpenCheckpoint(since, options.key));
    audit.since = std::to_string(seen.size) + " entries seen before are its beginning";
    known.push_back(std::move(seen));
  }
  std::vector<ledger::NoteKey> witnesses;
  for (const std::string& text : options.witnesses) {
    ledger::NoteKey witness = TRY_IN("--witness", ledger::ParseWitnessKey(text));
    witnesses.push_back(std::move(witness));
  }
  audit.cosignatures = TRY(ledger::CosignaturesOn(AsText(note), witnesses));
  Growing tree(std::move(known));
  TRY(ledger::VerifyTree(files, audit.checkpoint, [&](std::uint64_t index, const std::string& line) {
    return tree.Take(index, line);
  }));
  TRY(tree.CheckKnown());
  return audit;
}

void Say(Session& session, const Audit& audit) {
  if (session.json) {
    nlohmann::json json = {{"origin", audit.checkpoint.origin},
                           {"size", audit.checkpoint.size},
                           {"root", ToBase64(audit.checkpoint.root)},
                           {"timestamps", audit.stamps},
                           {"cosignatures", nlohmann::json::array()}};
    for (const ledger::Cosignature& one : audit.cosignatures)
      json["cosignatures"].push_back({{"witness", one.witness}, {"at", one.at.ToRfc3339()}});
    session.out << json.dump() << "\n";
    return;
  }
  session.out << audit.checkpoint.size << " entries of " << audit.checkpoint.origin
              << " hold together and lead to the signed checkpoint\n";
  session.out << (audit.since.empty() ? "nothing seen before was given (--since): that this is the only "
                                        "history is declared, not proved"
                                      : audit.since)
              << "\n";
  if (audit.stamps > 0)
    session.out << audit.stamps << " time-stamped checkpoints on the way, the last of " << audit.stamped_until
                << "\n";
  for (const ledger::Cosignature& one : audit.cosignatures)
    session.out << "cosigned by " << one.witness << " at " << one.at.ToRfc3339() << "\n";
}

Status RunAudit(Session& session, const Options& options) {
  const Audit audit = TRY_IN(options.folder, Judge(options));
  Say(session, audit);
  return Done{};
}

}  // namespace

void AddLedgerAudit(CLI::App* ledger, Session& session) {
  CLI::App* command = ledger->add_subcommand(
      "audit", "judge a published ledger without its deployment: altered, cut, re-ordered, forked");
  auto options = std::make_shared<Options>();
  command->add_option("FOLDER", options->folder, "the published folder")->required();
  command->add_option("--ledger-key", options->key, "the ledger's verifier key, as published")->required();
  command->add_option("--since", options->since, "a checkpoint that you kept: the ledger must continue it");
  command->add_option("--witness", options->witnesses, "key of a witness whose cosignature counts");
  command->add_option("--trust", options->trust, "PEM file with the time-stamp authorities that you trust");
  OnRun(command, session, [&session, options] { return RunAudit(session, *options); });
}

}  // namespace probatio::cli
