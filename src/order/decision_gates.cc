#include "order/decision_gates.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "law/service.h"
#include "order/paper.h"

namespace probatio::order {
namespace {

using law::Answer;

// What the Code of Civil Procedure makes of the instrument.
enum class Nature : std::uint8_t {
  kInterim,   // référé: provisionally enforceable by law
  kExParte,   // requête: enforced on the minute
  kJudgment,  // any other civil decision, and what nobody knows
  kNone,      // no decision of a civil court
};

// What the regime does not know goes through every gate.
Nature NatureOf(const Order& order) {
  if (!order.named) return Nature::kJudgment;
  if (!order.named->needs_service) return Nature::kNone;
  switch (order.named->force) {
    case law::Force::kByLaw:
      return Nature::kInterim;
    case law::Force::kOnMinute:
      return Nature::kExParte;
    case law::Force::kStated:
      break;
  }
  return Nature::kJudgment;
}

EnforcementGate Met(std::string_view id, std::string found, std::string reference) {
  return {id, GateAnswer::kMet, std::move(found), std::move(reference), ""};
}
EnforcementGate NotNeeded(std::string_view id, std::string found, std::string reference) {
  return {id, GateAnswer::kNotNeeded, std::move(found), std::move(reference), ""};
}

// A missing mention does not let the addressee disobey: nullity is for the court that a remedy brings to it,
// and it is no nullity at all when the law was in fact observed (459, 460). So it is a person's to judge.
EnforcementGate MentionsGate(const Order& order, Nature nature) {
  EnforcementGate gate{kMentionsGate, GateAnswer::kHuman, "", "", "ask who issued it for a complete copy"};
  if (nature != Nature::kNone)
    gate.cure =
        "ask the registry for a complete copy; a clerical error is rectified (CPC 462), nullity is pleaded "
        "by a "
        "remedy (CPC 458 to 460)";
  std::vector<std::string> references;
  std::vector<std::string> missing;
  bool blocks = false;
  for (const MentionAssessment& mention : MentionsOf(order)) {
    if (std::find(references.begin(), references.end(), mention.reference) == references.end())
      references.push_back(mention.reference);
    if (mention.stated == Answer::kYes) continue;
    blocks = blocks || mention.blocks;
    missing.push_back(fmt::format("{} ({})", mention.title_en, mention.reference));
  }
  gate.reference = fmt::format("{}", fmt::join(references, ", "));
  if (!order.named) {
    gate.found = "the regime does not know this instrument, nor what it must bear";
  } else if (order.wanted.empty()) {
    return NotNeeded(kMentionsGate, "the regime wants no mention of this instrument", gate.reference);
  } else if (order.said.mentions.empty()) {
    gate.found = "nobody transcribed which mandatory mentions the paper bears";
  } else if (missing.empty()) {
    return Met(kMentionsGate, "every mandatory mention is there", gate.reference);
  } else {
    gate.found = fmt::format("not found: {}", fmt::join(missing, ", "));
    if (!blocks) return Met(kMentionsGate, gate.found + "; recorded", gate.reference);
  }
  return gate;
}

EnforcementGate ForceGate(const Order& order, Nature nature) {
  if (nature == Nature::kInterim) {
    return Met(kForceGate,
               "an interim order is provisionally enforceable by law, and its judge cannot set that aside",
               "CPC 514, 514-1 al. 3");
  }
  if (nature == Nature::kExParte)
    return Met(kForceGate, "enforceable on production of the minute", "CPC 495 al. 2");
  if (order.formalities.final_force == Answer::kYes)
    return Met(kForceGate, "it has final force", "CPC 500, 501, 504");
  if (order.provisionally_enforceable)
    return Met(kForceGate, "it is provisionally enforceable", "CPC 514, 515");
  return {kForceGate, GateAnswer::kNotMet, "neither provisional enforceability nor final force is stated",
          "CPC 501, 514",
          "the end of the time limits for remedies with a certificate that none was used (CPC 504, 505), or "
          "provisional "
          "enforceability"};
}

bool OnMinute(const Order& order, Nature nature) {
  return nature == Nature::kExParte || order.formalities.on_minute == Answer::kYes;
}

EnforcementGate NoticeGate(const Order& order, Nature nature, Instant now) {
  const std::string reference =
      OnMinute(order, nature) ? nature == Nature::kExParte ? "CPC 495" : "CPC 489" : "CPC 503";
  const auto closed = [&](std::string found, std::string cure) {
    return EnforcementGate{kNoticeGate, GateAnswer::kNotMet, std::move(found), reference, std::move(cure)};
  };
  if (!order.service.at && OnMinute(order, nature))
    return Met(kNoticeGate, "it is enforced on production of the minute", reference);
  if (!order.service.at) {
    return closed(
        "the order has not been served",
        "service by a commissaire de justice (CPC 675), electronic with consent (CPC 662-1, 748-2), abroad "
        "(CPC "
        "684 to 688, Regulation (EU) 2020/1784); record it: order served. Before that any execution is "
        "voluntary");
  }
  if (now < *order.service.at)
    return closed("the instant of service is still to come", "wait for the service");
  if (law::ParisDate(*order.service.at) < order.date)
    return closed("served before the decision was given", "the right date of service: order served");
  return Met(kNoticeGate, "served " + law::ParisText(*order.service.at), reference);
}

EnforcementGate ServiceGate(const Order& order) {
  if (!order.service.at) return NotNeeded(kServiceGate, "not served", "CPC 651");
  const auto mode = law::ParseServiceMode(order.service.mode);
  const law::ServiceRules rules = law::RulesOf(mode.ok() ? mode.value() : law::ServiceMode::kUnstated);
  EnforcementGate gate{kServiceGate, GateAnswer::kHuman, "", rules.reference, ""};
  gate.cure = fmt::format("what proves it: {} [{}]", rules.proof.en, rules.proof_reference);
  if (!mode.ok() || mode.value() == law::ServiceMode::kUnstated) {
    gate.found = "the mode of service is not one that the law knows";
  } else if (order.service.invented) {
    gate.found = "the instant of service was never published";
  } else if (order.service.proof.empty()) {
    gate.found = fmt::format("{}: nobody said what proves it", law::ToText(mode.value()));
  } else {
    return Met(kServiceGate, fmt::format("{}: {}", law::ToText(mode.value()), order.service.proof),
               rules.reference);
  }
  return gate;
}

EnforcementGate FormulaGate(const Order& order, Nature nature) {
  if (OnMinute(order, nature))
    return NotNeeded(kFormulaGate, "it is enforced on the minute",
                     nature == Nature::kExParte ? "CPC 495" : "CPC 489");
  switch (order.formalities.executory_formula) {
    case Answer::kYes:
      return Met(kFormulaGate, "the copy bears the executory formula", "CPC 502");
    case Answer::kNo:
      return {kFormulaGate, GateAnswer::kNotMet, "the copy bears no executory formula", "CPC 502",
              "the applicant shows an executory copy (CPC 465, 502)"};
    case Answer::kUnknown:
      break;
  }
  return {kFormulaGate, GateAnswer::kHuman, "nobody said whether the copy bears the executory formula",
          "CPC 502", "look at the copy that was served"};
}

EnforcementGate RequestGate(const Order& order, Nature nature) {
  if (nature != Nature::kExParte)
    return NotNeeded(kRequestGate, "the other side was called", "CPC 495 al. 3");
  if (HasRequest(order)) return Met(kRequestGate, "a copy of the request is there", "CPC 495 al. 3");
  return {kRequestGate, GateAnswer::kNotMet, "no copy of the request came with the order", "CPC 495 al. 3",
          "the applicant leaves a copy of the request and of the order"};
}

EnforcementGate ConditionsGate(const Order& order) {
  const std::string reference = "CPC 514-5, 517";
  const auto& conditions = order.formalities.conditions;
  if (conditions.empty()) return NotNeeded(kConditionsGate, "no guarantee is asked for", reference);
  for (const Answer answer : {Answer::kNo, Answer::kUnknown}) {
    const auto open = std::find_if(conditions.begin(), conditions.end(),
                                   [&](const ProtectiveCondition& one) { return one.met == answer; });
    if (open == conditions.end()) continue;
    return {kConditionsGate, answer == Answer::kNo ? GateAnswer::kNotMet : GateAnswer::kHuman,
            fmt::format("{}: '{}'", answer == Answer::kNo ? "not fulfilled" : "not known to be fulfilled",
                        open->words),
            reference, "proof that the guarantee was given or the sum deposited (CPC 519)"};
  }
  return Met(kConditionsGate, "every guarantee was given", reference);
}

EnforcementGate ReceivedGate(const Order& order) {
  if (order.service.at)
    return Met(kNoticeGate, "received " + law::ParisText(*order.service.at), "the instrument's own");
  return {kNoticeGate, GateAnswer::kHuman, "the instant of reception is not stated", "the instrument's own",
          "record the reception: order served"};
}

}  // namespace

std::vector<EnforcementGate> DecisionGates(const Order& order, Instant now) {
  const Nature nature = NatureOf(order);
  if (nature == Nature::kNone) return {MentionsGate(order, nature), ReceivedGate(order)};
  return {MentionsGate(order, nature), ForceGate(order, nature),   NoticeGate(order, nature, now),
          ServiceGate(order),          FormulaGate(order, nature), RequestGate(order, nature),
          ConditionsGate(order)};
}

}  // namespace probatio::order
