#include "order/doubts.h"

#include <fmt/format.h>

#include <algorithm>

#include "law/needs.h"
#include "law/words.h"

namespace probatio::order {
namespace {

using law::Answer;

bool IsListed(const law::Regime& regime, const law::Facts& facts) {
  const law::Instrument* instrument = regime.FindInstrument(facts.instrument);
  return instrument == nullptr || law::IsAmong(regime, facts.issuer, instrument->issuers);
}

std::string IssuerShown(const law::Facts& facts) {
  return facts.issuer.empty() ? "unknown" : facts.issuer;
}

void DoubtIssuer(const law::Regime& regime, const law::Facts& facts, std::vector<Doubt>& doubts) {
  if (IsListed(regime, facts)) return;
  doubts.push_back({fmt::format("issuer={}", IssuerShown(facts)),
                    fmt::format("that the issuing authority may issue '{}': it is not among those listed",
                                facts.instrument),
                    regime.FindInstrument(facts.instrument)->reference});
}

void DoubtMentions(const Order& order, const law::Regime& regime, const law::Facts& facts,
                   std::vector<Doubt>& doubts) {
  for (const law::Mention& mention : regime.mentions) {
    if (!mention.blocks) continue;
    const auto& of = mention.instruments;
    if (std::find(of.begin(), of.end(), facts.instrument) == of.end()) continue;
    const auto said = order.said.mentions.find(mention.id);
    if (said == order.said.mentions.end() || said->second != Answer::kNo) continue;
    doubts.push_back({fmt::format("mention {}=no", mention.id),
                      fmt::format("a mention that the paper lacks: {}", mention.title_en),
                      mention.reference});
  }
}

// The profession that the line says its subject has, or whose words its own words hold.
std::string ProfessionOf(const law::Regime& regime, const Line& line) {
  if (!line.protected_profession.empty()) return line.protected_profession;
  for (const law::Privilege& privilege : regime.privileges) {
    for (const std::string& name : privilege.names) {
      if (law::HoldsWords(line.cite.words, name) || law::HoldsWords(line.subject.value, name))
        return privilege.id;
    }
  }
  return {};
}

void DoubtPrivilege(const law::Regime& regime, const Line& line, std::vector<Doubt>& doubts) {
  const std::string profession = ProfessionOf(regime, line);
  if (profession.empty()) return;
  const auto known = std::find_if(regime.privileges.begin(), regime.privileges.end(),
                                  [&](const law::Privilege& other) { return other.id == profession; });
  const bool listed = known != regime.privileges.end();
  doubts.push_back(
      {fmt::format("protected_profession={}", profession),
       fmt::format("a person's decision on professional secrecy: the selector is, or may be, that "
                   "of a protected profession ({})",
                   listed ? known->title_en : profession),
       listed ? known->reference : "CPP 56-1 to 56-5"});
}

void DoubtTheFourConditions(const Order& order, const law::Regime& regime, const Line& line,
                            std::vector<Doubt>& doubts) {
  const law::Instrument* instrument = regime.FindInstrument(order.instrument);
  if (instrument == nullptr || !instrument->four_conditions) return;
  if (order.pending_merits == Answer::kYes)
    doubts.push_back({"pending_merits=yes",
                      "that no trial on the merits is pending: the transcription says that one is",
                      "CPC 145"});
  if (line.linked == Answer::kNo)
    doubts.push_back({"linked=no", "a link between these data and the dispute", "CPC 145, 147"});
}

}  // namespace

std::vector<Doubt> DoubtsAbout(const Order& order, const law::Regime& regime, const law::Facts& facts,
                               const Line& line) {
  std::vector<Doubt> doubts;
  if (line.granted == Answer::kUnknown)
    doubts.push_back({"operative_part=unknown", "whether the operative part grants this line", ""});
  DoubtPrivilege(regime, line, doubts);
  DoubtIssuer(regime, facts, doubts);
  DoubtMentions(order, regime, facts, doubts);
  DoubtTheFourConditions(order, regime, line, doubts);
  return doubts;
}

std::vector<std::string> FindWarnings(const Order& order, const law::Regime& regime,
                                      const law::Facts& facts) {
  std::vector<std::string> warnings;
  const std::string not_described = law::NotDescribed(regime, facts);
  if (!not_described.empty()) warnings.push_back("date: what is missing is " + not_described);
  if (!IsListed(regime, facts)) {
    warnings.push_back(fmt::format("issuer: '{}' is not among those that may issue '{}'; a person decides",
                                   order.court, facts.instrument));
  }
  if (!order.said.provider_profile.empty() && order.said.provider_profile != facts.profile) {
    warnings.push_back(
        fmt::format("profile: the order takes the provider for '{}', it is judged as '{}': "
                    "another list of data applies (A1)",
                    order.said.provider_profile, facts.profile));
  }
  for (const law::Mention& mention : regime.mentions) {
    const auto& of = mention.instruments;
    const auto said = order.said.mentions.find(mention.id);
    if (std::find(of.begin(), of.end(), facts.instrument) == of.end()) continue;
    if (said == order.said.mentions.end() || said->second != Answer::kNo) continue;
    warnings.push_back(fmt::format("mention: the paper lacks {} ({}){}", mention.title_en, mention.reference,
                                   mention.blocks ? "; a person decides" : "; recorded and reported"));
  }
  return warnings;
}

Instant EndOfDays(Instant from, int days) {
  law::CivilDate last = law::AddDays(law::ParisDate(from), days);
  while (!law::IsWorkingDay(last)) last = law::AddDays(last, 1);
  return law::ParisMidnight(law::AddDays(last, 1));
}

}  // namespace probatio::order
