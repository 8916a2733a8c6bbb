// Retention by a regime: connection data one year from the event, account data one year and identity five
// from the end. The latest version of a subject speaks: an end stands as long as later versions repeat it,
// and a later version without one lifts it (the contract goes on). Immutable; thread-safe.
#pragma once

#include "law/evaluate.h"
#include "resolve/retention.h"

namespace probatio::keep {

// What one version says about the end of its contract or account.
struct StatedEnd {
  Instant stated_at;
  std::optional<Instant> end;
};
StatedEnd StatedEndOf(const record::Record& record);
bool Supersedes(const StatedEnd& a, const StatedEnd& b);  // a speaks rather than b

class RetentionRules : public resolve::Retention {
 public:
  RetentionRules(const law::Regime& regime, std::string provider_profile);
  Instant OldestKept(seal::Stream stream, Instant now) const override;
  bool Kept(std::span<const seal::ProvenRow> all, const seal::ProvenRow& row, Instant now) const override;

  // The first day, in Paris, on which no row that the window may hold may be kept any more. Nothing when no
  // rule keeps such rows, and for subject streams, whose clocks are their subjects'.
  std::optional<law::CivilDate> ExpiryOf(const seal::Window& window) const;
  // The same for a subject whose contract or account ended then.
  std::optional<law::CivilDate> SubjectExpiry(record::RecordClass record_class, Instant end) const;

 private:
  const law::Regime& regime_;
  std::string profile_;
};

}  // namespace probatio::keep
