#include "cli/order_file.h"

#include <fmt/format.h>

namespace probatio::cli {

Result<PersonId> RegisteredPerson(Deployment& deployment, const std::string& id) {
  const PersonId person = TRY_IN("--by", PersonId::Parse(id));
  const casebook::Person known = TRY_IN("--by " + id, deployment.casebook().FindPerson(person));
  if (!known.active) return Denied("--by " + id + ": no longer active");
  return person;
}

Status RecordOrderEvent(Deployment& deployment, const OrderId& order, order::Event event) {
  event.at = deployment.clock().Now();
  return deployment.casebook().RecordEvent(order, event, deployment.ledger());
}

void PrintAssessment(const order::Order& order, const order::Assessment& assessment, std::ostream& out) {
  out << "order " << order.id.text() << ", " << order.court << ", " << order.register_number << "\n\n";
  out << "the four conditions of article 145, as the court found them, beside our own check:\n";
  for (const order::ConditionAssessment& condition : assessment.conditions) {
    out << fmt::format("  {:20} court: {:8} our check: {:8} {}\n", condition.condition,
                       law::ToText(condition.court), law::ToText(condition.our_check), condition.note);
  }
  out << "\nline by line:\n";
  for (const order::ItemAssessment& item : assessment.items) {
    out << fmt::format("  {:4} {:22} {:8} {:9} {}\n", item.line, item.item, law::ToText(item.law.verdict),
                       order::ToText(item.holding), item.law.reference);
    if (item.held_since) {
      out << fmt::format("       kept by this order's own hold, since {}\n", item.held_since->ToRfc3339());
    }
    if (!item.law.missing.empty()) out << fmt::format("       {}\n", item.law.missing);
  }
  if (assessment.time_limit) {
    out << "\nanswer before " << law::ParisText(assessment.time_limit->binding()) << " (Paris)\n";
  }
  for (const std::string& defect : assessment.defects) out << "defect: " << defect << "\n";
}

}  // namespace probatio::cli
