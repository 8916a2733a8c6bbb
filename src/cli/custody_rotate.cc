// probatio custody rotate, list: who holds shares of what is sealed from now on.
#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/custodian_file.h"
#include "cli/custody_commands.h"
#include "cli/deployment.h"

namespace probatio::cli {
namespace {

struct Options {
  std::string retire;
  std::string add;
  std::string certificate;
  std::vector<std::string> classes;
  bool backup = false;
};

Result<custody::Custodian> NewCustodian(const Options& options, Instant now) {
  const std::string& id_text = options.add.empty() ? options.retire : options.add;
  PersonId id = TRY_IN("--add", PersonId::Parse(id_text));
  crypto::Certificate certificate = TRY(ReadCertificate(options.certificate));
  if (certificate.Validity().end <= now) {
    return Invalid(options.certificate + ": has ended already: let the custodian make a new key");
  }
  custody::Custodian custodian{std::move(id), std::move(certificate), options.backup, {}};
  for (const std::string& name : options.classes) {
    const record::RecordClass record_class = TRY_IN("--class", record::ParseRecordClass(name));
    custodian.classes.push_back(record_class);
  }
  std::sort(custodian.classes.begin(), custodian.classes.end());
  return custodian;
}

Result<std::vector<custody::Custodian>> Changed(const custody::Roster& before, const Options& options,
                                                Instant now) {
  std::vector<custody::Custodian> custodians = before.custodians();
  if (!options.retire.empty()) {
    const PersonId id = TRY_IN("--retire", PersonId::Parse(options.retire));
    custodians = TRY(before.Without(id));
  }
  if (!options.certificate.empty()) {
    custody::Custodian custodian = TRY(NewCustodian(options, now));
    custodians.push_back(std::move(custodian));
  }
  return custodians;
}

Status Rotate(Session& session, const Options& options) {
  if (options.certificate.empty() ? options.retire.empty() || !options.add.empty()
                                  : options.retire.empty() && options.add.empty()) {
    return Error(
        ErrorCode::kUsage,
        "custody rotate: --retire ID takes a custodian out, --add ID --certificate FILE brings one in, "
        "--retire ID --certificate FILE changes a key");
  }
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const custody::Roster& before = deployment->roster();
  const Instant now = deployment->clock().Now();
  std::vector<custody::Custodian> custodians = TRY(Changed(before, options, now));
  const custody::Roster after = TRY(custody::Roster::Make(std::move(custodians), before.needed()));
  TRY(ChangeRoster(deployment->config(), deployment->ledger(), before, after, now));
  session.out << "from now on " << after.needed() << " of " << after.People()
              << " custodians open what is sealed\n"
                 "what was sealed before opens with the keys of then: keep them until its retention ends\n";
  return Done{};
}

std::string ClassesOf(const custody::Custodian& custodian) {
  std::string text;
  for (const record::RecordClass record_class : custodian.classes) {
    text += (text.empty() ? "" : ",") + std::string(record::ToText(record_class));
  }
  return text.empty() ? "all classes" : text;
}

Status List(Session& session) {
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  const custody::Roster& roster = deployment->roster();
  nlohmann::json list = nlohmann::json::array();
  if (!session.json) {
    session.out << roster.needed() << " of " << roster.People() << " custodians act together, "
                << roster.Backups() << " of them backups\n";
  }
  for (const custody::Custodian& custodian : roster.custodians()) {
    const std::string end = custodian.certificate.Validity().end.ToRfc3339();
    const std::string fingerprint = ToHex(custodian.certificate.Fingerprint());
    list.push_back({{"id", custodian.id.text()},
                    {"backup", custodian.backup},
                    {"classes", ClassesOf(custodian)},
                    {"fingerprint", fingerprint},
                    {"ends", end}});
    if (session.json) continue;
    session.out << fmt::format("{:20} {:8} {}  until {}  {}\n", custodian.id.text(),
                               custodian.backup ? "backup" : "", fingerprint.substr(0, 8), end.substr(0, 10),
                               ClassesOf(custodian));
  }
  if (session.json) session.out << list.dump(2) << "\n";
  for (const std::string& warning : custody::ExpiryWarnings(roster, deployment->clock().Now())) {
    session.err << warning << "\n";
  }
  return Done{};
}

}  // namespace

void AddCustodyRotate(CLI::App& custody, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* rotate =
      custody.add_subcommand("rotate", "change who holds shares of what is sealed from now on");
  rotate->add_option("--retire", options->retire, "the id of a custodian who leaves, or whose key changes");
  rotate->add_option("--add", options->add, "the id of a custodian who comes");
  rotate->add_option("--certificate", options->certificate, "the new certificate");
  rotate->add_option("--class", options->classes,
                     "the certificate serves this record class only; may repeat");
  rotate->add_flag("--backup", options->backup, "the custodian is a backup");
  OnRun(rotate, session, [&session, options] { return Rotate(session, *options); });

  CLI::App* list = custody.add_subcommand("list", "the custodians in force");
  OnRun(list, session, [&session] { return List(session); });
}

}  // namespace probatio::cli
