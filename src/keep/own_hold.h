// What an order's own hold keeps for it, and for it alone, past the days of the rules: the windows that its
// pins hold, and the file into which they were extracted. Whatever could be read when it was pinned can be
// read by that order still; for every other order it is outside retention. Values; pure; thread-safe.
#pragma once

#include "keep/hold.h"
#include "keep/retention_rules.h"
#include "order/assessment.h"

namespace probatio::keep {

struct OwnPin {
  Pin pin;
  Instant since;  // when it was pinned
};

// For each line and class: since when every pin that its reception asked for is there; else, since the
// extraction. What the file really has of a line only its sections tell.
order::OwnHold OwnHoldOf(const order::Order& order, std::span<const OwnPin> pins,
                         std::optional<Instant> extracted_at);

// The rules, as they stand for the order whose pins these are. `rules` outlives this.
class OwnRetention : public resolve::Retention {
 public:
  OwnRetention(const RetentionRules& rules, std::vector<OwnPin> pins)
      : rules_(rules), pins_(std::move(pins)) {}
  Instant OldestKept(seal::Stream stream, Instant now) const override;
  bool MayRead(const seal::Window& window, Instant now) const override;
  bool Kept(std::span<const seal::ProvenRow> all, const seal::ProvenRow& row, Instant now) const override;

 private:
  // Does `holds` hold by the rules of today, or by those of the day on which an own pin of the window was
  // made?
  template <class Holds>
  bool NowOrPinned(const seal::Window& window, Instant now, const Holds& holds) const;

  const RetentionRules& rules_;
  std::vector<OwnPin> pins_;
};

}  // namespace probatio::keep
