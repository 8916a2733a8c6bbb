// What the order commands share: finding the case, recording an event, printing an assessment for a person.
#pragma once

#include <ostream>

#include "cli/deployment.h"
#include "cli/session.h"

namespace probatio::cli {

// Records one event as of now.
Status RecordOrderEvent(Deployment& deployment, const OrderId& order, order::Event event);

// The person of --by. kNotFound when not registered; kDenied when the role does not do this
// (casebook/duty.h).
Result<casebook::Person> RegisteredPerson(Deployment& deployment, const std::string& id, casebook::Duty duty);
Result<PersonId> PersonFor(Deployment& deployment, const std::string& id, order::EventKind kind);
// What that person did, and why; the caller fills in the rest. Errors as PersonFor.
Result<order::Event> EventBy(Deployment& deployment, const std::string& id, order::EventKind kind,
                             std::string reason = {});
// "ORDER: assessed; now assessed, stayed", after the event was recorded.
Status SayStep(Session& session, Deployment& deployment, const OrderId& order, order::EventKind kind);

// Line by line, for a person to read.
void PrintAssessment(const order::Order& order, const order::Assessment& assessment, std::ostream& out);

}  // namespace probatio::cli
