// Deliveries: which package went out for which order, and the receipt that came back, by digest. For one
// thread.
#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST  // see database.cc
#include <soci/soci.h>

#include "casebook/parts.h"

namespace probatio::casebook {

Status Casebook::AddDelivery(const Delivery& delivery, ledger::Ledger& ledger) {
  TRY(parts_->RequireOrder(delivery.order));
  const std::string receipt = ToHex(delivery.receipt);
  const ledger::Entry entry{
      "disclosure_delivered", delivery.at, {{"order", delivery.order.text()}, {"receipt", receipt}}};
  TRY(parts_->storage.AppendWith(ledger, entry, [&](std::uint64_t index) -> Status {
    const long long ledger_index = ToSql(index);
    const std::string package = ToHex(delivery.package);
    const long long at = delivery.at.unix_ns();
    parts_->sql() << "INSERT INTO deliveries (ledger_index, order_id, package, receipt, at)"
                     " VALUES (:index, :order, :package, :receipt, :at)",
        soci::use(ledger_index), soci::use(delivery.order.text()), soci::use(package), soci::use(receipt),
        soci::use(at);
    return Done{};
  }));
  return Done{};
}

Result<std::vector<Delivery>> Casebook::DeliveriesOf(const OrderId& id) {
  TRY(parts_->RequireOrder(id));
  return parts_->database->Run([&]() -> Result<std::vector<Delivery>> {
    std::string package, receipt;
    long long at = 0;
    soci::statement select = (parts_->sql().prepare << "SELECT package, receipt, at FROM deliveries"
                                                       " WHERE order_id = :id ORDER BY ledger_index",
                              soci::into(package), soci::into(receipt), soci::into(at), soci::use(id.text()));
    select.execute();
    std::vector<Delivery> deliveries;
    while (select.fetch()) {
      Delivery delivery;
      delivery.order = id;
      delivery.package = TRY(DigestFromColumn(package));
      delivery.receipt = TRY(DigestFromColumn(receipt));
      delivery.at = Instant::FromUnixNs(at);
      deliveries.push_back(delivery);
    }
    return deliveries;
  });
}

}  // namespace probatio::casebook
