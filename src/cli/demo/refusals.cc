#include "cli/demo/refusals.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

#include "cli/files.h"

namespace probatio::cli::demo {
namespace {

namespace fs = std::filesystem;

constexpr char kAfterTheGrantExpired[] = "2024-11-20T12:00:00Z";
constexpr char kMoreThanAYearLater[] = "2025-11-15T12:00:00Z";

// The same order once more under another id, so that each refusal starts from a clean case.
Result<std::string> AnotherOrder(Stage& stage, const House& house, const std::string& order_template,
                                 const std::string& id) {
  const std::string file = stage.Path(id + ".json");
  TRY(PrepareOrder(stage, order_template, file, id));
  stage.Brief(true);
  const Status lived = LiveUntilAssessed(stage, house, file, id);
  stage.Brief(false);
  if (!lived.ok()) return lived.error();
  return id;
}

// Somebody rewrites the scope to ask for every login, which the court did not order, and has it signed.
Status MoreThanWasOrdered(Stage& stage, const House& house, const std::string& order_template) {
  stage.Say(
      "4.1  Asking for more than was ordered: a scope with every login of the account, written by somebody "
      "and "
      "signed.");
  const std::string order = TRY(AnotherOrder(stage, house, order_template, "wider"));
  const std::string scope_file = stage.Path("wider.scope");
  TRY(stage.Run(With(stage, house, {"order", "scope", order, "--out", scope_file})));
  const std::string text = TRY(ReadText(scope_file));
  nlohmann::json scope = nlohmann::json::parse(text, nullptr, false);
  for (nlohmann::json& line : scope["lines"]) {
    if (!line["events"].empty()) line["events"] = {"account_created", "login", "message_sent"};
  }
  const std::string wider = scope.dump(-1, ' ', false);
  TRY(WriteFile(scope_file, AsBytes(wider)));
  return stage.Refuses(ApproveCommand(stage, house, order, kFirstApprover, scope_file),
                       "over another scope than the one that is to be approved");
}

Status Alone(Stage& stage, const House& house, const std::string& order_template) {
  stage.Say("4.2  Approving alone.");
  const std::string order = TRY(AnotherOrder(stage, house, order_template, "alone"));
  TRY(ApproveBy(stage, house, order, kFirstApprover));
  TRY(stage.Refuses(With(stage, house,
                         {"order", "approve", order, "--by", kFirstApprover, "--key",
                          stage.Path(house.name + "-people") + "/" + kFirstApprover + ".key",
                          "--passphrase-file", stage.Path("passphrase")}),
                    "approve"));
  return stage.Refuses(DiscloseCommand(stage, house, order, stage.Path("alone.sealed")), "approv");
}

// Every file of the store and the journal is searched for the words in the clear.
Status ReadingTheFiles(Stage& stage, const House& house, const Truth& truth) {
  stage.Say("4.3  Reading the store's files without the custodians: nothing in them names anybody.");
  std::size_t files = 0;
  for (const char* part : {"store", "journal", "casebook.db", "casebook.db-wal"}) {
    const fs::path path = fs::path(stage.Path(house.name)) / part;
    if (!fs::exists(path)) continue;
    std::vector<fs::path> found = {path};
    if (fs::is_directory(path))
      found.assign(fs::recursive_directory_iterator(path), fs::recursive_directory_iterator());
    for (const fs::path& file : found) {
      if (!fs::is_regular_file(file)) continue;
      const Buffer content = TRY(ReadFile(file.string()));
      for (const std::string& word : {truth.phone, truth.account, std::string(kDisputedMessage)}) {
        if (std::search(content.begin(), content.end(), word.begin(), word.end()) != content.end()) {
          return Error(ErrorCode::kRefused, "demo: a name stands in the clear in " + file.string());
        }
      }
      ++files;
    }
  }
  stage.Say("     " + std::to_string(files) +
            " files searched for the account, its telephone number and the message: not found.");
  return Done{};
}

Status OneCustodian(Stage& stage, const House& house, const std::string& order_template) {
  stage.Say("4.4  An approved order, but only one custodian at the station.");
  const std::string order = TRY(AnotherOrder(stage, house, order_template, "one-custodian"));
  TRY(ApproveBy(stage, house, order, kFirstApprover));
  TRY(ApproveBy(stage, house, order, kSecondApprover));
  const std::string station = stage.Path(house.name + "-station");
  const std::string away = stage.Path(house.name + "-away.key");
  fs::rename(station + "/custodian-2.key", away);
  const Status refused =
      stage.Refuses(DiscloseCommand(stage, house, order, stage.Path("one-custodian.sealed")), "custod");
  fs::rename(away, station + "/custodian-2.key");
  return refused;
}

Status Stayed(Stage& stage, const House& house, const std::string& order_template) {
  stage.Say("4.5  A grant executed after the order was stayed.");
  const std::string order = TRY(AnotherOrder(stage, house, order_template, "stayed"));
  TRY(ApproveBy(stage, house, order, kFirstApprover));
  TRY(ApproveBy(stage, house, order, kSecondApprover));
  TRY(stage.Run(With(stage, house,
                     {"order", "stay", order, "--by", kTranscriber, "--reason",
                      "arrêt de l'exécution provisoire par le premier président (CPC 514-3)"})));
  return stage.Refuses(DiscloseCommand(stage, house, order, stage.Path("stayed.sealed")), "stay");
}

Status Expired(Stage& stage, const House& house, const std::string& order_template) {
  stage.Say(
      "4.6  A second package from the first grant, and a grant that was never executed, after they expired.");
  const std::string order = TRY(AnotherOrder(stage, house, order_template, "expired"));
  TRY(ApproveBy(stage, house, order, kFirstApprover));
  TRY(ApproveBy(stage, house, order, kSecondApprover));
  TRY(stage.Run(With(stage, house, {"clock", "set", kAfterTheGrantExpired})));
  TRY(stage.Refuses(DiscloseCommand(stage, house, "rg-24-57625", stage.Path("second.sealed")), "order"));
  return stage.Refuses(DiscloseCommand(stage, house, order, stage.Path("expired.sealed")), "expired");
}

Status TooOld(Stage& stage, const House& house, const std::string& order_template) {
  stage.Say("4.7  Connection data older than the law lets it be kept: the clock moves past the year.");
  TRY(stage.Run(With(stage, house, {"clock", "set", kMoreThanAYearLater})));
  const std::string order = TRY(AnotherOrder(stage, house, order_template, "too-old"));
  const std::string scope = TRY(stage.Run(With(stage, house, {"order", "scope", order})));
  const nlohmann::json lines = nlohmann::json::parse(scope, nullptr, false)["lines"];
  if (lines.dump().find("source_ip") != std::string::npos) {
    return Error(ErrorCode::kRefused, "demo: a connection older than a year came into a scope");
  }
  stage.Say(
      "     The scope holds no connection any more; it names what was left out, and why: outside retention.");
  return Done{};
}

}  // namespace

Status PlayRefusals(Stage& stage, const House& house, const std::string& order_template, const Truth& truth) {
  stage.Act("Act 4. What is refused");
  TRY(MoreThanWasOrdered(stage, house, order_template));
  TRY(Alone(stage, house, order_template));
  TRY(ReadingTheFiles(stage, house, truth));
  TRY(OneCustodian(stage, house, order_template));
  TRY(Stayed(stage, house, order_template));
  TRY(Expired(stage, house, order_template));
  return TooOld(stage, house, order_template);
}

}  // namespace probatio::cli::demo
