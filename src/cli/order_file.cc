#include "cli/order_file.h"

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

}  // namespace probatio::cli
