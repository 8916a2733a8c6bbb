// The canonical bytes of a scope: JSON with sorted keys, no spaces, UTF-8 unescaped, whole numbers only. One
// scope has one byte string, so a signature over the bytes is a signature over the scope.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "order/json_view.h"
#include "order/scope.h"
#include "order/subject_json.h"
#include "record/record.h"

namespace probatio::order {
namespace {

using nlohmann::json;

constexpr std::string_view kSchema = "probatio-scope/1";

json ToJsonValue(const Subject& subject) {
  const std::string kind(ToText(subject.kind));
  if (subject.kind == SubjectKind::kOtherAccounts) return {{kind, true}};
  if (subject.kind != SubjectKind::kTuple) return {{kind, subject.value}};
  CHECK(subject.tuple.has_value());
  return {{kind,
           {{"ip", subject.tuple->ip.ToText()},
            {"port", subject.tuple->port},
            {"proto", record::ProtocolName(subject.tuple->proto)},
            {"at", subject.tuple->at.ToRfc3339()},
            {"error_ns", subject.tuple->error_ns}}}};
}

json ToJsonValue(const ScopeLine& line) {
  json items = json::array();
  for (const ScopeItem& item : line.items) {
    items.push_back({{"item", item.item}, {"basis", item.basis}, {"reference", item.reference}});
  }
  return {{"id", line.id},
          {"subject", ToJsonValue(line.subject)},
          {"events", line.events},
          {"period", {{"from", line.period.begin.ToRfc3339()}, {"to", line.period.end.ToRfc3339()}}},
          {"items", std::move(items)}};
}

Result<GrantKind> ParseGrantKind(std::string_view text) {
  if (text == ToText(GrantKind::kPreserve)) return GrantKind::kPreserve;
  if (text == ToText(GrantKind::kDisclose)) return GrantKind::kDisclose;
  return Invalid("not preserve or disclose");
}

Result<ScopeLine> ReadLine(const JsonView& view) {
  TRY(view.OnlyKeys({"id", "subject", "events", "period", "items"}));
  ScopeLine line;
  line.id = TRY(view.Parsed("id", CheckIdText));
  const JsonView subject = TRY(view.Object("subject"));
  line.subject = TRY(ReadSubject(subject));
  // Nothing is filed under such a selector, so no scope is ever made for one.
  if (line.subject.kind == SubjectKind::kOther) return view.WrongAt("subject", "cannot be looked up");
  line.events = TRY(ReadEvents(view));
  const JsonView period = TRY(view.Object("period"));
  line.period = TRY(ReadPeriod(period));
  const std::vector<JsonView> items = TRY(view.Objects("items", kLineItemsMax));
  if (items.empty()) return view.WrongAt("items", "empty");
  for (const JsonView& item_view : items) {
    TRY(item_view.OnlyKeys({"item", "basis", "reference"}));
    ScopeItem item;
    item.item = TRY(item_view.Filled("item"));
    item.basis = TRY(item_view.Filled("basis"));
    item.reference = TRY(item_view.Text("reference"));
    const bool twice = std::any_of(line.items.begin(), line.items.end(),
                                   [&](const ScopeItem& other) { return other.item == item.item; });
    if (twice) return item_view.WrongAt("item", "given twice");
    line.items.push_back(std::move(item));
  }
  return line;
}

Status ReadLines(const JsonView& root, Scope& scope) {
  const std::vector<JsonView> views = TRY(root.Objects("lines", kOrderLinesMax));
  if (views.empty()) return root.WrongAt("lines", "empty");
  for (const JsonView& view : views) {
    ScopeLine line = TRY(ReadLine(view));
    if (scope.Find(line.id) != nullptr) return view.WrongAt("id", "given twice");
    scope.lines.push_back(std::move(line));
  }
  return Done{};
}

Result<crypto::Digest> ParseDigest(std::string_view text) {
  const Buffer bytes = TRY(FromHex(text));
  crypto::Digest digest{};
  if (bytes.size() != digest.size()) return Invalid("not 64 hexadecimal digits");
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

Status CheckRecipients(const JsonView& root, const Scope& scope) {
  if (scope.recipients.empty()) return root.WrongAt("recipients", "empty");
  for (const std::string& recipient : scope.recipients) {
    const auto digest = ParseDigest(recipient);
    if (!digest.ok()) return root.WrongAt("recipients", digest.error().what());
  }
  return Done{};
}

Result<Scope> ReadScope(const JsonView& root) {
  TRY(root.OnlyKeys({"schema", "kind", "order", "order_digest", "court", "register_number", "regime",
                     "provider", "lines", "left_out", "recipients", "valid_until"}));
  const std::string schema = TRY(root.Text("schema"));
  if (schema != kSchema) return root.WrongAt("schema", fmt::format("not '{}'", kSchema));
  Scope scope;
  scope.kind = TRY(root.Parsed("kind", ParseGrantKind));
  scope.order = TRY(root.Parsed("order", OrderId::Parse));
  scope.order_digest = TRY(root.Parsed("order_digest", ParseDigest));
  scope.court = TRY(root.Text("court"));
  scope.register_number = TRY(root.Text("register_number"));
  scope.regime = TRY(root.Text("regime"));
  scope.provider = TRY(root.Text("provider"));
  TRY(ReadLines(root, scope));
  scope.left_out = TRY(root.Texts("left_out", kScopeLeftOutMax));
  scope.recipients = TRY(root.Texts("recipients", kOrderRecipientsMax));
  TRY(CheckRecipients(root, scope));
  scope.valid_until = TRY(root.Parsed("valid_until", Instant::ParseRfc3339));
  return scope;
}

}  // namespace

std::string SubjectToJson(const Subject& subject) {
  return ToJsonValue(subject).dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string ScopeToJson(const Scope& scope) {
  json lines = json::array();
  for (const ScopeLine& line : scope.lines) lines.push_back(ToJsonValue(line));
  const json result = {{"schema", kSchema},
                       {"kind", ToText(scope.kind)},
                       {"order", scope.order.text()},
                       {"order_digest", ToHex(scope.order_digest)},
                       {"court", scope.court},
                       {"register_number", scope.register_number},
                       {"regime", scope.regime},
                       {"provider", scope.provider},
                       {"lines", std::move(lines)},
                       {"left_out", scope.left_out},
                       {"recipients", scope.recipients},
                       {"valid_until", scope.valid_until.ToRfc3339()}};
  return result.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Scope> ScopeFromJson(std::string_view json) {
  const JsonValue value = TRY(ParseJson(json, "scope", kScopeBytesMax));
  Scope scope = TRY(ReadScope(JsonView(value, "scope")));
  // Whatever would read the same but was written otherwise is refused: signatures are over bytes.
  if (ScopeToJson(scope) != json) return Invalid("scope: not in canonical form");
  return scope;
}

}  // namespace probatio::order
