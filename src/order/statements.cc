#include "order/statements.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "law/needs.h"
#include "law/vocabulary.h"
#include "law/words.h"
#include "order/json_view.h"
#include "order/order.h"

namespace probatio::order {
namespace {

using law::Answer;

constexpr int kPageMax = 10'000;
constexpr int kMonthsAYear = 12;

bool IsStatedFact(const std::string& name) {
  const auto facts = law::StatedFacts();
  return std::any_of(facts.begin(), facts.end(), [&](const auto& fact) { return fact.name == name; });
}

Result<Answers> ReadFacts(const JsonView& owner) {
  Answers facts;
  if (!owner.Has("facts")) return facts;
  const JsonView view = TRY(owner.Object("facts"));
  const std::vector<std::string> names = TRY(view.Keys(kStatedFactsMax));
  for (const std::string& name : names) {
    if (!IsStatedFact(name)) return view.WrongAt(name, "no such fact (docs/formats/order.md lists them)");
    facts[name] = TRY(view.Parsed(name, law::ParseAnswer));
  }
  return facts;
}

Status ReadMentions(const JsonView& root, const law::Regime& regime, Order& order) {
  if (!root.Has("mentions")) return Done{};
  const JsonView view = TRY(root.Object("mentions"));
  const std::vector<std::string> names = TRY(view.Keys(kStatedMentionsMax));
  for (const std::string& name : names) {
    const bool known = std::any_of(regime.mentions.begin(), regime.mentions.end(),
                                   [&](const law::Mention& mention) { return mention.id == name; });
    if (!known) return view.WrongAt(name, "no such mention in the regime");
    order.said.mentions[name] = TRY(view.Parsed(name, law::ParseAnswer));
  }
  return Done{};
}

Result<std::string> ReadKind(const JsonView& view, const std::string& key, const law::Regime& regime) {
  const std::string kind = TRY(view.Filled(key));
  if (regime.FindIssuer(kind) == nullptr) return view.WrongAt(key, "no such kind of issuer in the regime");
  return kind;
}

Status ReadIssuer(const JsonView& root, const law::Regime& regime, Order& order) {
  if (!root.Has("issuer")) return Done{};
  const JsonView view = TRY(root.Object("issuer"));
  TRY(view.OnlyKeys({"kind", "validated_by"}));
  if (view.Has("kind")) order.said.issuer_kind = TRY(ReadKind(view, "kind", regime));
  if (view.Has("validated_by")) order.said.validated_by = TRY(ReadKind(view, "validated_by", regime));
  return Done{};
}

// The court's own finding on how serious the facts are, quoted; `court_found_serious` is the same without its
// words.
Status ReadSeriousness(const JsonView& root, Order& order) {
  if (!root.Has("seriousness")) return Done{};
  if (root.Has("court_found_serious"))
    return root.WrongAt("seriousness", "given twice: court_found_serious is there too");
  const JsonView view = TRY(root.Object("seriousness"));
  TRY(view.OnlyKeys({"found", "quote", "page"}));
  order.court_found_serious = TRY(view.Parsed("found", law::ParseAnswer));
  if (order.court_found_serious == Answer::kUnknown) return Done{};
  order.said.seriousness_quote = TRY(view.Filled("quote"));
  const std::int64_t page = TRY(view.Integer("page", 1, kPageMax));
  order.said.seriousness_page = static_cast<int>(page);
  return Done{};
}

// "requête", in either case and with or without its accent, or "request".
bool NamesTheRequest(const Paper& paper) {
  if (paper.kind == "request") return true;
  const std::string name = law::Folded(paper.name);
  return paper.kind.empty() &&
         (name.find("requete") != std::string::npos || name.find("request") != std::string::npos);
}

void StateUnlessSaid(Answers& said, const std::string& name, Answer answer) {
  if (answer != Answer::kUnknown) said.emplace(name, answer);
}

// What the offences say of themselves.
void AddOffences(const Order& order, Answers& said) {
  for (const auto& [name, of] :
       {std::pair{"online_offence", &Offence::online}, std::pair{"listed_offence", &Offence::listed}}) {
    Answer any = Answer::kUnknown;
    for (const Offence& offence : order.offences) {
      if (offence.*of == Answer::kYes || any == Answer::kUnknown) any = offence.*of;
    }
    StateUnlessSaid(said, name, any);
  }
  if (order.offences.empty()) return;
  const bool prison = std::any_of(order.offences.begin(), order.offences.end(), [](const Offence& offence) {
    return offence.max_prison_years > 0 || offence.max_prison_months > 0;
  });
  StateUnlessSaid(said, "imprisonable", prison ? Answer::kYes : Answer::kNo);
}

}  // namespace

Status ReadStatements(const JsonView& root, const law::Regime& regime, Order& order) {
  TRY(ReadIssuer(root, regime, order));
  if (root.Has("provider_profile")) {
    order.said.provider_profile = TRY(root.Filled("provider_profile"));
    if (!law::IsProfile(order.said.provider_profile))
      return root.WrongAt("provider_profile", fmt::format("not one of {}", fmt::join(law::kProfiles, ", ")));
  }
  if (root.Has("complaint_to")) order.said.complaint_to = TRY(root.Filled("complaint_to"));
  order.said.facts = TRY(ReadFacts(root));
  TRY(ReadMentions(root, regime, order));
  return ReadSeriousness(root, order);
}

Status ReadLineStatements(const JsonView& view, Line& line) {
  if (view.Has("granted")) line.granted = TRY(view.Parsed("granted", law::ParseAnswer));
  if (view.Has("linked")) line.linked = TRY(view.Parsed("linked", law::ParseAnswer));
  if (view.Has("protected")) line.protected_profession = TRY(view.Filled("protected"));
  line.facts = TRY(ReadFacts(view));
  return Done{};
}

Status ReadOffence(const JsonView& view, Offence& offence) {
  TRY(view.OnlyKeys({"article", "title", "max_prison_years", "max_prison_months", "online", "listed"}));
  offence.article = TRY(view.Filled("article"));
  offence.title = TRY(view.Text("title"));
  if (view.Has("max_prison_years") == view.Has("max_prison_months"))
    return view.Wrong("exactly one of max_prison_years and max_prison_months is needed");
  if (view.Has("max_prison_years")) {
    const std::int64_t years = TRY(view.Integer("max_prison_years", 0, kPrisonYearsMax));
    offence.max_prison_years = static_cast<int>(years);
  } else {
    const std::int64_t months = TRY(view.Integer("max_prison_months", 0, kPrisonYearsMax * kMonthsAYear));
    offence.max_prison_months = static_cast<int>(months);
    offence.max_prison_years = offence.max_prison_months / kMonthsAYear;
  }
  if (view.Has("online")) offence.online = TRY(view.Parsed("online", law::ParseAnswer));
  if (view.Has("listed")) offence.listed = TRY(view.Parsed("listed", law::ParseAnswer));
  return Done{};
}

bool HasRequest(const Order& order) {
  return std::any_of(order.papers.begin(), order.papers.end(), NamesTheRequest);
}

law::Facts FactsFor(const Order& order, const law::Regime& regime, const std::string& provider_profile,
                    const Line& line) {
  law::Facts facts = FactsOf(order, provider_profile);
  const law::Instrument* instrument = regime.FindInstrument(order.instrument);
  if (instrument != nullptr) {
    facts.instrument = instrument->id;
    if (facts.purpose.empty()) facts.purpose = instrument->implied_purpose;
  }
  facts.issuer = order.said.issuer_kind;
  if (facts.issuer.empty()) facts.issuer = law::IssuerNamedIn(regime, order.court);
  facts.validated_by = order.said.validated_by;
  // What stands nearest to the line goes before what the order says as a whole.
  facts.said = line.facts;
  facts.said.insert(order.said.facts.begin(), order.said.facts.end());
  for (const auto& [name, answer] : order.said.mentions) {
    if (IsStatedFact(name)) StateUnlessSaid(facts.said, name, answer);
  }
  AddOffences(order, facts.said);
  facts.said.emplace("request_attached", HasRequest(order) ? Answer::kYes : Answer::kNo);
  return facts;
}

}  // namespace probatio::order
