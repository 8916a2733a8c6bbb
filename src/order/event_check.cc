#include "order/event_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.h"
#include "law/service.h"
#include "order/gate_names.h"

namespace probatio::order {
namespace {

bool NeedsReason(EventKind event) {
  return event == EventKind::kDecided || event == EventKind::kRefused || event == EventKind::kAuthenticated ||
         event == EventKind::kServed || event == EventKind::kCured || event == EventKind::kRecalled ||
         event == EventKind::kPartial || event == EventKind::kExtended || event == EventKind::kUserNotified ||
         event == EventKind::kUserNoticeDelayed || event == EventKind::kCost;
}

Status CheckServed(const Event& event) {
  if (!event.served) return Cannot(event.kind, "the instant of service is missing");
  if (event.at < *event.served) return Cannot(event.kind, "the instant of service is still to come");
  const auto mode = law::ParseServiceMode(event.item);
  if (!mode.ok()) return Cannot(event.kind, mode.error().what());
  if (mode.value() == law::ServiceMode::kUnstated)
    return Cannot(event.kind, "the mode of service is missing");
  return Done{};
}

Status CheckExtended(const Event& event) {
  if (event.item != kTimeLimitExtended && event.item != kPreservationExtended)
    return Cannot(event.kind, "of time_limit or preservation");
  if (!event.until) return Cannot(event.kind, "until when is missing");
  if (event.authority.empty()) return Cannot(event.kind, "who granted it is missing");
  if (event.paper.empty()) return Cannot(event.kind, "the paper that grants it is missing");
  return Done{};
}

Status CheckDelay(const Event& event) {
  if (!event.until || *event.until <= event.at) return Cannot(event.kind, "until when is missing, or past");
  if (event.authority.empty()) return Cannot(event.kind, "who ordered the delay is missing");
  return Done{};
}

Status CheckCost(const Event& event) {
  const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (!event.cost || event.cost->cents < 1 || kCostCentsMax < event.cost->cents)
    return Cannot(event.kind, "an amount from 0.01 to 1000000000 is needed");
  const std::string& currency = event.cost->currency;
  if (currency.size() != 3 || !std::all_of(currency.begin(), currency.end(), is_letter))
    return Cannot(event.kind, "a currency is three capital letters (ISO 4217)");
  return Done{};
}

// What an event of this kind must hold.
Status CheckParts(const Event& event) {
  switch (event.kind) {
    case EventKind::kServed:
      return CheckServed(event);
    case EventKind::kExtended:
      return CheckExtended(event);
    case EventKind::kUserNoticeDelayed:
      return CheckDelay(event);
    case EventKind::kCost:
      return CheckCost(event);
    case EventKind::kPartial:
      if (event.line.empty()) return Cannot(event.kind, "the line is missing");
      return Done{};
    default:
      return Done{};
  }
}

}  // namespace

Error Cannot(EventKind event, std::string_view reason) {
  return Denied(fmt::format("{}: {}", ToText(event), reason));
}

Status CheckEvent(const Event& event) {
  if (event.person.empty()) return Cannot(event.kind, "no person is named");
  if (NeedsReason(event.kind) && event.reason.empty()) return Cannot(event.kind, "a reason is needed");
  if (event.reason.size() > kReasonBytesMax) {
    return Cannot(event.kind, fmt::format("the reason is longer than {} bytes", kReasonBytesMax));
  }
  const Status text = CheckText(event.reason);
  if (!text.ok()) return Cannot(event.kind, "reason: " + text.error().what());
  if (event.kind == EventKind::kDecided && (event.line.empty() || event.item.empty() || !event.choice)) {
    return Cannot(event.kind, "a decision names a line, an item and a choice");
  }
  if (event.kind == EventKind::kCured && !IsCurable(event.item)) {
    return Cannot(event.kind, "no gate that a person can make good");
  }
  if (event.sources.size() > kSourcesMax)
    return Cannot(event.kind, fmt::format("more than {} sources", kSourcesMax));
  return CheckParts(event);
}

}  // namespace probatio::order
