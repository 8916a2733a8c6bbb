// The casebook held against the ledger: who has the deployment key can rewrite the one, not the other. For
// one thread.
#include <fmt/format.h>

#include <set>

#include "casebook/parts.h"

namespace probatio::casebook {
namespace {

bool IsOrderEvent(const ledger::Entry& entry) {
  return entry.type == "order_received" || entry.type == "order_event";
}

std::string Field(const ledger::Entry& entry, const std::string& name) {
  const auto found = entry.fields.find(name);
  return found == entry.fields.end() ? std::string() : found->second;
}

bool Tells(const ledger::Entry& entry, const OrderId& id, const RecordedEvent& recorded) {
  return IsOrderEvent(entry) && Field(entry, "order") == id.text() && entry.at == recorded.event.at &&
         Field(entry, "event") == order::ToText(recorded.event.kind) &&
         Field(entry, "digest") == ToHex(crypto::Sha256({recorded.salt, AsBytes(recorded.json)}));
}

}  // namespace

Status Casebook::CheckAgainst(const ledger::Ledger& ledger) {
  std::set<std::uint64_t> told;
  const std::vector<OrderId> orders = TRY(ListOrders());
  for (const OrderId& id : orders) {
    const std::vector<RecordedEvent> events = TRY(parts_->SelectEvents(id));
    for (const RecordedEvent& event : events) {
      // What was recorded after this ledger was last refreshed is not its to judge.
      if (event.ledger_index >= ledger.size()) continue;
      if (!Tells(ledger.entries()[event.ledger_index], id, event)) {
        return CryptoError(
            fmt::format("order {}: the event of ledger entry {} is not the one that the ledger knows",
                        id.text(), event.ledger_index));
      }
      told.insert(event.ledger_index);
    }
  }
  for (std::uint64_t index = 0; index < ledger.size(); ++index) {
    if (!IsOrderEvent(ledger.entries()[index]) || told.count(index) != 0) continue;
    return CryptoError(fmt::format("order {}: the event of ledger entry {} is missing from the casebook",
                                   Field(ledger.entries()[index], "order"), index));
  }
  return Done{};
}

}  // namespace probatio::casebook
