#include "cli/pins.h"

#include <fmt/format.h>

#include <ostream>

namespace probatio::cli {
namespace {

// Once an order was found genuine its hold stays until somebody releases it, whatever becomes of the order.
Result<bool> WasAuthenticated(Deployment& deployment, const OrderId& order) {
  const std::vector<order::Event> events = TRY(deployment.casebook().EventsOf(order));
  const order::Life life = TRY(order::Replay(events));
  return life.state != order::State::kReceived;
}

Result<bool> HasLapsed(Deployment& deployment, const casebook::Hold& hold) {
  const Instant now = deployment.clock().Now();
  if (!keep::HasLapsed(hold.pinned_at, false, now))
    return false;  // most are young: no need to read the order's life
  const bool authenticated = TRY(WasAuthenticated(deployment, hold.order));
  return keep::HasLapsed(hold.pinned_at, authenticated, now);
}

}  // namespace

Status PinFor(Deployment& deployment, const order::Order& order) {
  const std::vector<keep::Pin> pins = TRY(keep::PinsFor(order));
  for (const keep::Pin& pin : pins) {
    casebook::Hold hold;
    hold.order = order.id;
    hold.streams = {std::string(seal::ToText(pin.stream))};
    hold.period = pin.period;
    hold.pinned_at = deployment.clock().Now();
    TRY(deployment.casebook().PinHold(hold, deployment.ledger()));
  }
  return Done{};
}

Result<std::vector<keep::Pin>> PinsOf(Deployment& deployment) {
  const std::vector<casebook::Hold> holds = TRY(deployment.casebook().ListHolds());
  std::vector<keep::Pin> pins;
  for (const casebook::Hold& hold : holds) {
    if (hold.released_at.has_value()) continue;
    const bool lapsed = TRY(HasLapsed(deployment, hold));
    if (lapsed) continue;
    for (const std::string& name : hold.streams) {
      const seal::Stream stream = TRY_IN(fmt::format("hold {}", hold.id), seal::ParseStream(name));
      pins.push_back({stream, hold.period});
    }
  }
  return pins;
}

Status ReleaseLapsed(Session& session, Deployment& deployment) {
  const std::vector<casebook::Hold> holds = TRY(deployment.casebook().ListHolds());
  for (const casebook::Hold& hold : holds) {
    if (hold.released_at.has_value()) continue;
    const bool lapsed = TRY(HasLapsed(deployment, hold));
    if (!lapsed) continue;
    TRY(deployment.casebook().ReleaseHold(hold.id, deployment.clock().Now(), deployment.ledger()));
    session.err << fmt::format("hold {} of order {} has lapsed: nobody authenticated the order in {} days\n",
                               hold.id, hold.order.text(), keep::kProvisionalHoldMaxNs / kNsPerDay);
  }
  return Done{};
}

}  // namespace probatio::cli
