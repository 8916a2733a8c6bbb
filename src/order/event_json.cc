// The words of an order's life, and its events as JSON (docs/formats/order.md).
#include <array>
#include <nlohmann/json.hpp>

#include "order/json_view.h"
#include "order/life.h"

namespace probatio::order {
namespace {

constexpr std::size_t kEventBytesMax = 65'536;

constexpr std::array<EventKind, 22> kEventKinds{EventKind::kReceived,
                                                EventKind::kConfirmed,
                                                EventKind::kAuthenticated,
                                                EventKind::kFoundEnforceable,
                                                EventKind::kAssessed,
                                                EventKind::kDecided,
                                                EventKind::kApproved,
                                                EventKind::kExecuted,
                                                EventKind::kDelivered,
                                                EventKind::kClosed,
                                                EventKind::kRefused,
                                                EventKind::kStayed,
                                                EventKind::kStayLifted,
                                                EventKind::kWithdrawn,
                                                EventKind::kServed,
                                                EventKind::kCured,
                                                EventKind::kRecalled,
                                                EventKind::kPartial,
                                                EventKind::kExtended,
                                                EventKind::kUserNotified,
                                                EventKind::kUserNoticeDelayed,
                                                EventKind::kCost};

nlohmann::json PeriodJson(const Period& period) {
  return {{"from", period.begin.ToRfc3339()}, {"to", period.end.ToRfc3339()}};
}

Result<Period> ReadPeriod(const JsonView& view) {
  TRY(view.OnlyKeys({"from", "to"}));
  const Instant begin = TRY(view.Parsed("from", Instant::ParseRfc3339));
  const Instant end = TRY(view.Parsed("to", Instant::ParseRfc3339));
  if (end < begin) return view.Wrong("ends before it begins");
  return Period{begin, end};
}

Result<Source> ReadSource(const JsonView& view) {
  TRY(view.OnlyKeys({"stream", "exporter", "events", "sealed"}));
  Source source;
  source.stream = TRY(view.Text("stream"));
  source.exporter = TRY(view.Text("exporter"));
  const JsonView events = TRY(view.Object("events"));
  source.events = TRY(ReadPeriod(events));
  const JsonView sealed = TRY(view.Object("sealed"));
  source.sealed = TRY(ReadPeriod(sealed));
  return source;
}

void WriteLater(const Event& event, nlohmann::json* value) {
  if (!event.authority.empty()) (*value)["authority"] = event.authority;
  if (!event.paper.empty()) (*value)["paper"] = event.paper;
  if (!event.package.empty()) (*value)["package"] = event.package;
  if (event.cost) (*value)["cost"] = {{"cents", event.cost->cents}, {"currency", event.cost->currency}};
  for (const Source& source : event.sources) {
    (*value)["sources"].push_back({{"stream", source.stream},
                                   {"exporter", source.exporter},
                                   {"events", PeriodJson(source.events)},
                                   {"sealed", PeriodJson(source.sealed)}});
  }
}

Status ReadLater(const JsonView& view, Event* event) {
  if (view.Has("authority")) event->authority = TRY(view.Filled("authority"));
  if (view.Has("paper")) event->paper = TRY(view.Filled("paper"));
  if (view.Has("package")) event->package = TRY(view.Filled("package"));
  if (view.Has("cost")) {
    const JsonView cost = TRY(view.Object("cost"));
    TRY(cost.OnlyKeys({"cents", "currency"}));
    Cost read;
    read.cents = TRY(cost.Integer("cents", 1, kCostCentsMax));
    read.currency = TRY(cost.Filled("currency"));
    event->cost = std::move(read);
  }
  if (!view.Has("sources")) return Done{};
  const std::vector<JsonView> sources = TRY(view.Objects("sources", kSourcesMax));
  for (const JsonView& one : sources) {
    Source source = TRY(ReadSource(one));
    event->sources.push_back(std::move(source));
  }
  return Done{};
}

constexpr std::array<Choice, 5> kChoices{Choice::kComply, Choice::kDecline, Choice::kAppeal,
                                         Choice::kAskInterpretation, Choice::kAskRectification};

}  // namespace

std::string_view ToText(State state) {
  switch (state) {
    case State::kReceived:
      return "received";
    case State::kAuthenticated:
      return "authenticated";
    case State::kEnforceable:
      return "enforceable";
    case State::kAssessed:
      return "assessed";
    case State::kApproved:
      return "approved";
    case State::kExecuted:
      return "executed";
    case State::kDelivered:
      return "delivered";
    case State::kClosed:
      return "closed";
    case State::kRefused:
      return "refused";
    case State::kContested:
      return "contested";
    case State::kWithdrawn:
      return "withdrawn";
  }
  return "unknown";
}

std::string_view ToText(EventKind kind) {
  switch (kind) {
    case EventKind::kReceived:
      return "received";
    case EventKind::kConfirmed:
      return "confirmed";
    case EventKind::kAuthenticated:
      return "authenticated";
    case EventKind::kFoundEnforceable:
      return "found_enforceable";
    case EventKind::kAssessed:
      return "assessed";
    case EventKind::kDecided:
      return "decided";
    case EventKind::kApproved:
      return "approved";
    case EventKind::kExecuted:
      return "executed";
    case EventKind::kDelivered:
      return "delivered";
    case EventKind::kClosed:
      return "closed";
    case EventKind::kRefused:
      return "refused";
    case EventKind::kStayed:
      return "stayed";
    case EventKind::kStayLifted:
      return "stay_lifted";
    case EventKind::kWithdrawn:
      return "withdrawn";
    case EventKind::kServed:
      return "served";
    case EventKind::kCured:
      return "cured";
    case EventKind::kRecalled:
      return "recalled";
    case EventKind::kPartial:
      return "partial";
    case EventKind::kExtended:
      return "extended";
    case EventKind::kUserNotified:
      return "user_notified";
    case EventKind::kUserNoticeDelayed:
      return "user_notice_delayed";
    case EventKind::kCost:
      return "cost";
  }
  return "unknown";
}

Result<EventKind> ParseEventKind(std::string_view text) {
  for (const EventKind kind : kEventKinds) {
    if (text == ToText(kind)) return kind;
  }
  return Invalid("event kind: no such word");
}

std::string_view ToText(Choice choice) {
  switch (choice) {
    case Choice::kComply:
      return "comply";
    case Choice::kDecline:
      return "decline";
    case Choice::kAppeal:
      return "appeal";
    case Choice::kAskInterpretation:
      return "ask_interpretation";
    case Choice::kAskRectification:
      return "ask_rectification";
  }
  return "unknown";
}

Result<Choice> ParseChoice(std::string_view text) {
  for (const Choice choice : kChoices) {
    if (text == ToText(choice)) return choice;
  }
  return Invalid("choice: one of comply, decline, appeal, ask_interpretation, ask_rectification");
}

std::string EventToJson(const Event& event) {
  nlohmann::json value = {
      {"kind", ToText(event.kind)}, {"at", event.at.ToRfc3339()}, {"person", event.person.text()}};
  if (!event.reason.empty()) value["reason"] = event.reason;
  if (!event.line.empty()) value["line"] = event.line;
  if (!event.item.empty()) value["item"] = event.item;
  if (event.choice) value["choice"] = ToText(*event.choice);
  if (event.served) value["served"] = event.served->ToRfc3339();
  if (event.until) value["until"] = event.until->ToRfc3339();
  WriteLater(event, &value);
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<Event> EventFromJson(std::string_view json) {
  const JsonValue value = TRY(ParseJson(json, "event", kEventBytesMax));
  const JsonView view(value, "event");
  TRY(view.OnlyKeys({"kind", "at", "person", "reason", "line", "item", "choice", "served", "until",
                     "authority", "paper", "package", "cost", "sources"}));
  Event event;
  event.kind = TRY(view.Parsed("kind", ParseEventKind));
  event.at = TRY(view.Parsed("at", Instant::ParseRfc3339));
  event.person = TRY(view.Parsed("person", PersonId::Parse));
  if (view.Has("reason")) event.reason = TRY(view.Text("reason"));
  if (view.Has("line")) event.line = TRY(view.Text("line"));
  if (view.Has("item")) event.item = TRY(view.Text("item"));
  if (view.Has("choice")) event.choice = TRY(view.Parsed("choice", ParseChoice));
  if (view.Has("served")) event.served = TRY(view.Parsed("served", Instant::ParseRfc3339));
  if (view.Has("until")) event.until = TRY(view.Parsed("until", Instant::ParseRfc3339));
  TRY(ReadLater(view, &event));
  return event;
}

}  // namespace probatio::order
