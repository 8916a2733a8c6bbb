#include "cli/approval_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "law/civil_date.h"
#include "order/json_view.h"
#include "record/record.h"

namespace probatio::cli {
namespace {

struct Words {
  std::string_view preserve, disclose, order, decision, provider, rules, until, digest, papers, no_paper,
      line, subject, at_tuple, from_to, events, paper_words, basis, left_out, nothing, recipients,
      fingerprint, unknown_recipient, server_says, written, gap, read_digest;
};

constexpr Words kEnglish{
    "You are asked to approve that data be PRESERVED: sealed for this order, shown to nobody.",
    "You are asked to approve that data be DISCLOSED: given out of the house.",
    "order {}",
    "decision: {}, no. {}, of {}",
    "by: {}",
    "rules applied: {}",
    "nothing is executed from {} (Paris) on",
    "SHA-256 of the transcription: {}",
    "paper it was transcribed from: {} ({}), SHA-256 {}",
    "the transcription names no paper by its digest",
    "line {}",
    "about: {}",
    "{} port {} {} at {}, give or take {} ns",
    "period: {} to {} (Paris)",
    "events: {}",
    "the paper says (page {}): {}",
    "released: {}\n      because: {}{}",
    "asked but LEFT OUT, and why:",
    "nothing that was asked is left out",
    "given to:",
    "certificate SHA-256 {}",
    "(the order names nobody for this certificate)",
    "stated by the server, and signed by nobody:",
    "written {}",
    "known gap: {}",
    "Compare with the decision on paper, and with the other approver by telephone: this scope is"};

constexpr Words kFrench{
    "Il vous est demandé d'approuver que des données soient CONSERVÉES : scellées pour cette décision, "
    "montrées à "
    "personne.",
    "Il vous est demandé d'approuver que des données soient COMMUNIQUÉES : elles sortent de la maison.",
    "ordre {}",
    "décision : {}, n° {}, du {}",
    "par : {}",
    "règles appliquées : {}",
    "rien n'est exécuté à partir du {} (Paris)",
    "SHA-256 de la transcription : {}",
    "pièce transcrite : {} ({}), SHA-256 {}",
    "la transcription ne nomme aucune pièce par son empreinte",
    "ligne {}",
    "concerne : {}",
    "{} port {} {} à {}, à {} ns près",
    "période : {} à {} (Paris)",
    "événements : {}",
    "la décision dit (page {}) : {}",
    "communiqué : {}\n      parce que : {}{}",
    "demandé mais ÉCARTÉ, et pourquoi :",
    "rien de ce qui est demandé n'est écarté",
    "remis à :",
    "certificat SHA-256 {}",
    "(la décision ne nomme personne pour ce certificat)",
    "dit par le serveur, et signé par personne :",
    "écrit le {}",
    "lacune connue : {}",
    "Comparez avec la décision sur papier, et avec l'autre approbateur par téléphone : cette portée est"};

template <class... Values>
std::string Say(std::string_view phrase, const Values&... values) {
  return fmt::format(fmt::runtime(phrase), values...);
}

// What of the order an approver reads beside the scope. Its rules are not at hand on that machine, so only
// what needs none is read.
struct OrderShown {
  std::string date;
  struct Cite {
    std::string line;
    std::int64_t page = 0;
    std::string words;
  };
  std::vector<Cite> cites;
  struct Paper {
    std::string name, kind, sha256;
  };
  std::vector<Paper> papers;
  std::vector<std::pair<std::string, std::string>> recipients;  // fingerprint, name
};

Status ReadCites(const order::JsonView& root, OrderShown& shown) {
  const std::vector<order::JsonView> lines = TRY(root.Objects("lines", order::kOrderLinesMax));
  for (const order::JsonView& line : lines) {
    if (!line.Has("cite")) continue;
    const order::JsonView cite = TRY(line.Object("cite"));
    OrderShown::Cite one;
    one.line = TRY(line.Text("id"));
    one.page = TRY(cite.Integer("page", 0, 1'000'000));
    one.words = TRY(cite.Text("words"));
    shown.cites.push_back(std::move(one));
  }
  return Done{};
}

Status ReadPapers(const order::JsonView& root, OrderShown& shown) {
  if (!root.Has("papers")) return Done{};
  const std::vector<order::JsonView> papers = TRY(root.Objects("papers", order::kOrderPapersMax));
  for (const order::JsonView& paper : papers) {
    OrderShown::Paper one;
    one.name = TRY(paper.Text("name"));
    if (paper.Has("kind")) one.kind = TRY(paper.Text("kind"));
    one.sha256 = TRY(paper.Text("sha256"));
    shown.papers.push_back(std::move(one));
  }
  return Done{};
}

Status ReadRecipients(const order::JsonView& root, OrderShown& shown) {
  const std::vector<order::JsonView> recipients = TRY(root.Objects("recipients", order::kOrderRecipientsMax));
  for (const order::JsonView& recipient : recipients) {
    const std::string name = TRY(recipient.Text("name"));
    const crypto::Certificate certificate =
        TRY(recipient.Parsed("certificate_pem", crypto::Certificate::FromPem));
    shown.recipients.emplace_back(ToHex(certificate.Fingerprint()), name);
  }
  return Done{};
}

Result<OrderShown> ReadOrder(std::string_view source) {
  const order::JsonValue value = TRY(order::ParseJson(source, "order", order::kOrderBytesMax));
  const order::JsonView root(value, "order");
  OrderShown shown;
  shown.date = TRY(root.Text("date"));
  TRY(ReadCites(root, shown));
  TRY(ReadPapers(root, shown));
  TRY(ReadRecipients(root, shown));
  return shown;
}

std::string SubjectText(const Words& words, const order::Subject& subject, report::Language language) {
  const std::string name = report::SubjectName(subject.kind, language);
  if (!subject.tuple) return subject.value.empty() ? name : name + " " + subject.value;
  const order::Tuple& tuple = *subject.tuple;
  return name + " " +
         Say(words.at_tuple, tuple.ip.ToText(), tuple.port, record::ProtocolName(tuple.proto),
             tuple.at.ToRfc3339(), tuple.error_ns);
}

void PrintLine(const Words& words, const order::ScopeLine& line, const OrderShown& shown,
               report::Language language, std::ostream& out) {
  out << "\n" << Say(words.line, line.id) << "\n";
  out << "  " << Say(words.subject, SubjectText(words, line.subject, language)) << "\n";
  out << "  " << Say(words.from_to, law::ParisText(line.period.begin), law::ParisText(line.period.end))
      << "\n";
  std::string events;
  for (const std::string& event : line.events)
    events += (events.empty() ? "" : ", ") + report::EventName(event, language);
  if (!events.empty()) out << "  " << Say(words.events, events) << "\n";
  for (const OrderShown::Cite& cite : shown.cites) {
    if (cite.line == line.id) out << "  " << Say(words.paper_words, cite.page, cite.words) << "\n";
  }
  for (const order::ScopeItem& item : line.items) {
    const std::string reference = item.reference.empty() ? "" : " (" + item.reference + ")";
    out << "    " << Say(words.basis, report::ItemName(item.item, language), item.basis, reference) << "\n";
  }
}

void PrintRecipients(const Words& words, const order::Scope& scope, const OrderShown& shown,
                     std::ostream& out) {
  out << "\n" << words.recipients << "\n";
  for (const std::string& fingerprint : scope.recipients) {
    const auto named = std::find_if(shown.recipients.begin(), shown.recipients.end(),
                                    [&](const auto& known) { return known.first == fingerprint; });
    out << "  " << (named == shown.recipients.end() ? std::string(words.unknown_recipient) : named->second)
        << "\n    " << Say(words.fingerprint, fingerprint) << "\n";
  }
}

// In groups of four, to be read aloud.
std::string Aloud(std::string_view hex) {
  std::string text;
  for (std::size_t i = 0; i < hex.size(); i += 4) text += (i == 0 ? "" : " ") + std::string(hex.substr(i, 4));
  return text;
}

}  // namespace

Status PrintApprovalRequest(const order::ApprovalRequest& request, report::Language language,
                            std::ostream& out) {
  const order::Scope scope = TRY(order::ScopeFromJson(request.scope_json));
  const OrderShown shown = TRY(ReadOrder(request.order_source));
  const Words& words = language == report::Language::kFrench ? kFrench : kEnglish;
  out << (scope.kind == order::GrantKind::kPreserve ? words.preserve : words.disclose) << "\n\n";
  out << Say(words.order, scope.order.text()) << "\n"
      << Say(words.decision, scope.court, scope.register_number, shown.date) << "\n"
      << Say(words.provider, scope.provider) << "\n"
      << Say(words.rules, scope.regime) << "\n"
      << Say(words.until, law::ParisText(scope.valid_until)) << "\n"
      << Say(words.digest, ToHex(scope.order_digest)) << "\n";
  for (const OrderShown::Paper& paper : shown.papers)
    out << Say(words.papers, paper.name, paper.kind, paper.sha256) << "\n";
  if (shown.papers.empty()) out << words.no_paper << "\n";
  for (const order::ScopeLine& line : scope.lines) PrintLine(words, line, shown, language, out);
  out << "\n" << (scope.left_out.empty() ? words.nothing : words.left_out) << "\n";
  for (const std::string& left_out : scope.left_out)
    out << "  " << report::Sentence(left_out, language) << "\n";
  PrintRecipients(words, scope, shown, out);
  out << "\n"
      << words.server_says << "\n  " << Say(words.written, law::ParisText(request.written_at)) << "\n";
  for (const std::string& gap : request.known_gaps) out << "  " << Say(words.gap, gap) << "\n";
  out << "\n"
      << words.read_digest << "\n  " << Aloud(ToHex(crypto::Sha256(AsBytes(request.scope_json)))) << "\n";
  return Done{};
}

}  // namespace probatio::cli
