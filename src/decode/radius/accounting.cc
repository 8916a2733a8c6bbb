// From one report to records.
#include "decode/radius/accounting.h"

#include "decode/radius/nat_attributes.h"
#include "decode/radius/station.h"
#include "record/canonical.h"

namespace probatio::decode {
namespace {

using record::SessionEventKind;

std::optional<SessionEventKind> EventOf(const Accounting& report) {
  switch (report.status.value_or(0)) {
    case 1:
      return SessionEventKind::kStart;
    case 2:
      return SessionEventKind::kStop;
    case 3:
      return SessionEventKind::kInterim;
    case 7:
      return SessionEventKind::kOn;
    case 8:
      return SessionEventKind::kOff;
    default:
      return std::nullopt;
  }
}

std::optional<std::string> NasOf(const Accounting& report) {
  if (report.nas_identifier.has_value()) return report.nas_identifier;
  if (report.nas_ip.has_value()) return report.nas_ip->ToText();
  if (report.nas_ipv6.has_value()) return report.nas_ipv6->ToText();
  return std::nullopt;
}

// In a mobile network User-Name is often one word for all, and the card is the subscriber.
std::optional<std::string> SubscriberOf(const Accounting& report) {
  if (report.imsi.has_value()) return report.imsi;
  if (report.user_name.has_value()) return report.user_name;
  return report.subscriber_id;
}

void FillLine(const Accounting& report, record::AccessSession* session) {
  session->subscriber = SubscriberOf(report);
  if (report.user_name != session->subscriber) session->user_name = report.user_name;
  session->imsi = report.imsi;
  session->imeisv = report.imeisv;
  session->circuit_id = report.circuit_id;
  session->remote_id = report.remote_id;
  if (!report.calling_station.has_value()) return;
  const Station station = ReadStation(*report.calling_station);
  session->mac = station.mac;
  session->calling_number = station.number;
  if (!session->circuit_id.has_value()) session->circuit_id = station.other;
}

record::AccessSession SessionOf(const Accounting& report, SessionEventKind event, const Timestamp& at,
                                const std::string& exporter) {
  record::AccessSession session;
  session.origin.at = at;
  session.origin.exporter = exporter;
  session.event = event;
  session.session = report.session;
  session.nas = NasOf(report);
  session.inside_ip = report.framed_ip.has_value() ? report.framed_ip : report.framed_ipv6;
  if (report.framed_ip.has_value()) session.inside_ipv6 = report.framed_ipv6;
  session.inside_prefix = report.framed_prefix;
  session.delegated_prefix = report.delegated_prefix;
  if (report.realm.has_value()) session.inside_realm = std::to_string(*report.realm);
  FillLine(report, &session);
  session.nas_port = report.nas_port_id;
  if (!session.nas_port.has_value() && report.nas_port.has_value()) {
    session.nas_port = std::to_string(*report.nas_port);
  }
  session.delay_s = report.delay_s;
  return session;
}

}  // namespace

Status AppendAccounting(const Accounting& report, const AccountingTimes& times, const std::string& exporter,
                        std::vector<record::Record>* out, Counts* counts) {
  const std::optional<SessionEventKind> event = EventOf(report);
  if (!event.has_value()) {
    ++(*counts)[report.status.has_value() ? "reports of another status" : "reports without a status"];
    return Done{};
  }
  const record::AccessSession session = SessionOf(report, *event, times.at, exporter);
  if (report.further_prefixes != 0) (*counts)["further IPv6 prefixes"] += report.further_prefixes;
  const std::vector<record::NatEvent> nat = TRY(NatEventsOf(report, session, times, counts));
  std::vector<record::Record> records;
  if (!IsTranslatorsReport(report)) records.emplace_back(session);
  records.insert(records.end(), nat.begin(), nat.end());
  for (const record::Record& record : records) TRY(record::CheckRecord(record));
  if (report.delay_s.value_or(0) != 0) ++(*counts)["reports sent late"];
  out->insert(out->end(), records.begin(), records.end());
  return Done{};
}

}  // namespace probatio::decode
