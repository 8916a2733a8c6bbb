// ReadXmlFlow: one <flow> as conntrack -o xml prints it, on one line and without attributes or names beyond
// its own. So it is read as what it is, text between known tags; a document that needs an XML parser is none
// of conntrack's.
#include "decode/conntrack/flow.h"
#include "decode/conntrack/flow_value.h"

namespace probatio::decode {
namespace {

using Text = std::optional<std::string_view>;

Text Between(std::string_view text, std::string_view begin, std::string_view end) {
  const std::size_t from = text.find(begin);
  if (from == std::string_view::npos) return std::nullopt;
  const std::size_t to = text.find(end, from + begin.size());
  if (to == std::string_view::npos) return std::nullopt;
  return text.substr(from + begin.size(), to - from - begin.size());
}

Result<std::string_view> Need(Text text, const char* what) {
  if (!text.has_value()) return Invalid(std::string(what) + ": missing");
  return *text;
}

Result<ConntrackFlow::Event> EventOf(std::string_view flow) {
  const Text type = Between(flow.substr(0, flow.find('>')), "type=\"", "\"");
  if (!type.has_value()) return ConntrackFlow::Event::kListed;
  if (*type == "new") return ConntrackFlow::Event::kNew;
  if (*type == "update") return ConntrackFlow::Event::kUpdate;
  if (*type == "destroy") return ConntrackFlow::Event::kDestroy;
  return Invalid("type: none of new, update, destroy");
}

template <class Number>
Result<std::optional<Number>> MaybeNumber(Text text, const char* what) {
  if (!text.has_value()) return std::optional<Number>();
  const Number number = TRY(FlowNumber<Number>(*text, what));
  return std::optional(number);
}

// The port of one direction, or the id of an ICMP query.
Result<std::optional<std::uint16_t>> ReadPort(std::string_view meta, const char* key) {
  const Text layer4 = Between(meta, "<layer4", "</layer4>");
  if (!layer4.has_value()) return std::optional<std::uint16_t>();
  const std::string name(key);
  const Text port = Between(*layer4, '<' + name + '>', "</" + name + '>');
  return MaybeNumber<std::uint16_t>(port.has_value() ? port : Between(*layer4, "<id>", "</id>"), key);
}

Result<unsigned> WhenNumber(std::string_view when, const std::string& key) {
  const std::string_view text = TRY(Need(Between(when, '<' + key + '>', "</" + key + '>'), "when"));
  return FlowNumber<unsigned>(text, "when");
}

Result<CivilTime> ReadWhen(std::string_view when) {
  CivilTime civil;
  const unsigned year = TRY(WhenNumber(when, "year"));
  if (year > 9'999) return Invalid("when: no such year");
  civil.year = static_cast<int>(year);
  civil.month = TRY(WhenNumber(when, "month"));
  civil.day = TRY(WhenNumber(when, "day"));
  civil.hour = TRY(WhenNumber(when, "hour"));
  civil.minute = TRY(WhenNumber(when, "min"));
  civil.second = TRY(WhenNumber(when, "sec"));
  return civil;
}

}  // namespace

Result<ConntrackFlow> ReadXmlFlow(std::string_view line) {
  const std::string_view body = TRY(Need(Between(line, "<flow", "</flow>"), "flow"));
  const std::string_view original =
      TRY(Need(Between(body, "<meta direction=\"original\">", "</meta>"), "original direction"));
  const std::string_view reply =
      TRY(Need(Between(body, "<meta direction=\"reply\">", "</meta>"), "reply direction"));
  ConntrackFlow flow;
  flow.event = TRY(EventOf(body));
  const std::string_view proto = TRY(Need(Between(original, "<layer4 protonum=\"", "\""), "protocol"));
  flow.proto = TRY(FlowNumber<std::uint8_t>(proto, "protocol"));
  const std::string_view src = TRY(Need(Between(original, "<src>", "</src>"), "src"));
  flow.inside_ip = TRY(FlowAddress(src, "src"));
  flow.inside_port = TRY(ReadPort(original, "sport"));
  const std::string_view dst = TRY(Need(Between(reply, "<dst>", "</dst>"), "dst"));
  flow.public_ip = TRY(FlowAddress(dst, "dst"));
  flow.public_port = TRY(ReadPort(reply, "dport"));
  flow.zone = TRY(MaybeNumber<std::uint16_t>(Between(body, "<zone>", "</zone>"), "zone"));
  flow.age_s = TRY(MaybeNumber<std::uint32_t>(Between(body, "<deltatime>", "</deltatime>"), "deltatime"));
  const Text when = Between(body, "<when>", "</when>");
  if (when.has_value()) flow.when = TRY(ReadWhen(*when));
  return flow;
}

}  // namespace probatio::decode
