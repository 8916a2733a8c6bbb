// A Grant is permission as a type: nothing reads a record without one, and only Authorize makes one. That it
// cannot be forged in code is a test of programs that must not compile (tests/must_not_compile).
#pragma once

#include "order/scope.h"

namespace probatio::order {

class Grant {
 public:
  const Scope& scope() const { return scope_; }
  const SignedScope& signed_scope() const { return signed_scope_; }
  GrantKind kind() const { return scope_.kind; }
  Instant made_at() const { return made_at_; }

 private:
  Grant(Scope scope, SignedScope signed_scope, Instant made_at)
      : scope_(std::move(scope)), signed_scope_(std::move(signed_scope)), made_at_(made_at) {}
  friend Result<Grant> Authorize(const Order& order, const Life& life, const Assessment& assessment,
                                 SignedScope signed_scope,
                                 std::span<const crypto::Certificate> pinned_approvers, Instant now);
  Scope scope_;
  SignedScope signed_scope_;
  Instant made_at_;
};

// The one door. Checks, in this order: the order's state (approved; not refused, stayed or withdrawn), that
// no gate of its enforceability is closed, that the scope is the scope of this very order and asks no more
// than order and verdicts allow, both approvals, and that the scope has not expired at `now`. kDenied says in
// words which rule fails.
Result<Grant> Authorize(const Order& order, const Life& life, const Assessment& assessment,
                        SignedScope signed_scope, std::span<const crypto::Certificate> pinned_approvers,
                        Instant now);

// Asked again before every step of the execution: a stay, a withdrawal or the expiry ends the grant.
Status StillHolds(const Grant& grant, const Life& life, Instant now);

}  // namespace probatio::order
