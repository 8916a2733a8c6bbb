#include "order/enforceability.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "law/known_limit.h"
#include "law/service.h"
#include "order/decision_gates.h"
#include "order/urgent.h"

namespace probatio::order {
namespace {

std::string Lowered(std::string_view text) {
  std::string lowered;
  for (const char c : text) lowered += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lowered;
}

// A group has many companies, and a name alone is not one of them for sure: only two different numbers are a
// closed gate.
EnforcementGate EntityGate(const Order& order, const Entity& provider) {
  EnforcementGate gate{kEntityGate, GateAnswer::kHuman, "", "CPC 648, 654", ""};
  if (!order.addressee_number.empty() && !provider.number.empty()) {
    if (order.addressee_number == provider.number) {
      return {kEntityGate, GateAnswer::kMet, "the register number is ours", gate.reference, ""};
    }
    return {
        kEntityGate, GateAnswer::kNotMet,
        fmt::format("addressed to number {}, ours is {}", order.addressee_number, provider.number),
        gate.reference,
        "tell the applicant which company provides the service; an order against it, or a rectification (CPC "
        "462)"};
  }
  std::vector<std::string> names = provider.others;
  names.push_back(provider.name);
  const std::string addressed = Lowered(order.addressee);
  const bool ours = std::any_of(names.begin(), names.end(),
                                [&](const std::string& name) { return Lowered(name) == addressed; });
  if (ours) return {kEntityGate, GateAnswer::kMet, "the name addressed is ours", gate.reference, ""};
  gate.found = "the name addressed is not one that the configuration knows";
  gate.cure = "a person says whether it is this company, or tells the applicant which one it is";
  return gate;
}

EnforcementGate StayGate(const Life& life) {
  if (!life.stayed) return {kStayGate, GateAnswer::kMet, "no stay is recorded", "CPC 514-3", ""};
  return {kStayGate, GateAnswer::kNotMet, "the enforcement is stayed", "CPC 514-3",
          "the end of the stay, recorded (order lift-stay)"};
}

// The last word on a gate is the last event that speaks of it.
void ApplyCures(const Life& life, std::vector<EnforcementGate>* gates) {
  for (EnforcementGate& gate : *gates) {
    if (!IsCurable(gate.id) || (gate.answer != GateAnswer::kNotMet && gate.answer != GateAnswer::kHuman))
      continue;
    for (const Event& event : life.events) {
      if (event.kind != EventKind::kCured || event.item != gate.id) continue;
      gate.answer = GateAnswer::kMet;
      gate.found += fmt::format("; made good, {}: {}", event.person.text(), event.reason);
      gate.cure.clear();
    }
  }
}

std::optional<PenaltyReport> ReportPenalty(const Order& order, Instant now) {
  if (!order.penalty || !order.service.at) return std::nullopt;
  std::optional<law::TimeLimit> limit;
  if (order.penalty->grace) {
    auto grace = law::ComputeTimeLimit(*order.service.at, *order.penalty->grace);
    if (grace.ok()) limit = std::move(grace).value();
  } else {
    limit = TimeLimitOf(order, now);
  }
  if (!limit) return std::nullopt;
  PenaltyReport report;
  report.starts = limit->binding();
  report.so_far = law::PenaltyAt(order.penalty->rate, report.starts, now);
  const law::PenaltyRate& rate = order.penalty->rate;
  report.words = fmt::format("{} euro for each {}, {} [CPCEx L131-1 to L131-4], from {}", rate.euro,
                             law::ToText(rate.unit), order.penalty->final ? "final" : "provisional",
                             law::ParisText(report.starts));
  if (rate.unit != law::PenaltyUnit::kBreach) {
    report.words += fmt::format("; {} begun, {} euro at most so far{}", report.so_far.units,
                                report.so_far.euro, report.so_far.capped ? " (the cap)" : "");
  }
  return report;
}

}  // namespace

std::string_view ToText(GateAnswer answer) {
  switch (answer) {
    case GateAnswer::kMet:
      return "met";
    case GateAnswer::kNotMet:
      return "not_met";
    case GateAnswer::kHuman:
      return "human";
    case GateAnswer::kNotNeeded:
      return "not_needed";
  }
  return "unknown";
}

const EnforcementGate* Enforceability::FirstNotMet() const {
  const auto found = std::find_if(gates.begin(), gates.end(), [](const EnforcementGate& gate) {
    return gate.answer == GateAnswer::kNotMet;
  });
  return found == gates.end() ? nullptr : &*found;
}

bool Enforceability::NeedsPerson() const {
  return std::any_of(gates.begin(), gates.end(),
                     [](const EnforcementGate& gate) { return gate.answer == GateAnswer::kHuman; });
}

Enforceability CheckEnforceability(const Order& order, const Life& life, const Entity& provider,
                                   Instant now) {
  const Order served = WithRecordedService(order, life);
  Enforceability result;
  result.gates = DecisionGates(served, now);
  result.gates.push_back(EntityGate(served, provider));
  result.gates.push_back(StayGate(life));
  ApplyCures(life, &result.gates);
  if (served.service.at) {
    const auto mode = law::ParseServiceMode(served.service.mode);
    const law::ServiceMode known = mode.ok() ? mode.value() : law::ServiceMode::kUnstated;
    const auto warning = law::CheckServiceHours(*served.service.at, known, law::Calendar::kMetropolitan);
    if (warning) result.warnings.push_back(fmt::format("{} [{}]", warning->what.en, warning->reference));
  }
  result.penalty = ReportPenalty(served, now);
  return result;
}

Status RequireEnforceable(const Enforceability& enforceability) {
  const EnforcementGate* gate = enforceability.FirstNotMet();
  if (gate == nullptr) return Done{};
  return Denied(fmt::format("enforceability: {}: {} [{}]; cure: {}", gate->id, gate->found, gate->reference,
                            gate->cure));
}

Order WithRecordedService(Order order, const Life& life) {
  for (const Event& event : life.events) {
    if (event.kind == EventKind::kServed) order.service = {event.served, event.item, false, event.reason};
    if (event.kind != EventKind::kExtended) continue;
    if (event.item == kPreservationExtended) order.said.facts["extension_requested"] = law::Answer::kYes;
    if (event.item != kTimeLimitExtended) continue;
    order.extended_until = event.until;
    order.extended_by = event.authority;
  }
  return order;
}

std::optional<law::TimeLimit> TimeLimitOf(const Order& order, Instant now) {
  if (!order.service.at || now < *order.service.at) return std::nullopt;
  law::LimitQuestion question;
  question.served = *order.service.at;
  const std::string& instrument = order.named ? order.named->id : order.instrument;
  question.counting = law::CountingOf(instrument);
  if (order.time_limit) {
    question.span = law::SpanOf(*order.time_limit);
  } else if (order.named && order.named->urgent_hours > 0 && StatesEmergency(order)) {
    question.span.hours = order.named->urgent_hours;
  } else if (order.named && order.named->preserve_days > 0) {
    question.span.days = order.named->preserve_days;
    question.duty = law::Duty::kKeep;
  } else if (const law::KnownLimit* known = law::FindKnownLimit(instrument)) {
    question.span = law::ParseSpan(known->span).value();
    question.duty = known->duty;
  } else {
    return std::nullopt;
  }
  auto limit = law::CountTimeLimit(question);
  if (!limit.ok()) return std::nullopt;
  law::TimeLimit counted = std::move(limit).value();
  if (order.extended_until && counted.binding() < *order.extended_until) {
    counted.readings = {{*order.extended_until, "extended by " + order.extended_by,
                         "the grant of the extension", "prorogé par " + order.extended_by}};
  }
  return counted;
}

}  // namespace probatio::order
