#include "cli/demo/cast.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/files.h"

namespace probatio::cli::demo {
namespace {

constexpr char kPassphrase[] = "une phrase de passe de démonstration\n";
constexpr char kKeysFrom[] = "2024-10-01T00:00:00Z";

std::string PeopleFolder(const Stage& stage, const House& house) {
  return stage.Path(house.name + "-people");
}
std::string StationFolder(const Stage& stage, const House& house) {
  return stage.Path(house.name + "-station");
}
std::string PassphraseFile(const Stage& stage) {
  return stage.Path("passphrase");
}

Status MakeCustodians(Stage& stage, const House& house) {
  // Each custodian makes a key on a machine of the custodians; the third one stays at home today.
  for (const auto& [id, folder] :
       {std::pair<std::string, std::string>{"custodian-1", StationFolder(stage, house)},
        {"custodian-2", StationFolder(stage, house)},
        {"custodian-3", stage.Path(house.name + "-at-home")}}) {
    TRY(stage.Run({"custody", "keygen", id, "--name", house.provider + " " + id, "--out", folder,
                   "--passphrase-file", PassphraseFile(stage), "--from", kKeysFrom}));
    TRY(WriteFile(folder + "/" + id + ".passphrase", AsBytes(kPassphrase), Mode::kPrivate));
  }
  return Done{};
}

Status RegisterPeople(Stage& stage, const House& house) {
  const std::string people = PeopleFolder(stage, house);
  for (const char* counsel : {kTranscriber, kConfirmer}) {
    TRY(stage.Run(
        With(stage, house,
             {"people", "add", counsel, "--name", "Maître " + std::string(counsel), "--role", "legal"})));
  }
  for (const char* approver : {kFirstApprover, kSecondApprover}) {
    TRY(stage.Run({"people", "keygen", approver, "--name", house.provider + " " + approver, "--out", people,
                   "--passphrase-file", PassphraseFile(stage), "--from", kKeysFrom}));
    TRY(stage.Run(With(stage, house,
                       {"people", "add", approver, "--name", "Approbateur " + std::string(approver), "--role",
                        "approver", "--certificate", people + "/" + approver + ".crt"})));
  }
  return Done{};
}

// The items on which the assessment waits for a person.
Result<std::vector<std::pair<std::string, std::string>>> ItemsForAHuman(Stage& stage, const House& house,
                                                                        const std::string& order) {
  const std::string shown = TRY(stage.Ask(With(stage, house, {"--json", "order", "show", order})));
  const nlohmann::json json = nlohmann::json::parse(shown, nullptr, false);
  std::vector<std::pair<std::string, std::string>> waiting;
  for (const nlohmann::json& item : json["assessment"]["items"]) {
    if (item["verdict"] == "human")
      waiting.emplace_back(item["line"].get<std::string>(), item["item"].get<std::string>());
  }
  return waiting;
}

}  // namespace

std::vector<std::string> With(const Stage& stage, const House& house, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"--config", stage.Path(house.name)});
  return arguments;
}

Status SetUp(Stage& stage, const House& house, const std::string& regime, const std::string& now) {
  TRY(WriteFile(PassphraseFile(stage), AsBytes(kPassphrase), Mode::kPrivate));
  TRY(MakeCustodians(stage, house));
  const std::string station = StationFolder(stage, house);
  TRY(stage.Run({"init",
                 stage.Path(house.name),
                 "--provider",
                 house.provider,
                 "--profile",
                 "ecs_operator",
                 "--origin",
                 house.origin,
                 "--regime",
                 regime,
                 "--custodian",
                 station + "/custodian-1.crt",
                 "--custodian",
                 station + "/custodian-2.crt",
                 "--custodian",
                 stage.Path(house.name + "-at-home") + "/custodian-3.crt",
                 "--needed",
                 "2",
                 "--demo",
                 "--at",
                 now}));
  TRY(RegisterPeople(stage, house));
  TRY(stage.Run(With(stage, house, {"custody", "anchors", "--out", station + "/anchors.json"})));
  return Done{};
}

Status SetUpApplicant(Stage& stage) {
  TRY(WriteFile(PassphraseFile(stage), AsBytes(kPassphrase), Mode::kPrivate));
  TRY(stage.Run({"people", "keygen", "applicant", "--receive", "--name", "Le demandeur", "--out",
                 stage.Path("applicant"), "--passphrase-file", PassphraseFile(stage), "--from", kKeysFrom}));
  return Done{};
}

Status PrepareOrder(Stage& stage, const std::string& from_file, const std::string& to_file,
                    const std::string& new_id) {
  const std::string text = TRY(ReadText(from_file));
  nlohmann::ordered_json order = nlohmann::ordered_json::parse(text, nullptr, false);
  if (order.is_discarded()) return Invalid(from_file + ": not JSON");
  const std::string pem = TRY(ReadText(stage.Path("applicant/applicant.crt")));
  order["recipients"] = {{{"name", "Le demandeur"}, {"certificate_pem", pem}}};
  if (!new_id.empty()) {
    // Another decision, invented: the same one twice would be refused as a replay.
    order["id"] = new_id;
    order["register_number"] = "24/57625 " + new_id;
  }
  const std::string prepared = order.dump(2) + "\n";
  return WriteFile(to_file, AsBytes(prepared));
}

Status LiveUntilAssessed(Stage& stage, const House& house, const std::string& order_file,
                         const std::string& order) {
  const auto step = [&](std::vector<std::string> arguments) -> Status {
    TRY(stage.Run(With(stage, house, std::move(arguments))));
    return Done{};
  };
  TRY(step({"order", "add", order_file, "--by", kTranscriber}));
  TRY(step({"order", "confirm", order, "--by", kConfirmer, "--reason",
            "comparé mot à mot avec la copie signifiée"}));
  TRY(step({"order", "authenticate", order, "--by", kTranscriber, "--reason",
            "signature qualifiée de la décision vérifiée; greffe rappelé au numéro public"}));
  TRY(step({"order", "enforceable", order, "--by", kTranscriber, "--reason",
            "exécutoire de droit (CPC 514), signifiée, aucun arrêt de l'exécution connu"}));
  TRY(step({"order", "assess", order, "--by", kTranscriber}));
  const std::vector<std::pair<std::string, std::string>> waiting = TRY(ItemsForAHuman(stage, house, order));
  for (const auto& [line, item] : waiting) {
    const bool other_accounts = line == "L5";
    TRY(step({"order", "decide", order, "--line", line, "--item", item, "--choice",
              other_accounts ? "decline" : "comply", "--by", kTranscriber, "--reason",
              other_accounts
                  ? "aucun autre compte n'est rattaché avec certitude; la recherche dépasserait la décision"
                  : "la décision l'accorde expressément"}));
  }
  return Done{};
}

std::vector<std::string> ApproveCommand(const Stage& stage, const House& house, const std::string& order,
                                        const std::string& approver, const std::string& scope_file) {
  std::vector<std::string> arguments = {"order",
                                        "approve",
                                        order,
                                        "--by",
                                        approver,
                                        "--key",
                                        PeopleFolder(stage, house) + "/" + approver + ".key",
                                        "--passphrase-file",
                                        PassphraseFile(stage)};
  if (!scope_file.empty()) arguments.insert(arguments.end(), {"--scope", scope_file});
  return With(stage, house, std::move(arguments));
}

Status ApproveBy(Stage& stage, const House& house, const std::string& order, const std::string& approver,
                 const std::string& scope_file) {
  TRY(stage.Run(ApproveCommand(stage, house, order, approver, scope_file)));
  return Done{};
}

std::vector<std::string> DiscloseCommand(const Stage& stage, const House& house, const std::string& order,
                                         const std::string& out) {
  return With(
      stage, house,
      {"disclose", order, "--out", out, "--by", kTranscriber, "--station", StationFolder(stage, house)});
}

Result<std::string> OpenAndVerify(Stage& stage, const House& house, const std::string& sealed) {
  const std::string package = std::filesystem::path(sealed).replace_extension("").string();
  TRY(stage.Run({"open", sealed, "--key", stage.Path("applicant/applicant.key"), "--passphrase-file",
                 PassphraseFile(stage), "--out", package}));
  TRY(stage.Run({"verify", package, "--trust", stage.Path(house.name + "/trust.pem")}));
  return package;
}

}  // namespace probatio::cli::demo
