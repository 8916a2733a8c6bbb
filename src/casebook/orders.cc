// Orders and their events. An event is written with its ledger entry, which holds a salted digest of it; the
// event itself, with its reason and its person, stays here, sealed. For one thread.
#include <fmt/format.h>
#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST  // see database.cc
#include <soci/soci.h>

#include "casebook/parts.h"

namespace probatio::casebook {
namespace {

struct EventRow {
  std::uint64_t index = 0;
  std::string event;  // sealed
  std::string salt;   // sealed
};

std::vector<EventRow> SelectRows(soci::session& sql, const OrderId& id) {
  long long index = 0;
  EventRow row;
  soci::statement select =
      (sql.prepare << "SELECT ledger_index, event, salt FROM order_events"
                      " WHERE order_id = :id ORDER BY ledger_index",
       soci::into(index), soci::into(row.event), soci::into(row.salt), soci::use(id.text()));
  select.execute();
  std::vector<EventRow> rows;
  while (select.fetch()) {
    row.index = static_cast<std::uint64_t>(index);
    rows.push_back(row);
  }
  return rows;
}

Result<RecordedEvent> OpenRow(const SealedColumns& columns, const EventRow& row) {
  RecordedEvent recorded;
  const std::string key = std::to_string(row.index);
  recorded.ledger_index = row.index;
  recorded.json = TRY(columns.Open({"order_events", "event", key}, row.event));
  const std::string salt = TRY(columns.Open({"order_events", "salt", key}, row.salt));
  recorded.salt = ToBuffer(AsBytes(salt));
  recorded.event = TRY_IN("casebook: order_events.event", order::EventFromJson(recorded.json));
  return recorded;
}

std::vector<order::Event> EventsIn(const std::vector<RecordedEvent>& recorded) {
  std::vector<order::Event> events;
  for (const RecordedEvent& one : recorded) events.push_back(one.event);
  return events;
}

// The reception stands alone at the beginning; every other event must follow from the life so far.
Status CheckFollows(const std::vector<RecordedEvent>& recorded, const order::Event& event) {
  if (recorded.empty()) {
    TRY(order::Replay({event}));
    return Done{};
  }
  order::Life life = TRY(order::Replay(EventsIn(recorded)));
  TRY(order::Apply(std::move(life), event));
  return Done{};
}

}  // namespace

Status Casebook::Parts::RequireOrder(const OrderId& id) {
  return database->Run([&]() -> Status {
    long long found = 0;
    sql() << "SELECT COUNT(*) FROM orders WHERE id = :id", soci::into(found), soci::use(id.text());
    if (found == 0) return NotFound(fmt::format("order {}: not in the casebook", id.text()));
    return Done{};
  });
}

Result<std::vector<RecordedEvent>> Casebook::Parts::SelectEvents(const OrderId& id) {
  const auto rows =
      TRY(database->Run([&]() -> Result<std::vector<EventRow>> { return SelectRows(sql(), id); }));
  std::vector<RecordedEvent> events;
  for (const EventRow& row : rows) {
    RecordedEvent event = TRY(OpenRow(columns, row));
    events.push_back(std::move(event));
  }
  return events;
}

Status Casebook::Parts::RecordEvent(const std::string& type, const OrderId& id, const order::Event& event,
                                    ledger::Ledger& ledger, const SqlLedgerStorage::Beside& before,
                                    const SqlLedgerStorage::Beside& after) {
  const std::string json = order::EventToJson(event);
  Buffer salt(kSaltBytes);
  random.Fill(salt);
  const ledger::Entry entry{type,
                            event.at,
                            {{"order", id.text()},
                             {"event", std::string(order::ToText(event.kind))},
                             {"digest", ToHex(crypto::Sha256({salt, AsBytes(json)}))}}};
  TRY(storage.AppendWith(ledger, entry, [&](std::uint64_t index) -> Status {
    TRY(before(index));
    TRY(RequireOrder(id));
    const std::vector<RecordedEvent> recorded = TRY(SelectEvents(id));
    TRY_IN(fmt::format("order {}", id.text()), CheckFollows(recorded, event));
    const std::string key = std::to_string(index);
    const std::string sealed_event = columns.Seal({"order_events", "event", key}, json);
    const std::string sealed_salt = columns.Seal({"order_events", "salt", key}, AsText(salt));
    const long long ledger_index = ToSql(index);
    sql() << "INSERT INTO order_events (ledger_index, order_id, event, salt) VALUES (:index, :id, :event, "
             ":salt)",
        soci::use(ledger_index), soci::use(id.text()), soci::use(sealed_event), soci::use(sealed_salt);
    return after(index);
  }));
  return Done{};
}

Status Casebook::AddOrder(const order::Order& order, const order::Event& received, ledger::Ledger& ledger) {
  CHECK(received.kind == order::EventKind::kReceived);
  if (order.source.size() > order::kOrderBytesMax) {
    return Invalid(fmt::format("order {}: {} octets, at most {} are allowed", order.id.text(),
                               order.source.size(), order::kOrderBytesMax));
  }
  const auto insert_order = [&](std::uint64_t) -> Status {
    // Read first: which error a duplicate key makes differs between SQL engines.
    if (parts_->RequireOrder(order.id).ok()) {
      return Denied(fmt::format("order {}: in the casebook already", order.id.text()));
    }
    const std::string source = parts_->columns.Seal({"orders", "source", order.id.text()}, order.source);
    const long long received_at = received.at.unix_ns();
    parts_->sql() << "INSERT INTO orders (id, source, received_at) VALUES (:id, :source, :received_at)",
        soci::use(order.id.text()), soci::use(source), soci::use(received_at);
    return Done{};
  };
  const auto nothing = [](std::uint64_t) -> Status { return Done{}; };
  return parts_->RecordEvent("order_received", order.id, received, ledger, insert_order, nothing);
}

Status Casebook::RecordEvent(const OrderId& id, const order::Event& event, ledger::Ledger& ledger) {
  const auto nothing = [](std::uint64_t) -> Status { return Done{}; };
  return parts_->RecordEvent("order_event", id, event, ledger, nothing, nothing);
}

Result<std::string> Casebook::OrderSource(const OrderId& id) {
  TRY(parts_->RequireOrder(id));
  const std::string sealed = TRY(parts_->database->Run([&]() -> Result<std::string> {
    std::string source;
    parts_->sql() << "SELECT source FROM orders WHERE id = :id", soci::into(source), soci::use(id.text());
    return source;
  }));
  return parts_->columns.Open({"orders", "source", id.text()}, sealed);
}

Result<std::vector<OrderId>> Casebook::ListOrders() {
  return parts_->database->Run([&]() -> Result<std::vector<OrderId>> {
    std::string text;
    soci::statement select =
        (parts_->sql().prepare << "SELECT id FROM orders ORDER BY received_at, id", soci::into(text));
    select.execute();
    std::vector<OrderId> ids;
    while (select.fetch()) {
      OrderId id = TRY_IN("casebook: orders.id", OrderId::Parse(text));
      ids.push_back(std::move(id));
    }
    return ids;
  });
}

Result<std::vector<order::Event>> Casebook::EventsOf(const OrderId& id) {
  const std::vector<RecordedEvent> recorded = TRY(RecordedEventsOf(id));
  return EventsIn(recorded);
}

Result<std::vector<RecordedEvent>> Casebook::RecordedEventsOf(const OrderId& id) {
  TRY(parts_->RequireOrder(id));
  return parts_->SelectEvents(id);
}

}  // namespace probatio::casebook
