#include "decode/radius/nat_attributes.h"

#include <fmt/format.h>

#include "record/sharing_rule.h"

namespace probatio::decode {
namespace {

using record::NatEventKind;
using record::SessionEventKind;

// Alc-Acct-Triggered-Reason.
constexpr std::uint32_t kNatFree = 19;
constexpr std::uint32_t kNatMap = 20;

// What a translator without knowledge of subscribers puts before the inside address in User-Name and
// Alc-Subsc-ID-Str.
constexpr std::string_view kTranslatorNames[] = {"LSN44@", "DS-lite@", "DS-Lite@", "NAT64@"};

bool NamesAnAddress(const std::optional<std::string>& name) {
  if (!name.has_value()) return false;
  for (const std::string_view prefix : kTranslatorNames) {
    if (name->starts_with(prefix)) return true;
  }
  return false;
}

bool HasTranslation(const Accounting& report) {
  return !report.nat_ranges.empty() || report.nat_public.has_value();
}

enum class Change { kBegins, kEnds, kNone };

Change ChangeOf(const Accounting& report, SessionEventKind event) {
  if (report.nat_reason == kNatMap) return Change::kBegins;
  if (report.nat_reason == kNatFree) return Change::kEnds;
  if (event == SessionEventKind::kStart) return Change::kBegins;
  if (event == SessionEventKind::kStop) return Change::kEnds;
  return Change::kNone;  // an interim report repeats what is held
}

struct Block {
  IpAddress public_ip;
  std::optional<record::PortRange> ports;  // none: the whole address
};

std::string_view TakeWord(std::string_view* text, char end) {
  const std::string_view word = text->substr(0, text->find(end));
  text->remove_prefix(std::min(text->size(), word.size() + 1));
  return word;
}

// "192.0.2.20 2001-2024,3000-3023 router base l2-aware": address, ranges, then the outside routing instance,
// which our records do not hold.
Status ReadRanges(std::string_view text, std::vector<Block>* blocks) {
  const IpAddress address = TRY(IpAddress::Parse(TakeWord(&text, ' ')));
  std::string_view ranges = TakeWord(&text, ' ');
  if (ranges.empty()) return Invalid("no range");
  while (!ranges.empty()) {
    const record::PortRange range = TRY(record::ParsePortRange(TakeWord(&ranges, ',')));
    if (blocks->size() == kNatRangesMax) return Invalid(fmt::format("more than {} ranges", kNatRangesMax));
    blocks->push_back({address, range});
  }
  return Done{};
}

Status ReadOwnAttributes(const Accounting& report, std::vector<Block>* blocks) {
  if (!report.nat_public.has_value()) return Done{};
  if (!report.nat_first.has_value() && !report.nat_last.has_value()) {
    blocks->push_back({*report.nat_public, std::nullopt});
    return Done{};
  }
  const std::uint32_t first = report.nat_first.value_or(0);
  const std::uint32_t last = report.nat_last.value_or(0);
  if (!report.nat_first.has_value() || !report.nat_last.has_value())
    return Invalid("one end of the range only");
  if (last > UINT16_MAX || first > last) return Invalid("no range of ports");
  blocks->push_back({*report.nat_public,
                     record::PortRange{static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(last)}});
  return Done{};
}

NatEventKind KindOf(const Block& block, Change change) {
  const bool begins = change == Change::kBegins;
  if (block.ports.has_value()) {
    return begins ? NatEventKind::kPortBlockAllocate : NatEventKind::kPortBlockRelease;
  }
  return begins ? NatEventKind::kAddressBindingCreate : NatEventKind::kAddressBindingDelete;
}

// Where only a prefix names the inside (DS-Lite, NAT64), its address does.
std::optional<IpAddress> InsideOf(const record::AccessSession& session) {
  if (session.inside_ip.has_value()) return session.inside_ip;
  if (session.inside_prefix.has_value()) return session.inside_prefix->address();
  return std::nullopt;
}

}  // namespace

bool IsTranslatorsReport(const Accounting& report) {
  return HasTranslation(report) && (NamesAnAddress(report.user_name) || NamesAnAddress(report.subscriber_id));
}

Result<std::vector<record::NatEvent>> NatEventsOf(const Accounting& report,
                                                  const record::AccessSession& session,
                                                  const AccountingTimes& times, Counts* counts) {
  std::vector<Block> blocks;
  for (const std::string& text : report.nat_ranges) TRY_IN("Alc-Nat-Port-Range", ReadRanges(text, &blocks));
  TRY_IN("translated address", ReadOwnAttributes(report, &blocks));
  const Change change = ChangeOf(report, session.event);
  std::vector<record::NatEvent> events;
  if (change == Change::kNone) {
    if (!blocks.empty()) (*counts)["port blocks reported as held"] += blocks.size();
    return events;
  }
  // Alc-ISA-Event-Timestamp is the last change; a start or a stop is its own.
  const bool told_by_reason = report.nat_reason == kNatMap || report.nat_reason == kNatFree;
  for (const Block& block : blocks) {
    record::NatEvent event;
    event.origin = session.origin;
    if (told_by_reason && times.nat_at.has_value()) event.origin.at = *times.nat_at;
    event.event = KindOf(block, change);
    event.public_ip = block.public_ip;
    if (block.ports.has_value()) {
      event.port_first = block.ports->first;
      event.port_last = block.ports->last;
    }
    event.inside_ip = InsideOf(session);
    event.inside_realm = session.inside_realm;
    if (!IsTranslatorsReport(report)) event.subscriber = session.subscriber;
    events.push_back(std::move(event));
  }
  return events;
}

}  // namespace probatio::decode
