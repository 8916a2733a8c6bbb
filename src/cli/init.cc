// probatio init DIR: makes a deployment, whole or not at all, and says what to do next.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <filesystem>

#include "cli/commands.h"
#include "cli/deployment.h"
#include "cli/files.h"
#include "cli/system_clock.h"
#include "crypto/system_random.h"

namespace probatio::cli {
namespace {

struct Options {
  std::string folder;
  std::string provider;
  std::string profile = "ecs_operator";
  std::string origin;
  std::string regime = "regimes/fr.toml";
  std::vector<std::string> custodians;
  std::vector<std::string> backups;
  unsigned needed = 2;
  bool demo = false;
  std::string at;
};

Status CheckOptions(const Options& options) {
  if (!options.at.empty() && !options.demo) {
    return Error(ErrorCode::kUsage, "init: --at sets a demonstration clock and needs --demo");
  }
  const std::size_t custodians = options.custodians.size() + options.backups.size();
  const bool enough = options.needed >= 2 && options.needed <= custodians;
  const bool lone = options.demo && options.needed == 1 && custodians == 1;
  if (!enough && !lone) {
    return Error(
        ErrorCode::kUsage,
        fmt::format(
            "init: {} of {} custodians needed; at least 2 of 2 (custodians make their own keys: probatio "
            "custody keygen)",
            options.needed, custodians));
  }
  if (std::filesystem::exists(options.folder) && !std::filesystem::is_empty(options.folder)) {
    return Denied(options.folder + ": exists and is not empty");
  }
  return Done{};
}

// A custodian's id is the name of the certificate's file, as custody keygen wrote it.
Status AddCustodian(const std::string& path, bool backup, std::vector<custody::Custodian>* custodians) {
  crypto::Certificate certificate = TRY(ReadCertificate(path));
  PersonId id = TRY_IN(path, PersonId::Parse(std::filesystem::path(path).stem().string()));
  custodians->push_back({std::move(id), std::move(certificate), backup, {}});
  return Done{};
}

Result<custody::Roster> RosterOf(const Options& options) {
  std::vector<custody::Custodian> custodians;
  for (const std::string& path : options.custodians) TRY(AddCustodian(path, false, &custodians));
  for (const std::string& path : options.backups) TRY(AddCustodian(path, true, &custodians));
  return custody::Roster::Make(std::move(custodians), options.needed);
}

Config ConfigOf(const Options& options) {
  Config config;
  config.folder = options.folder;
  config.provider = options.provider;
  config.profile = options.profile;
  config.origin = options.origin;
  config.regime = std::filesystem::path(options.regime).filename().string();
  config.custodians_needed = options.needed;
  config.demonstration_clock = options.demo;
  return config;
}

// The ledger begins with what it is and who its custodians are.
Status EnterBeginning(const std::string& folder, const Config& config, const custody::Roster& roster,
                      Instant now) {
  crypto::SystemRandom random;
  const ServerKeys keys = TRY(ReadServerKeys(folder + "/keys"));
  const std::unique_ptr<casebook::Casebook> casebook = TRY(casebook::Casebook::Open(
      folder + "/casebook.db", casebook::OpenMode::kCreate, keys.deployment, random));
  ledger::Ledger ledger = TRY(ledger::Ledger::Open(casebook->ledger_storage(), config.origin, keys.ledger));
  const std::vector<ledger::Entry> entries = {
      {"deployment_created",
       now,
       {{"origin", config.origin}, {"demonstration_clock", config.demonstration_clock ? "yes" : "no"}}},
      {"key_ceremony",
       now,
       {{"m", std::to_string(config.custodians_needed)},
        {"n", std::to_string(roster.People())},
        {"backups", std::to_string(roster.Backups())},
        {"custodians", ToHex(crypto::Sha256(AsBytes(roster.ToText())))}}},
  };
  return ledger.AppendAll(entries);
}

Status MakeFiles(const Options& options, const std::string& folder, Instant now) {
  const Config config = ConfigOf(options);
  const std::string regime = TRY(ReadText(options.regime, law::kRegimeBytesMax));
  TRY(ReadRegime(options.regime));
  const law::Regime top = TRY(law::ParseRegime(regime, options.regime));
  std::string base;
  if (!top.builds_on.empty())
    base = TRY(ReadText(BasePath(options.regime, top.builds_on), law::kRegimeBytesMax));
  const custody::Roster roster = TRY(RosterOf(options));
  const std::string custodians = roster.ToText();
  crypto::SystemRandom random;
  TRY(MakeFolder(folder));
  TRY(MakeFolder(folder + "/journal"));
  TRY(MakeFolder(folder + "/vault"));
  std::filesystem::permissions(folder + "/vault", std::filesystem::perms::owner_all);
  TRY(keep::MakeVault(folder + "/vault", keep::SystemDisk(), random));
  TRY(MakeServerKeys(folder + "/keys", options.provider, now, random));
  const std::string authority = TRY(ReadText(folder + "/keys/authority.crt"));
  TRY(WriteFile(folder + "/trust.pem", AsBytes(authority)));
  TRY(WriteFile(folder + "/custodians.pem", AsBytes(custodians)));
  TRY(WriteFile(folder + "/" + config.regime, AsBytes(regime)));
  if (!base.empty()) TRY(WriteFile(BasePath(folder + "/" + config.regime, top.builds_on), AsBytes(base)));
  if (options.demo) TRY(WriteDemonstrationClock(folder + "/demonstration-clock", now));
  TRY(EnterBeginning(folder, config, roster, now));
  const std::string text = ConfigText(config);
  return WriteFile(folder + "/probatio.toml", AsBytes(text));
}

Status Init(Session& session, const Options& options) {
  TRY(CheckOptions(options));
  Instant now = SystemClock().Now();
  if (!options.at.empty()) now = TRY_IN("--at", Instant::ParseRfc3339(options.at));

  const std::string unfinished = options.folder + ".unfinished";
  std::error_code ignored;
  std::filesystem::remove_all(unfinished, ignored);
  const Status made = MakeFiles(options, unfinished, now);
  if (!made.ok()) {
    std::filesystem::remove_all(unfinished, ignored);
    return made.error();
  }
  std::filesystem::remove(options.folder, ignored);  // an empty folder may stand there
  std::error_code error;
  std::filesystem::rename(unfinished, options.folder, error);
  if (error) return StorageError(options.folder + ": cannot rename into place: " + error.message());
  const std::string above = std::filesystem::absolute(options.folder).parent_path().string();
  if (keep::SystemDisk().SyncFolder(above) != 0) return StorageError(above + ": cannot sync");

  session.out << "made " << options.folder << " for " << options.provider << ": " << options.needed << " of "
              << options.custodians.size() + options.backups.size() << " custodians open what is sealed\n"
              << "next: probatio --config " << options.folder
              << " people add ID --name NAME --role approver --certificate FILE\n"
              << "      probatio --config " << options.folder
              << " custody anchors --out anchors.json   (pin it on the station)\n"
              << "      probatio --config " << options.folder << " import --format FORMAT FILE\n";
  if (options.demo)
    session.out << "this deployment runs on a demonstration clock; every package will say so\n";
  return Done{};
}

}  // namespace

void AddInit(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("init", "make a deployment: configuration, keys, casebook, store, ledger");
  auto options = std::make_shared<Options>();
  command->add_option("DIR", options->folder, "the new folder")->required();
  command->add_option("--provider", options->provider, "who discloses; stands in every package")->required();
  command->add_option("--profile", options->profile, "what the law calls the provider")
      ->check(CLI::IsMember({"ecs_operator", "access_provider", "host_platform", "public_wifi"}))
      ->capture_default_str();
  command->add_option("--origin", options->origin, "the ledger's name, such as probatio.example/platform")
      ->required();
  command->add_option("--regime", options->regime, "the rules of law")->capture_default_str();
  command->add_option("--custodian", options->custodians, "a custodian's certificate; once for each")
      ->required();
  command->add_option("--backup-custodian", options->backups,
                      "a backup custodian's certificate: holds a share like the others");
  command->add_option("--needed", options->needed, "how many custodians must act together")
      ->capture_default_str();
  command->add_flag("--demo", options->demo,
                    "a demonstration: its clock can be set, and every package says so");
  command->add_option("--at", options->at, "with --demo: the instant at which the clock stands");
  OnRun(command, session, [&session, options] { return Init(session, *options); });
}

}  // namespace probatio::cli
