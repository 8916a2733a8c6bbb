#include "cli/order_file.h"

namespace probatio::cli {

Result<casebook::Person> RegisteredPerson(Deployment& deployment, const std::string& id,
                                          casebook::Duty duty) {
  const PersonId person = TRY_IN("--by", PersonId::Parse(id));
  casebook::Person known = TRY_IN("--by " + id, deployment.casebook().FindPerson(person));
  TRY_IN("--by", casebook::CheckDuty(known, duty, deployment.config().duties));
  return known;
}

Result<PersonId> PersonFor(Deployment& deployment, const std::string& id, order::EventKind kind) {
  const casebook::Person known = TRY(RegisteredPerson(deployment, id, casebook::DutyOf(kind)));
  return known.id;
}

Result<order::Event> EventBy(Deployment& deployment, const std::string& id, order::EventKind kind,
                             std::string reason) {
  order::Event event;
  event.kind = kind;
  event.person = TRY(PersonFor(deployment, id, kind));
  event.reason = std::move(reason);
  return event;
}

Status SayStep(Session& session, Deployment& deployment, const OrderId& order, order::EventKind kind) {
  const std::vector<order::Event> events = TRY(deployment.casebook().EventsOf(order));
  const order::Life life = TRY(order::Replay(events));
  session.out << order.text() << ": " << order::ToText(kind) << "; now " << order::ToText(life.state)
              << (life.stayed ? ", stayed" : "") << "\n";
  return Done{};
}

Status RecordOrderEvent(Deployment& deployment, const OrderId& order, order::Event event) {
  event.at = deployment.clock().Now();
  return deployment.casebook().RecordEvent(order, event, deployment.ledger());
}

}  // namespace probatio::cli
