// Retention by a regime: connection data one year from the event, account data one year and identity five
// from the end. Immutable; thread-safe.
#pragma once

#include "law/evaluate.h"
#include "resolve/retention.h"

namespace probatio::keep {

class RetentionRules : public resolve::Retention {
 public:
  RetentionRules(const law::Regime& regime, std::string provider_profile);
  Instant OldestKept(seal::Stream stream, Instant now) const override;
  bool Kept(std::span<const seal::ProvenRow> all, const seal::ProvenRow& row, Instant now) const override;

 private:
  const law::Regime& regime_;
  std::string profile_;
};

}  // namespace probatio::keep
