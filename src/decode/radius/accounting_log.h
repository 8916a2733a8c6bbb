// What packets and `detail` files have in common once a report is read: its instants, its records, and
// whether it came before. One thread.
#pragma once

#include "decode/radius/accounting.h"
#include "decode/radius/retransmissions.h"
#include "decode/time/source_clock.h"

namespace probatio::decode {

class AccountingLog {
 public:
  explicit AccountingLog(SourceClock clock) : clock_(std::move(clock)) {}

  // `event` is the report's own instant, where it told one; else `received`, less Acct-Delay-Time, is taken.
  // kInvalid when neither is known, or the report breaks a rule of its record.
  Status Append(const Accounting& report, const std::optional<Timestamp>& event,
                std::optional<Instant> received, const std::string& exporter,
                std::vector<record::Record>* out);

  // Seconds since 1970 by the clock of the NAS.
  Result<Timestamp> AtSeconds(std::uint32_t seconds) const;

  const SourceClock& clock() const { return clock_; }
  Counts& counts() { return counts_; }
  const Counts& counts() const { return counts_; }

 private:
  Result<AccountingTimes> TimesOf(const Accounting& report, const std::optional<Timestamp>& event,
                                  std::optional<Instant> received) const;
  bool CameBefore(const std::vector<record::Record>& records, bool told_its_instant);

  SourceClock clock_;
  Retransmissions told_;
  Counts counts_;
};

}  // namespace probatio::decode
