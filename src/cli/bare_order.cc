#include "cli/bare_order.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/files.h"
#include "law/vocabulary.h"

namespace probatio::cli {
namespace {

constexpr const char* kDefaultProfile = "ecs_operator";

Result<Instant> InstantFor(const BareOptions& options, const order::Order& order) {
  if (!options.at.empty()) return TRY_IN("--at", Instant::ParseRfc3339(options.at));
  return order.service.at ? *order.service.at : law::ParisMidnight(order.date);
}

}  // namespace

void AddBareOptions(CLI::App* command, BareOptions& options) {
  command->add_option("--regime", options.regime, "with a file: the rules")->capture_default_str();
  command->add_option("--profile", options.profile,
                      "with a file: the provider's profile; else the order's own, else ecs_operator");
  command->add_option(
      "--at", options.at,
      "with a file: the instant judged at (RFC 3339); else the order's service, else its date");
}

Result<BareOrder> AssessBare(const BareOptions& options) {
  const law::Regime regime = TRY(ReadRegime(options.regime));
  const std::string text = TRY(ReadText(options.file, order::kOrderBytesMax));
  order::Order order = TRY_IN(options.file, order::ParseOrder(text, regime));
  std::string profile = options.profile;
  if (profile.empty()) profile = order.said.provider_profile;
  if (profile.empty()) profile = kDefaultProfile;
  if (!law::IsProfile(profile))
    return Invalid(fmt::format("--profile: not one of {}", fmt::join(law::kProfiles, ", ")));
  const Instant at = TRY(InstantFor(options, order));
  order::Assessment assessment = order::Assess(order, regime, profile, at);
  return BareOrder{std::move(order), std::move(assessment)};
}

}  // namespace probatio::cli
