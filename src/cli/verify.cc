// probatio verify FILE: the same judgement as probatio-verify, for people who have the whole program.
#include "evidence/verify.h"

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/keys.h"
#include "cli/system_clock.h"
#include "crypto/sealed_file.h"

namespace probatio::cli {
namespace {

struct Options {
  std::string file;
  std::string trust;
  std::string ledger_key;
  std::string at;
  std::vector<std::string> revocation;
};

Status Verify(Session& session, const Options& options) {
  const Buffer file = TRY(ReadFile(options.file, evidence::kContainerBytesMax));
  if (crypto::IsSealedFile(file)) {
    return Invalid(options.file +
                   ": is encrypted to its recipients; open it first: probatio open FILE --key KEY");
  }
  evidence::Trust trust;
  trust.now = SystemClock().Now();
  if (!options.at.empty()) trust.now = TRY_IN("--at", Instant::ParseRfc3339(options.at));
  trust.ledger_key = options.ledger_key;
  if (!options.trust.empty()) trust.anchors = TRY(ReadCertificates(options.trust));
  trust.revocation = TRY(ReadRevocation(options.revocation));

  const evidence::Verification verification = TRY_IN(options.file, evidence::VerifyPackage(file, trust));
  session.out << (session.json ? evidence::VerificationJson(verification) + "\n"
                               : evidence::VerificationText(verification));
  if (verification.valid) return Done{};
  return CryptoError(options.file + ": does not hold: " + verification.failures.front());
}

}  // namespace

void AddVerify(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("verify", "verify an evidence package: what is proved, what is only declared");
  auto options = std::make_shared<Options>();
  command->add_option("FILE", options->file, "the package (.asice)")->required();
  command->add_option("--trust", options->trust, "PEM file with the certificates you trust");
  command->add_option("--ledger-key", options->ledger_key, "the ledger's verifier key, as published");
  command->add_option("--at", options->at, "verify as of this instant instead of now");
  command->add_option("--revocation", options->revocation,
                      "a revocation list or an OCSP response for its certificates; repeatable");
  OnRun(command, session, [&session, options] { return Verify(session, *options); });
}

}  // namespace probatio::cli
