#include "order/grant.h"

#include <fmt/format.h>

#include <algorithm>

#include "order/enforceability.h"

namespace probatio::order {
namespace {

Status CheckState(const Life& life) {
  if (life.stayed) return Denied("authorize: the order is stayed");
  if (life.state != State::kApproved) {
    return Denied(fmt::format("authorize: the order is {}, not approved", ToText(life.state)));
  }
  return Done{};
}

Status CheckSameOrder(const Scope& scope, const Order& order) {
  if (scope.order != order.id) return Denied("authorize: the scope is of another order");
  if (scope.order_digest != order.digest)
    return Denied("authorize: the scope is of another text of this order");
  if (scope.court != order.court || scope.register_number != order.register_number) {
    return Denied("authorize: the scope names another decision");
  }
  return Done{};
}

// No event named means every event.
bool EventsWithin(const std::vector<std::string>& asked, const std::vector<std::string>& allowed) {
  if (allowed.empty()) return true;
  return !asked.empty() && std::all_of(asked.begin(), asked.end(), [&](const std::string& event) {
    return std::find(allowed.begin(), allowed.end(), event) != allowed.end();
  });
}

bool AllowsItem(const ScopeLine& allowed, const ScopeItem& asked) {
  return std::any_of(allowed.items.begin(), allowed.items.end(), [&](const ScopeItem& item) {
    return item.item == asked.item && item.basis == asked.basis && item.reference == asked.reference;
  });
}

Status CheckLineWithin(const ScopeLine& asked, const Scope& allowed_scope) {
  const auto too_much = [&](std::string_view what) {
    return Denied(fmt::format("authorize: line {}: {}", asked.id, what));
  };
  const ScopeLine* allowed = allowed_scope.Find(asked.id);
  if (allowed == nullptr) return too_much("order and verdicts allow nothing of it");
  if (asked.subject != allowed->subject) return too_much("another subject than the order's");
  if (asked.period.begin < allowed->period.begin || allowed->period.end < asked.period.end) {
    return too_much("a longer period than is allowed");
  }
  if (!EventsWithin(asked.events, allowed->events)) return too_much("more events than are allowed");
  for (const ScopeItem& item : asked.items) {
    if (!AllowsItem(*allowed, item))
      return too_much(fmt::format("item {} is not allowed on this basis", item.item));
  }
  return Done{};
}

Status CheckWithin(const Scope& asked, const Scope& allowed) {
  for (const ScopeLine& line : asked.lines) {
    TRY(CheckLineWithin(line, allowed));
  }
  for (const std::string& recipient : asked.recipients) {
    const auto known = std::find(allowed.recipients.begin(), allowed.recipients.end(), recipient);
    if (known == allowed.recipients.end())
      return Denied("authorize: a recipient that the order does not name");
  }
  return Done{};
}

}  // namespace

Result<Grant> Authorize(const Order& order, const Life& life, const Assessment& assessment,
                        SignedScope signed_scope, std::span<const crypto::Certificate> pinned_approvers,
                        Instant now) {
  TRY(CheckState(life));
  TRY_IN("authorize", CheckConfirmed(life, now));
  // Whom the order addresses is for those who know the provider: they ask before they call.
  TRY_IN("authorize", RequireEnforceable(CheckEnforceability(order, life, {}, now)));
  Scope scope = TRY(ScopeFromJson(signed_scope.scope_json));
  TRY(CheckSameOrder(scope, order));
  // Rebuilt here from the order and the verdicts: what was signed may ask for less, never for more.
  const Scope allowed =
      TRY(BuildScope(order, life, assessment, scope.kind, scope.provider, scope.regime, scope.valid_until));
  TRY(CheckWithin(scope, allowed));
  TRY(CheckApprovals(signed_scope, pinned_approvers));
  if (now >= scope.valid_until) return Denied("authorize: the scope has expired");
  return Grant(std::move(scope), std::move(signed_scope), now);
}

Status StillHolds(const Grant& grant, const Life& life, Instant now) {
  if (life.stayed) return Denied("grant: the order is stayed");
  if (life.state != State::kApproved && life.state != State::kExecuted) {
    return Denied(fmt::format("grant: the order is {}", ToText(life.state)));
  }
  TRY_IN("grant", CheckConfirmed(life, now));
  if (now >= grant.scope().valid_until) return Denied("grant: expired");
  return Done{};
}

}  // namespace probatio::order
