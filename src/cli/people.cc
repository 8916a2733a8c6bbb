// probatio people: the provider's people who act on orders. A person makes the key on the person's own
// machine.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/deployment.h"
#include "cli/files.h"
#include "cli/people_commands.h"
#include "cli/system_clock.h"
#include "crypto/system_random.h"

namespace probatio::cli {
namespace {

struct Options {
  std::string id;
  std::string name;
  std::string role = "legal";
  std::string certificate;
  std::string out = ".";
  std::string passphrase_file;
  std::string from;
  std::string token;
  bool receive = false;
};

Status KeyGen(Session& session, const Options& options) {
  Instant from = SystemClock().Now();
  if (!options.from.empty()) from = TRY_IN("--from", Instant::ParseRfc3339(options.from));
  const Secret passphrase = TRY(ReadPassphrase(options.passphrase_file));
  const PersonId id = TRY_IN("ID", PersonId::Parse(options.id));
  const auto use = options.receive ? crypto::CertificateUse::kReceive : crypto::CertificateUse::kPerson;
  crypto::SystemRandom random;
  TRY(MakePersonKey(options.out, id.text(), options.name, use, from, passphrase, random));
  session.out << "made " << options.out << "/" << id.text()
              << ".key (keep it) and .crt (give it to the provider)\n";
  return Done{};
}

Status CertifyToken(Session& session, const Options& options) {
  Instant from = SystemClock().Now();
  if (!options.from.empty()) from = TRY_IN("--from", Instant::ParseRfc3339(options.from));
  const Secret pin = TRY(ReadPassphrase(options.passphrase_file));
  crypto::SystemRandom random;
  TRY(MakeTokenCertificate(options.token, options.name, crypto::CertificateUse::kPerson, from, pin, random));
  session.out << "made the .crt beside " << options.token << "; the key stays in the token\n";
  return Done{};
}

Status AddPerson(Session& session, const Options& options) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  casebook::Person person;
  person.id = TRY_IN("ID", PersonId::Parse(options.id));
  person.display_name = options.name;
  person.role = TRY_IN("--role", casebook::ParseRole(options.role));
  if (!options.certificate.empty()) {
    const crypto::Certificate certificate = TRY(ReadCertificate(options.certificate));
    person.certificate_pem = certificate.ToPem();
  } else if (person.role == casebook::Role::kApprover) {
    return Error(ErrorCode::kUsage, "people add: an approver needs --certificate");
  }
  TRY(deployment->casebook().AddPerson(person, deployment->clock().Now(), deployment->ledger()));
  if (person.role == casebook::Role::kApprover) {
    // Whoever verifies a package trusts the approvers that the provider published.
    const std::string trust_path = deployment->config().Path("trust.pem");
    const std::string trust = TRY(ReadText(trust_path));
    TRY(WriteFile(trust_path, AsBytes(trust + person.certificate_pem)));
  }
  session.out << "added " << person.id.text() << " (" << casebook::ToText(person.role) << ")\n";
  return Done{};
}

Status ListPeople(Session& session) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const std::vector<casebook::Person> people = TRY(deployment->casebook().ListPeople());
  nlohmann::json list = nlohmann::json::array();
  for (const casebook::Person& person : people) {
    list.push_back({{"id", person.id.text()},
                    {"name", person.display_name},
                    {"role", casebook::ToText(person.role)},
                    {"active", person.active}});
    if (!session.json) {
      session.out << person.id.text() << "  " << casebook::ToText(person.role) << "  " << person.display_name
                  << (person.active ? "" : "  (no longer active)") << "\n";
    }
  }
  if (session.json) session.out << list.dump(2) << "\n";
  return Done{};
}

}  // namespace

void AddPeople(CLI::App& app, Session& session) {
  CLI::App* people = app.add_subcommand("people", "who acts on orders, and in which role");
  people->require_subcommand(1);
  auto options = std::make_shared<Options>();

  CLI::App* keygen =
      people->add_subcommand("keygen", "make a person's signing key, on that person's own machine");
  keygen->add_option("ID", options->id, "the person's id, such as approver-1")->required();
  keygen->add_option("--name", options->name, "the name in the certificate")->required();
  keygen->add_option("--out", options->out, "folder")->capture_default_str();
  keygen->add_option("--passphrase-file", options->passphrase_file, "its first line protects the key")
      ->required();
  keygen->add_option("--from", options->from, "valid from this instant instead of now");
  keygen->add_flag("--receive", options->receive,
                   "a key that opens packages (for a recipient) instead of signing");
  OnRun(keygen, session, [&session, options] { return KeyGen(session, *options); });

  CLI::App* certify =
      people->add_subcommand("certify", "make the certificate of a signing key that lies in a token");
  certify->add_option("URI_FILE", options->token, "ID.pkcs11: one PKCS#11 URI without PIN")->required();
  certify->add_option("--name", options->name, "the name in the certificate")->required();
  certify->add_option("--passphrase-file", options->passphrase_file, "its first line is the PIN")->required();
  certify->add_option("--from", options->from, "valid from this instant instead of now");
  OnRun(certify, session, [&session, options] { return CertifyToken(session, *options); });

  CLI::App* add = people->add_subcommand("add", "register a person");
  add->add_option("ID", options->id, "the person's id")->required();
  add->add_option("--name", options->name, "display name")->required();
  add->add_option("--role", options->role, "what the person does")
      ->check(CLI::IsMember(
          {"intake", "legal", "approver", "custodian", "auditor", "administrator", "applicant"}))
      ->capture_default_str();
  add->add_option("--certificate", options->certificate, "the person's certificate");
  OnRun(add, session, [&session, options] { return AddPerson(session, *options); });

  AddContacts(people, session);

  CLI::App* list = people->add_subcommand("list", "everybody registered");
  OnRun(list, session, [&session] { return ListPeople(session); });
}

}  // namespace probatio::cli
