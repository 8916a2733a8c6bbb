// probatio open FILE: a recipient opens what was encrypted to the recipient's certificate.
#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/keys.h"
#include "crypto/sealed_file.h"

namespace probatio::cli {
namespace {

struct Options {
  std::string file;
  std::string key;
  std::string passphrase_file;
  std::string out;
};

Status Open(Session& session, const Options& options) {
  const Buffer file = TRY(ReadFile(options.file));
  if (!crypto::IsSealedFile(file)) return Invalid(options.file + ": is not an encrypted package");
  const Secret passphrase = TRY(ReadPassphrase(options.passphrase_file));
  const KeyPair pair = TRY(ReadKeyPair(options.key, passphrase));
  const Secret content = TRY_IN(options.file, crypto::OpenFile(pair.key, pair.certificate, file));
  TRY(CreateFile(options.out, content.reveal(), Mode::kPrivate));
  session.out << "opened into " << options.out << "; verify it: probatio verify " << options.out
              << " --trust FILE\n";
  return Done{};
}

}  // namespace

void AddOpen(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("open", "open an encrypted package that you received");
  auto options = std::make_shared<Options>();
  command->add_option("FILE", options->file, "the encrypted package")->required();
  command->add_option("--key", options->key, "your key file; the certificate lies beside it")->required();
  command->add_option("--passphrase-file", options->passphrase_file, "its first line opens the key")
      ->required();
  command->add_option("--out", options->out, "the package in the clear")->required();
  OnRun(command, session, [&session, options] { return Open(session, *options); });
}

}  // namespace probatio::cli
