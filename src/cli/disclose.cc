// probatio disclose ORDER: executes an approved order and writes the package, encrypted to its recipients.
#include <CLI/CLI.hpp>

#include <filesystem>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/grant_reader.h"
#include "cli/order_file.h"
#include "cli/waiting_custodians.h"
#include "crypto/sealed_file.h"
#include "report/report.h"

namespace probatio::cli {
namespace {

// As far as clocks of platforms and operators are known to differ, and not a day: each quarter of an hour is
// one more window to open.
constexpr std::int64_t kOffsetReachNs = 15 * kNsPerMinute;

resolve::Limits SealedLimits() {
  resolve::Limits limits;
  limits.offset_reach_ns = kOffsetReachNs;
  return limits;
}

struct Options {
  std::string order;
  std::string out;
  std::string by;
  std::string station;
  int wait_seconds = 3600;
  bool english = false;
};

Result<Buffer> Report(const custody::Roster& custodians, bool english, const disclosure::Case& a_case,
                      const evidence::Disclosure& disclosure,
                      const std::vector<std::pair<std::string, crypto::Digest>>& files) {
  report::ReportInput input{a_case.order, disclosure.scope,    disclosure.answers, {},
                            {},           disclosure.provider, disclosure.made_at};
  for (const order::Approval& approval : disclosure.signed_scope.approvals) {
    input.approvers.push_back(approval.certificate.CommonName());
  }
  for (const auto& [name, digest] : files) input.files.push_back({name, ToHex(digest)});
  input.demonstration_clock = disclosure.demonstration_clock;
  input.custodians_needed = custodians.needed();
  input.custodians = static_cast<unsigned>(custodians.People());
  input.language = english ? report::Language::kEnglish : report::Language::kFrench;
  return report::MakeReport(input);
}

Status Disclose(Session& session, const Options& options) {
  if (std::filesystem::exists(options.out))
    return Denied(options.out + ": exists already and is not overwritten");
  const std::unique_ptr<Deployment> opened = TRY(Deployment::Open(session.config));
  Deployment& deployment = *opened;
  const OrderId id = TRY(OrderId::Parse(options.order));
  const PersonId by = TRY(PersonFor(deployment, options.by, order::EventKind::kExecuted));
  const std::unique_ptr<custody::Custodians> asked =
      TRY(CustodiansFor(session, deployment, options.station, options.wait_seconds));
  WaitingCustodians waiting(deployment, *asked);
  // A station on this machine answers at once.
  custody::Custodians& custodians = options.station.empty() ? waiting : *asked;
  CasebookCases cases(deployment);
  const keep::KeptJournals journals(deployment.journals());
  const std::unique_ptr<GrantReader> reader = TRY(GrantReader::Open(deployment, journals, custodians, id));

  const ServerKeys& keys = deployment.keys();
  const std::vector<crypto::Certificate> chain = {keys.authority};
  const std::unique_ptr<crypto::TimestampAuthority> authority = TRY(TimestampAuthorityOf(deployment));
  const Config& config = deployment.config();
  // Read each time: a list is worth most when it is fresh, and whoever fetches them replaces the files.
  std::vector<std::string> lists;
  for (const std::string& name : config.seal_revocation) lists.push_back(config.File(name));
  const std::vector<crypto::RevocationValue> revocation = TRY(ReadRevocation(lists));
  const evidence::Signer signer{keys.seal.key, keys.seal.certificate, chain, *authority, revocation};
  const std::vector<crypto::Certificate> approvers = TRY(deployment.Approvers());
  const disclosure::Parts parts{
      cases,
      *reader,
      deployment.manifest(),
      deployment.ledger(),
      deployment.clock(),
      signer,
      approvers,
      SealedLimits(),
      config.provider,
      config.demonstration_clock,
      [&](const disclosure::Case& a_case, const evidence::Disclosure& disclosure,
          const std::vector<std::pair<std::string, crypto::Digest>>& files) {
        return Report(deployment.roster(), options.english, a_case, disclosure, files);
      },
      [&](const disclosure::Package& made) -> Status {
        const Buffer sealed = TRY(crypto::SealFile(made.recipients, made.asice, deployment.random()));
        return CreateFile(options.out, sealed);
      }};

  const disclosure::Package package = TRY(disclosure::Execute(parts, id, by));
  session.out << "wrote " << options.out << ", encrypted to " << package.recipients.size()
              << " recipient(s)\n";
  for (const resolve::LineAnswer& answer : package.answers) {
    session.out << "  " << answer.line << ": " << resolve::ToText(answer.certainty) << "\n";
  }
  return Done{};
}

}  // namespace

void AddDisclose(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("disclose", "execute an approved order and write the evidence package");
  auto options = std::make_shared<Options>();
  command->add_option("ORDER", options->order, "the order's id")->required();
  command->add_option("--out", options->out, "the package file, encrypted to the order's recipients")
      ->required();
  command->add_option("--by", options->by, "who executes")->required();
  command->add_option("--station", options->station,
                      "demonstrations only: a custodians' station on this machine");
  command->add_option("--wait", options->wait_seconds, "seconds to wait for the custodians' answer")
      ->capture_default_str();
  command->add_flag("--english", options->english, "report.pdf in English instead of French");
  OnRun(command, session, [&session, options] { return Disclose(session, *options); });
}

}  // namespace probatio::cli
