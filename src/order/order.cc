// Reads an order from its transcription (docs/formats/order.md).
#include "order/order.h"

#include <fmt/format.h>

#include <algorithm>

#include "law/vocabulary.h"
#include "order/formalities_json.h"
#include "order/json_view.h"
#include "order/subject_json.h"

namespace probatio::order {
namespace {

constexpr std::string_view kSchema = "probatio-order/1";
constexpr int kPageMax = 10'000;

Result<Citation> ReadCitation(const JsonView& view) {
  TRY(view.OnlyKeys({"page", "words"}));
  const std::int64_t page = TRY(view.Integer("page", 1, kPageMax));
  const std::string words = TRY(view.Filled("words"));
  return Citation{static_cast<int>(page), words};
}

Result<Service> ReadService(const JsonView& view) {
  TRY(view.OnlyKeys({"at", "mode", "invented", "proof"}));
  Service service;
  if (view.Has("at")) service.at = TRY(view.Parsed("at", Instant::ParseRfc3339));
  if (view.Has("mode")) service.mode = TRY(view.Text("mode"));
  if (view.Has("invented")) service.invented = TRY(view.Flag("invented"));
  if (view.Has("proof")) service.proof = TRY(view.Text("proof"));
  return service;
}

Result<Finding> ReadFinding(const JsonView& conditions, const std::string& name) {
  Finding finding;
  if (!conditions.Has(name)) return finding;
  const JsonView view = TRY(conditions.Object(name));
  TRY(view.OnlyKeys({"met", "quote", "page"}));
  finding.met = TRY(view.Parsed("met", law::ParseAnswer));
  if (finding.met == law::Answer::kUnknown) return finding;
  finding.quote = TRY(view.Filled("quote"));
  const std::int64_t page = TRY(view.Integer("page", 1, kPageMax));
  finding.page = static_cast<int>(page);
  return finding;
}

Status ReadConditions(const JsonView& root, Order& order) {
  if (!root.Has("conditions")) return Done{};
  const JsonView view = TRY(root.Object("conditions"));
  TRY(view.OnlyKeys({"no_trial", "legitimate_reason", "evidential_interest", "admissible"}));
  order.no_trial = TRY(ReadFinding(view, "no_trial"));
  order.legitimate_reason = TRY(ReadFinding(view, "legitimate_reason"));
  order.evidential_interest = TRY(ReadFinding(view, "evidential_interest"));
  order.admissible = TRY(ReadFinding(view, "admissible"));
  return Done{};
}

Status ReadOffences(const JsonView& root, Order& order) {
  if (!root.Has("offences")) return Done{};
  const std::vector<JsonView> views = TRY(root.Objects("offences", kOrderOffencesMax));
  for (const JsonView& view : views) {
    Offence offence;
    TRY(ReadOffence(view, offence));
    order.offences.push_back(std::move(offence));
  }
  return Done{};
}

Result<Line> ReadLine(const JsonView& view, const law::Regime& regime) {
  TRY(view.OnlyKeys({"id", "items", "subject", "subjects", "events", "period", "open_ended", "cite",
                     "granted", "linked", "protected", "facts"}));
  Line line;
  line.id = TRY(view.Parsed("id", CheckIdText));
  line.items = TRY(view.Texts("items", kLineItemsMax));
  if (line.items.empty()) return view.WrongAt("items", "empty");
  for (std::size_t i = 0; i < line.items.size(); ++i) {
    if (regime.items.count(line.items[i]) != 0) continue;
    return view.WrongAt(fmt::format("items[{}]", i), fmt::format("unknown item '{}'", line.items[i]));
  }
  if (view.Has("subject") == view.Has("subjects"))
    return view.Has("subject") ? view.Wrong("exactly one of subject and subjects is needed")
                               : view.WrongAt("subject", "missing");
  if (view.Has("subject")) {
    const JsonView subject = TRY(view.Object("subject"));
    line.subject = TRY(ReadSubject(subject));
  }
  if (view.Has("events")) line.events = TRY(ReadEvents(view));
  const JsonView period = TRY(view.Object("period"));
  line.period = TRY(ReadPeriod(period));
  if (view.Has("open_ended")) line.open_ended = TRY(view.Flag("open_ended"));
  const JsonView cite = TRY(view.Object("cite"));
  line.cite = TRY(ReadCitation(cite));
  TRY(ReadLineStatements(view, line));
  return line;
}

// Several selectors are as many lines, each with a verdict of its own: "L1" of two is "L1.1" and "L1.2".
Result<std::vector<Line>> LinesOf(const JsonView& view, const law::Regime& regime) {
  const Line line = TRY(ReadLine(view, regime));
  if (!view.Has("subjects")) return std::vector<Line>{line};
  const std::vector<JsonView> subjects = TRY(view.Objects("subjects", kOrderLinesMax));
  if (subjects.empty()) return view.WrongAt("subjects", "empty");
  std::vector<Line> lines;
  for (const JsonView& subject : subjects) {
    Line one = line;
    one.id = fmt::format("{}.{}", line.id, lines.size() + 1);
    const auto id = CheckIdText(one.id);
    if (!id.ok()) return view.WrongAt("id", id.error().what());
    one.subject = TRY(ReadSubject(subject));
    lines.push_back(std::move(one));
  }
  return lines;
}

Status ReadLines(const JsonView& root, const law::Regime& regime, Order& order) {
  const std::vector<JsonView> views = TRY(root.Objects("lines", kOrderLinesMax));
  if (views.empty()) return root.WrongAt("lines", "empty: the order asks for nothing");
  for (const JsonView& view : views) {
    std::vector<Line> lines = TRY(LinesOf(view, regime));
    for (Line& line : lines) {
      const bool known = std::any_of(order.lines.begin(), order.lines.end(),
                                     [&](const Line& other) { return other.id == line.id; });
      if (known) return view.WrongAt("id", "given twice");
      if (order.lines.size() == kOrderLinesMax)
        return root.WrongAt("lines", fmt::format("more than {} with their subjects", kOrderLinesMax));
      order.lines.push_back(std::move(line));
    }
  }
  return Done{};
}

Status ReadRecipients(const JsonView& root, Order& order) {
  const std::vector<JsonView> views = TRY(root.Objects("recipients", kOrderRecipientsMax));
  for (const JsonView& view : views) {
    TRY(view.OnlyKeys({"name", "certificate_pem"}));
    Recipient recipient;
    recipient.name = TRY(view.Filled("name"));
    recipient.certificate_pem = TRY(view.Text("certificate_pem"));
    order.recipients.push_back(std::move(recipient));
  }
  return Done{};
}

Status ReadPapers(const JsonView& root, Order& order) {
  if (!root.Has("papers")) return Done{};
  const std::vector<JsonView> views = TRY(root.Objects("papers", kOrderPapersMax));
  for (const JsonView& view : views) {
    TRY(view.OnlyKeys({"name", "sha256", "kind"}));
    const std::string name = TRY(view.Filled("name"));
    const Buffer digest = TRY(view.Parsed("sha256", FromHex));
    if (digest.size() != order.digest.size()) return view.WrongAt("sha256", "not 64 hexadecimal digits");
    std::string kind;
    if (view.Has("kind")) kind = TRY(view.Filled("kind"));
    order.papers.push_back({name, ToHex(digest), std::move(kind)});
  }
  return Done{};
}

// Who says what an order holds must be able to point at it: the fields that the verdict rests on are cited.
Status ReadCites(const JsonView& root, Order& order) {
  const auto members = TRY(root.Members("cites"));
  for (const auto& [field, view] : members) {
    if (!root.Has(field)) return root.WrongAt("cites." + field, "cites a key that the order does not have");
    order.cites[field] = TRY(ReadCitation(view));
  }
  for (const std::string field : {"court", "register_number", "date", "purpose", "time_limit"}) {
    const bool stated = field == "purpose"      ? !order.purpose.empty()
                        : field == "time_limit" ? order.time_limit.has_value()
                                                : true;
    if (stated && order.cites.count(field) == 0) return root.WrongAt("cites." + field, "missing citation");
  }
  return Done{};
}

Result<std::string> ParsePurpose(std::string_view text) {
  if (text.empty() || law::IsPurpose(text)) return std::string(text);
  return Invalid(
      "not criminal_proceedings, civil_claim, mixed, public_security, national_security, administrative or "
      "empty");
}

Status ReadHead(const JsonView& root, Order& order) {
  const std::string schema = TRY(root.Text("schema"));
  if (schema != kSchema) return root.WrongAt("schema", fmt::format("not '{}'", kSchema));
  order.id = TRY(root.Parsed("id", OrderId::Parse));
  order.instrument = TRY(root.Filled("instrument"));
  order.court = TRY(root.Filled("court"));
  order.register_number = TRY(root.Filled("register_number"));
  order.date = TRY(root.Parsed("date", law::ParseDate));
  order.applicants = TRY(root.Texts("applicants", kOrderRecipientsMax));
  if (order.applicants.empty()) return root.WrongAt("applicants", "empty");
  order.respondent = TRY(root.Filled("respondent"));
  order.addressee = TRY(root.Filled("addressee"));
  order.purpose = TRY(root.Parsed("purpose", ParsePurpose));
  if (root.Has("provisionally_enforceable"))
    order.provisionally_enforceable = TRY(root.Flag("provisionally_enforceable"));
  return Done{};
}

// An object that the file need not have.
template <class Read, class Value>
Status ReadIfThere(const JsonView& root, const char* key, Read read, Value* value) {
  if (!root.Has(key)) return Done{};
  const JsonView object = TRY(root.Object(key));
  *value = TRY(read(object));
  return Done{};
}

// What a paper may be silent about.
Status ReadOptional(const JsonView& root, Order& order) {
  TRY(ReadIfThere(root, "service", ReadService, &order.service));
  TRY(ReadIfThere(root, "time_limit", ReadTimeLimit, &order.time_limit));
  if (root.Has("astreinte")) order.astreinte = TRY(root.Text("astreinte"));
  TRY(ReadIfThere(root, "penalty", ReadPenalty, &order.penalty));
  TRY(ReadIfThere(root, "formalities", ReadFormalities, &order.formalities));
  if (root.Has("addressee_number")) order.addressee_number = TRY(root.Filled("addressee_number"));
  if (root.Has("court_found_serious")) {
    order.court_found_serious = TRY(root.Parsed("court_found_serious", law::ParseAnswer));
  }
  if (root.Has("complaint")) order.complaint = TRY(root.Parsed("complaint", law::ParseDate));
  if (root.Has("pending_merits")) order.pending_merits = TRY(root.Parsed("pending_merits", law::ParseAnswer));
  if (root.Has("note")) TRY(root.Text("note"));
  return Done{};
}

}  // namespace

std::string_view ToText(SubjectKind kind) {
  switch (kind) {
    case SubjectKind::kMessage:
      return "message";
    case SubjectKind::kAccount:
      return "account";
    case SubjectKind::kPhone:
      return "phone";
    case SubjectKind::kEmail:
      return "email";
    case SubjectKind::kSubscriber:
      return "subscriber";
    case SubjectKind::kTuple:
      return "tuple";
    case SubjectKind::kOtherAccounts:
      return "other_accounts";
    case SubjectKind::kOther:
      return "other";
  }
  return "unknown";
}

Result<Order> ParseOrder(std::string_view json, const law::Regime& regime) {
  const JsonValue value = TRY(ParseJson(json, "order", kOrderBytesMax));
  const JsonView root(value, "order");
  TRY(root.OnlyKeys({"schema",
                     "id",
                     "instrument",
                     "court",
                     "register_number",
                     "date",
                     "applicants",
                     "respondent",
                     "addressee",
                     "addressee_number",
                     "service",
                     "time_limit",
                     "astreinte",
                     "penalty",
                     "formalities",
                     "purpose",
                     "offences",
                     "court_found_serious",
                     "complaint",
                     "pending_merits",
                     "conditions",
                     "issuer",
                     "provider_profile",
                     "complaint_to",
                     "facts",
                     "mentions",
                     "seriousness",
                     "provisionally_enforceable",
                     "lines",
                     "recipients",
                     "papers",
                     "cites",
                     "note"}));
  Order order;
  TRY(ReadHead(root, order));
  if (const law::Instrument* named = regime.FindInstrument(order.instrument)) {
    order.named = *named;
    order.wanted = regime.MentionsOf(named->id);
  }
  TRY(ReadOptional(root, order));
  TRY(ReadOffences(root, order));
  TRY(ReadConditions(root, order));
  TRY(ReadStatements(root, regime, order));
  TRY(ReadLines(root, regime, order));
  TRY(ReadRecipients(root, order));
  TRY(ReadPapers(root, order));
  TRY(ReadCites(root, order));
  order.source = std::string(json);
  order.digest = crypto::Sha256(AsBytes(json));
  return order;
}

law::Facts FactsOf(const Order& order, const std::string& provider_profile) {
  law::Facts facts;
  facts.instrument = order.instrument;
  facts.purpose = order.purpose;
  facts.profile = provider_profile;
  facts.decided = order.date;
  facts.offence_named = !order.offences.empty();
  facts.court_found_serious = order.court_found_serious;
  for (const Offence& offence : order.offences) {
    facts.max_prison_years = std::max(facts.max_prison_years, offence.max_prison_years);
  }
  return facts;
}

}  // namespace probatio::order
