#include "disclosure/preservation.h"

#include <fmt/format.h>

namespace probatio::disclosure {
namespace {

Status CheckIsOver(const order::ScopeLine& line, Instant now) {
  if (line.period.end <= now) return Done{};
  return Denied(fmt::format("preserve: line {} runs until {}: extract then, or what comes until then is lost",
                            line.id, line.period.end.ToRfc3339()));
}

}  // namespace

Result<std::vector<std::string>> Preserve(const PreservationParts& parts, const OrderId& order) {
  const Case a_case = TRY(parts.cases.Load(order));
  const order::Grant grant =
      TRY(order::Authorize(a_case.order, a_case.life, a_case.assessment, a_case.signed_scope,
                           parts.pinned_approvers, parts.clock.Now()));
  if (grant.kind() != order::GrantKind::kPreserve) return Denied("preserve: the grant is to disclose");
  std::vector<std::string> lines;
  for (const order::ScopeLine& line : grant.scope().lines) {
    TRY(CheckIsOver(line, parts.clock.Now()));
    lines.push_back(line.id);
  }

  resolve::Resolver resolver(parts.reader, parts.limits);
  TRY(resolver.Resolve(grant));  // the answers are nobody's to see

  const Case after = TRY(parts.cases.Load(order));  // a stay that arrived meanwhile ends the grant
  TRY(CheckStillApproved(after, grant, parts.clock.Now()));
  return lines;
}

}  // namespace probatio::disclosure
