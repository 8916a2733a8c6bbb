// What the order commands share: finding the case, recording an event, printing an assessment for a person.
#pragma once

#include <ostream>

#include "cli/deployment.h"

namespace probatio::cli {

// Records one event by `person`; the person must be registered and active.
Status RecordOrderEvent(Deployment& deployment, const OrderId& order, order::Event event);
Result<PersonId> RegisteredPerson(Deployment& deployment, const std::string& id);

// Line by line, for a person to read.
void PrintAssessment(const order::Order& order, const order::Assessment& assessment, std::ostream& out);

}  // namespace probatio::cli
