#include "cli/demo/play.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/demo/cast.h"
#include "cli/demo/refusals.h"
#include "cli/demo/world.h"
#include "cli/files.h"
#include "evidence/container.h"

namespace probatio::cli::demo {
namespace {

constexpr char kBeforeTheOrder[] = "2024-10-22T06:00:00Z";
constexpr char kAtReception[] = "2024-11-12T16:20:00Z";
constexpr char kSecondOrderServed[] = "2024-11-25T09:00:00Z";
constexpr char kPlatformOrder[] = "rg-24-57625";
constexpr char kOperatorOrder[] = "second-order";

Status Import(Stage& stage, const House& house, const std::string& format,
              const std::vector<std::string>& files) {
  std::vector<std::string> arguments = {"import", "--format", format};
  arguments.insert(arguments.end(), files.begin(), files.end());
  TRY(stage.Run(With(stage, house, std::move(arguments))));
  return Done{};
}

Status ActOne(Stage& stage, const House& platform, const House& network, const PlayOptions& options) {
  stage.Act("Act 1. What each of them keeps, sealed before anybody asks");
  TRY(SetUpApplicant(stage));
  TRY(SetUp(stage, platform, options.regime, kBeforeTheOrder));
  TRY(SetUp(stage, network, options.regime, kBeforeTheOrder));
  TRY(Import(stage, platform, "jsonl",
             {stage.Path("world/platform/accounts.jsonl"), stage.Path("world/platform/activities.jsonl")}));
  TRY(Import(stage, network, "ipfix", {stage.Path("world/operator/nat.ipfix")}));
  return Import(
      stage, network, "jsonl",
      {stage.Path("world/operator/sessions.jsonl"), stage.Path("world/operator/subscribers.jsonl")});
}

// One byte in the middle of the package is changed; verification must say what broke.
Status FlipAByte(Stage& stage, const House& house, const std::string& package) {
  Buffer bytes = TRY(ReadFile(package));
  bytes[bytes.size() / 2] ^= 1;
  const std::string altered = stage.Path("altered.asice");
  TRY(WriteFile(altered, bytes));
  stage.Say("One byte of the package is changed:");
  return stage.Refuses({"verify", altered, "--trust", stage.Path(house.name + "/trust.pem")},
                       "does not hold");
}

Result<std::string> ActTwo(Stage& stage, const House& platform, const PlayOptions& options) {
  stage.Act("Act 2. The order of 12 November 2024 reaches the platform (the instant of service is invented)");
  TRY(stage.Run(With(stage, platform, {"clock", "set", kAtReception})));
  const std::string order_file = stage.Path("platform-order.json");
  TRY(PrepareOrder(stage, options.case_folder + "/platform-order.json", order_file, ""));
  TRY(LiveUntilAssessed(stage, platform, order_file, kPlatformOrder));
  TRY(stage.Run(With(stage, platform, {"hold", "list"})));
  TRY(ApproveBy(stage, platform, kPlatformOrder, kFirstApprover));
  TRY(ApproveBy(stage, platform, kPlatformOrder, kSecondApprover));
  const std::string sealed = stage.Path("platform-package.asice.sealed");
  TRY(stage.Run(DiscloseCommand(stage, platform, kPlatformOrder, sealed)));
  std::string package = TRY(OpenAndVerify(stage, platform, sealed));
  TRY(FlipAByte(stage, platform, package));
  return package;
}

// The operator's order: one line for each connection that the platform's package proves.
Status WriteOperatorOrder(Stage& stage, const std::string& template_file, const std::string& request,
                          const std::string& to_file) {
  TRY(PrepareOrder(stage, template_file, to_file, kOperatorOrder));
  const std::string text = TRY(ReadText(to_file));
  nlohmann::ordered_json order = nlohmann::ordered_json::parse(text, nullptr, false);
  const nlohmann::json subjects = nlohmann::json::parse(request, nullptr, false);
  if (order.is_discarded() || subjects.is_discarded() || subjects["subjects"].empty()) {
    return Error(ErrorCode::kRefused, "demo: the platform's package names no connection");
  }
  const nlohmann::ordered_json line = order["lines"][0];
  order["lines"] = nlohmann::ordered_json::array();
  for (const nlohmann::json& subject : subjects["subjects"]) {
    nlohmann::ordered_json next = line;
    next["id"] = "L" + std::to_string(order["lines"].size() + 1);
    next["subject"] = nlohmann::ordered_json::parse(nlohmann::json{{"tuple", subject["tuple"]}}.dump());
    order["lines"].push_back(std::move(next));
  }
  const std::string written = order.dump(2) + "\n";
  return WriteFile(to_file, AsBytes(written));
}

Result<std::string> ActThree(Stage& stage, const House& platform, const House& network,
                             const std::string& package, const PlayOptions& options) {
  stage.Act(
      "Act 3. What the platform proved becomes the operator's question, under a second order (invented)");
  const std::string request =
      TRY(stage.Run({"request", package, "--trust", stage.Path(platform.name + "/trust.pem")}));
  TRY(stage.Run(With(stage, network, {"clock", "set", kSecondOrderServed})));
  const std::string order_file = stage.Path("operator-order.json");
  TRY(WriteOperatorOrder(stage, options.case_folder + "/operator-order.json", request, order_file));
  TRY(LiveUntilAssessed(stage, network, order_file, kOperatorOrder));
  TRY(ApproveBy(stage, network, kOperatorOrder, kFirstApprover));
  TRY(ApproveBy(stage, network, kOperatorOrder, kSecondApprover));
  const std::string sealed = stage.Path("operator-package.asice.sealed");
  TRY(stage.Run(DiscloseCommand(stage, network, kOperatorOrder, sealed)));
  return OpenAndVerify(stage, network, sealed);
}

// The member of a package as text.
Result<std::string> MemberOf(const std::string& package, const std::string& name) {
  const Buffer file = TRY(ReadFile(package));
  const std::vector<evidence::Member> members = TRY(evidence::ReadContainer(file));
  for (const evidence::Member& member : members) {
    if (member.name == name) return std::string(AsText(member.content));
  }
  return NotFound(package + ": holds no " + name);
}

// Takes the readable parts out of a package, for people to look at.
Status Unpack(const std::string& package, const std::string& folder) {
  TRY(MakeFolder(folder));
  const Buffer file = TRY(ReadFile(package));
  const std::vector<evidence::Member> members = TRY(evidence::ReadContainer(file));
  for (const evidence::Member& member : members) {
    if (member.name.find('/') == std::string::npos)
      TRY(WriteFile(folder + "/" + member.name, member.content));
  }
  return Done{};
}

Status Expect(bool holds, const std::string& what) {
  if (holds) return Done{};
  return Error(ErrorCode::kRefused, "demo: the truth was missed: " + what);
}

// The answers against the generator's own truth, which no part of the chain has seen.
Status CompareWithTruth(Stage& stage, const Truth& truth, const std::string& platform_package,
                        const std::string& operator_package) {
  const std::string platform_json = TRY(MemberOf(platform_package, "disclosure.json"));
  const std::string operator_json = TRY(MemberOf(operator_package, "disclosure.json"));
  const nlohmann::json platform = nlohmann::json::parse(platform_json, nullptr, false);
  const nlohmann::json network = nlohmann::json::parse(operator_json, nullptr, false);

  TRY(Expect(platform_json.find(truth.phone) != std::string::npos, "the telephone number"));
  std::size_t connections = 0;
  for (const nlohmann::json& row : platform["rows"])
    connections += row["record"].contains("source_ip") ? 1 : 0;
  TRY(Expect(connections == truth.connections.size(), "the connections of two events, and of no other"));
  for (const Truth::Connection& connection : truth.connections) {
    TRY(Expect(platform_json.find("\"source_port\":" + std::to_string(connection.port)) != std::string::npos,
               "the source port of " + connection.event));
  }
  TRY(Expect(network["answers"].size() == truth.connections.size(), "one answer for each connection"));
  for (const nlohmann::json& answer : network["answers"]) {
    TRY(Expect(answer["certainty"] == "unique" && answer["candidates"].size() == 1 &&
                   answer["candidates"][0]["name"] == truth.subscriber,
               "the subscriber, and no other"));
  }
  TRY(Expect(operator_json.find(truth.surname) != std::string::npos, "the subscriber's name"));
  stage.Say("Both answers name " + truth.subscriber + ", as the invented world's own truth file does.");
  return Done{};
}

}  // namespace

Status Play(Session& session, const PlayOptions& options) {
  if (std::filesystem::exists(options.out)) {
    if (!std::filesystem::exists(options.out + "/truth.json") &&
        !std::filesystem::exists(options.out + "/world/truth.json") &&
        !std::filesystem::is_empty(options.out)) {
      return Denied(options.out + ": exists and is no earlier demonstration; choose another --out");
    }
    std::filesystem::remove_all(options.out);
  }
  Stage stage(session, options.out);
  const House platform{"platform", "Plateforme de démonstration", "probatio.example/platform"};
  const House network{"operator", "Opérateur de démonstration", "probatio.example/operator"};

  stage.Say("Inventing a world from seed " + std::to_string(options.seed) + " at scale " +
            std::to_string(options.scale));
  const World world = MakeWorld({options.scale, options.seed});
  TRY(WriteWorld(world, stage.Path("world")));

  TRY(ActOne(stage, platform, network, options));
  const std::string platform_package = TRY(ActTwo(stage, platform, options));
  const std::string operator_package = TRY(ActThree(stage, platform, network, platform_package, options));
  TRY(CompareWithTruth(stage, world.truth, platform_package, operator_package));
  TRY(Unpack(platform_package, stage.Path("platform-package")));
  TRY(Unpack(operator_package, stage.Path("operator-package")));
  TRY(PlayRefusals(stage, platform, options.case_folder + "/platform-order.json", world.truth));

  stage.Act("Where to look");
  stage.Say(stage.Path("platform-package/report.pdf") + "   the page a judge reads\n" +
            stage.Path("operator-package/report.pdf") + "\n" + platform_package +
            "   the signed package; probatio-verify judges it alone\n" + stage.Path("world/truth.json") +
            "   what really happened in the invented world");
  return Done{};
}

}  // namespace probatio::cli::demo
