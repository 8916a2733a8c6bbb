// probatio custody: the custodians' keys, what they pin, and how they answer a request on their own station.
#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/custody_commands.h"
#include "cli/deployment.h"
#include "cli/files.h"
#include "cli/station_folder.h"
#include "cli/system_clock.h"
#include "crypto/system_random.h"

namespace probatio::cli {
namespace {

struct Options {
  std::string id;
  std::string name;
  std::string out = ".";
  std::string passphrase_file;
  std::string from;
  std::string request;
  std::string station;
  std::string token;
};

Status KeyGen(Session& session, const Options& options) {
  Instant from = SystemClock().Now();
  if (!options.from.empty()) from = TRY_IN("--from", Instant::ParseRfc3339(options.from));
  const PersonId id = TRY_IN("ID", PersonId::Parse(options.id));
  const Secret passphrase = TRY(ReadPassphrase(options.passphrase_file));
  crypto::SystemRandom random;
  TRY(MakePersonKey(options.out, id.text(), options.name, crypto::CertificateUse::kReceive, from, passphrase,
                    random));
  session.out << "made " << options.out << "/" << id.text() << ".key (never leaves this machine) and .crt\n";
  return Done{};
}

Status CertifyToken(Session& session, const Options& options) {
  Instant from = SystemClock().Now();
  if (!options.from.empty()) from = TRY_IN("--from", Instant::ParseRfc3339(options.from));
  const Secret pin = TRY(ReadPassphrase(options.passphrase_file));
  crypto::SystemRandom random;
  TRY(MakeTokenCertificate(options.token, options.name, crypto::CertificateUse::kReceive, from, pin, random));
  session.out << "made the .crt beside " << options.token << "; the key stays in the token\n";
  return Done{};
}

Status WriteAnchors(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const custody::Anchors anchors = TRY(deployment->Anchors());
  const std::string json = custody::AnchorsToJson(anchors);
  TRY(deployment->ledger().Append(
      {"anchors_written", deployment->clock().Now(), {{"digest", ToHex(crypto::Sha256(AsBytes(json)))}}}));
  TRY(WriteFile(options.out, AsBytes(json)));
  session.out << "wrote " << options.out << ": " << anchors.approvers.size() << " approvers, ledger key "
              << anchors.ledger_key
              << "\npin it on the station at a ceremony; the station never fetches it\n";
  return Done{};
}

Status Answer(Session& session, const Options& options) {
  const std::string request = TRY(ReadText(options.request, custody::kSentRequestBytesMax));
  const Station station = TRY(ReadStation(options.station, options.passphrase_file));
  crypto::SystemRandom random;
  const Buffer answer =
      TRY_IN(options.request,
             custody::AnswerRequest(request, station.anchors, station.present, SystemClock().Now(), random));
  TRY(WriteFile(options.out, answer));
  session.out << "answered: " << options.out << "\n";
  return Done{};
}

}  // namespace

void AddCustody(CLI::App& app, Session& session) {
  CLI::App* custody =
      app.add_subcommand("custody", "the custodians: their keys, their station, their answers");
  custody->require_subcommand(1);
  auto options = std::make_shared<Options>();

  CLI::App* keygen =
      custody->add_subcommand("keygen", "make a custodian's key, on the custodian's own machine");
  keygen->add_option("ID", options->id, "the custodian's id, such as custodian-1")->required();
  keygen->add_option("--name", options->name, "the name in the certificate")->required();
  keygen->add_option("--out", options->out, "folder")->capture_default_str();
  keygen->add_option("--passphrase-file", options->passphrase_file, "its first line protects the key")
      ->required();
  keygen->add_option("--from", options->from, "valid from this instant instead of now");
  OnRun(keygen, session, [&session, options] { return KeyGen(session, *options); });

  CLI::App* certify =
      custody->add_subcommand("certify", "make the certificate of a key that lies in a token");
  certify->add_option("URI_FILE", options->token, "ID.pkcs11: one PKCS#11 URI without PIN")->required();
  certify->add_option("--name", options->name, "the name in the certificate")->required();
  certify->add_option("--passphrase-file", options->passphrase_file, "its first line is the PIN")->required();
  certify->add_option("--from", options->from, "valid from this instant instead of now");
  OnRun(certify, session, [&session, options] { return CertifyToken(session, *options); });

  CLI::App* anchors =
      custody->add_subcommand("anchors", "write what a station must pin: approvers and ledger key");
  anchors->add_option("--out", options->out, "file")->required();
  OnRun(anchors, session, [&session, options] { return WriteAnchors(session, *options); });

  CLI::App* answer = custody->add_subcommand("answer", "on the station: check a request and answer it");
  answer->add_option("--request", options->request, "the request file")->required();
  answer
      ->add_option("--station", options->station, "folder with anchors.json and the present custodians' keys")
      ->required();
  answer->add_option("--passphrase-file", options->passphrase_file,
                     "passphrase or PIN of the keys that have no .passphrase file of their own");
  answer->add_option("--out", options->out, "the answer file")->required();
  OnRun(answer, session, [&session, options] { return Answer(session, *options); });

  AddCustodyShow(*custody, session);
  AddCustodyRotate(*custody, session);
  AddCustodyDrill(*custody, session);
  AddCustodyReseal(*custody, session);
}

}  // namespace probatio::cli
