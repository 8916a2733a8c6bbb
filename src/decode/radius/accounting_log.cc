#include "decode/radius/accounting_log.h"

#include "record/canonical.h"

namespace probatio::decode {
namespace {

Timestamp ToTheSecond(Instant at, ClockSource source) {
  return {at, kNsPerSecond, 0, source};
}

}  // namespace

Result<Timestamp> AccountingLog::AtSeconds(std::uint32_t seconds) const {
  return clock_.Corrected(ToTheSecond(Instant::FromUnixSeconds(seconds), ClockSource::kEvent));
}

Result<AccountingTimes> AccountingLog::TimesOf(const Accounting& report,
                                               const std::optional<Timestamp>& event,
                                               std::optional<Instant> received) const {
  AccountingTimes times;
  if (event.has_value()) {
    times.at = *event;
  } else if (received.has_value()) {
    const Instant at = *received - report.delay_s.value_or(0) * kNsPerSecond;
    times.at = ToTheSecond(at, ClockSource::kReceipt);
  } else {
    return Invalid("neither the report nor its receipt tells an instant");
  }
  if (report.nat_event_s.has_value()) times.nat_at = TRY(AtSeconds(*report.nat_event_s));
  return times;
}

Status AccountingLog::Append(const Accounting& report, const std::optional<Timestamp>& event,
                             std::optional<Instant> received, const std::string& exporter,
                             std::vector<record::Record>* out) {
  const AccountingTimes times = TRY(TimesOf(report, event, received));
  std::vector<record::Record> records;
  TRY(AppendAccounting(report, times, exporter, &records, &counts_));
  if (CameBefore(records, event.has_value())) {
    ++counts_["reports sent again"];
    return Done{};
  }
  for (record::Record& record : records) {
    ++counts_[std::holds_alternative<record::NatEvent>(record) ? "NAT events" : "access session events"];
    out->push_back(std::move(record));
  }
  return Done{};
}

// A NAS that has no answer sends its report again under a new identifier with a greater Acct-Delay-Time (RFC
// 2866 section 5.2). The same event, told with its own instant, differs in nothing else.
bool AccountingLog::CameBefore(const std::vector<record::Record>& records, bool told_its_instant) {
  if (!told_its_instant || records.empty()) return false;
  std::string key;
  for (record::Record record : records) {
    if (auto* const session = std::get_if<record::AccessSession>(&record)) session->delay_s.reset();
    const Buffer bytes = record::RecordBytes(record);
    key.append(AsText(bytes));
  }
  return told_.Seen(std::move(key));
}

}  // namespace probatio::decode
