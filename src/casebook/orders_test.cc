#include <gmock/gmock.h>
#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST  // see database.cc
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "casebook/example_casebook.h"

namespace probatio::casebook {
namespace {

using testing::HasSubstr;

class OrdersTest : public CasebookTest {
 protected:
  OrdersTest() : casebook_(Create()), ledger_(LedgerOf(*casebook_)) {}
  void AddExample() { ASSERT_TRUE(casebook_->AddOrder(ExampleOrder(), Received(), ledger_).ok()); }
  void Sql(const std::string& statement) {
    soci::session sql(soci::sqlite3, path_);
    sql << statement;
  }
  long long Count(const std::string& table) {
    soci::session sql(soci::sqlite3, path_);
    long long count = 0;
    sql << "SELECT COUNT(*) FROM " + table, soci::into(count);
    return count;
  }
  std::unique_ptr<Casebook> casebook_;
  ledger::Ledger ledger_;
};

TEST_F(OrdersTest, AnOrderIsKeptByteForByteWithItsReception) {
  AddExample();
  const auto reopened = Reopen();
  EXPECT_EQ(reopened->OrderSource(ExampleOrderId()).value(), ExampleOrder().source);
  EXPECT_EQ(reopened->ListOrders().value(), std::vector<OrderId>{ExampleOrderId()});
  const auto events = reopened->EventsOf(ExampleOrderId()).value();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(order::EventToJson(events[0]), order::EventToJson(Received()));
}

TEST_F(OrdersTest, TheLedgerHoldsASaltedDigestOfEveryEvent) {
  AddExample();
  ASSERT_TRUE(casebook_->RecordEvent(ExampleOrderId(), Confirmed(), ledger_).ok());
  const auto recorded = casebook_->RecordedEventsOf(ExampleOrderId()).value();
  ASSERT_EQ(recorded.size(), 2U);
  EXPECT_NE(recorded[0].salt, recorded[1].salt);
  const ledger::Entry& entry = ledger_.entries().at(recorded[1].ledger_index);
  EXPECT_EQ(entry.type, "order_event");
  EXPECT_EQ(ledger_.entries().at(recorded[0].ledger_index).type, "order_received");
  EXPECT_EQ(entry.fields.at("order"), "order-1");
  EXPECT_EQ(entry.fields.at("event"), "confirmed");
  EXPECT_EQ(entry.fields.at("digest"),
            ToHex(crypto::Sha256({recorded[1].salt, AsBytes(order::EventToJson(Confirmed()))})));
  EXPECT_EQ(entry.fields.size(), 3U);
}

TEST_F(OrdersTest, AnOrderIsReceivedOnce) {
  AddExample();
  EXPECT_EQ(casebook_->AddOrder(ExampleOrder(), Received(), ledger_).error().code(), ErrorCode::kDenied);
  EXPECT_EQ(ledger_.size(), 1U);
  EXPECT_EQ(Count("ledger_entries"), 1);
}

TEST_F(OrdersTest, AnUnknownOrderIsNotFound) {
  EXPECT_EQ(casebook_->OrderSource(ExampleOrderId(7)).error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(casebook_->EventsOf(ExampleOrderId(7)).error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(casebook_->RecordEvent(ExampleOrderId(7), Confirmed(), ledger_).error().code(),
            ErrorCode::kNotFound);
  EXPECT_EQ(ledger_.size(), 0U);
}

TEST_F(OrdersTest, AnEventThatCannotHappenLeavesNoTrace) {
  AddExample();
  const auto executed = ExampleEvent(order::EventKind::kExecuted, "counsel-1", 60);
  EXPECT_EQ(casebook_->RecordEvent(ExampleOrderId(), executed, ledger_).error().code(), ErrorCode::kDenied);
  EXPECT_EQ(casebook_->EventsOf(ExampleOrderId()).value().size(), 1U);
  EXPECT_EQ(Count("ledger_entries"), 1);
  EXPECT_TRUE(casebook_->CheckAgainst(ledger_).ok());
}

// Each write of the transaction in turn is made to fail.
TEST_F(OrdersTest, AFailureInBetweenLeavesNeitherEventNorEntry) {
  AddExample();
  for (const char* place : {"INSERT ON order_events", "INSERT ON ledger_entries", "UPDATE ON ledger_head"}) {
    Sql(std::string("CREATE TRIGGER full BEFORE ") + place + " BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    const auto failed = casebook_->RecordEvent(ExampleOrderId(), Confirmed(), ledger_);
    ASSERT_FALSE(failed.ok()) << place;
    EXPECT_EQ(failed.error().code(), ErrorCode::kStorage);
    EXPECT_THAT(failed.error().what(), HasSubstr("disk full"));
    EXPECT_EQ(failed.error().what().find("counsel"), std::string::npos) << "an error names no person";
    Sql("DROP TRIGGER full");
    EXPECT_EQ(Count("ledger_entries"), 1) << place;
    EXPECT_EQ(Count("order_events"), 1) << place;
    EXPECT_EQ(ledger_.size(), 1U) << place;
  }
  EXPECT_TRUE(casebook_->RecordEvent(ExampleOrderId(), Confirmed(), ledger_).ok());
  EXPECT_TRUE(casebook_->CheckAgainst(ledger_).ok());
}

TEST_F(OrdersTest, AFailedReceptionLeavesNoOrder) {
  Sql("CREATE TRIGGER full BEFORE INSERT ON order_events BEGIN SELECT RAISE(ABORT, 'disk full'); END");
  EXPECT_FALSE(casebook_->AddOrder(ExampleOrder(), Received(), ledger_).ok());
  EXPECT_TRUE(casebook_->ListOrders().value().empty());
  EXPECT_EQ(Count("ledger_entries"), 0);
}

TEST_F(OrdersTest, TwoProcessesRecordWithoutForking) {
  AddExample();
  const auto other = Reopen();
  ledger::Ledger other_ledger = LedgerOf(*other);
  ASSERT_TRUE(other->RecordEvent(ExampleOrderId(), Confirmed(), other_ledger).ok());
  const auto authenticated =
      ExampleEvent(order::EventKind::kAuthenticated, "counsel-1", 120, "called the registry back");
  ASSERT_TRUE(casebook_->RecordEvent(ExampleOrderId(), authenticated, ledger_).ok());
  EXPECT_EQ(ledger_.size(), 3U);
  ASSERT_TRUE(other_ledger.Refresh().ok());
  EXPECT_TRUE(other->CheckAgainst(other_ledger).ok());
}

TEST_F(OrdersTest, AnEventRemovedOrReplacedIsFoundByTheLedger) {
  AddExample();
  ASSERT_TRUE(casebook_->RecordEvent(ExampleOrderId(), Confirmed(), ledger_).ok());
  ASSERT_TRUE(casebook_->CheckAgainst(ledger_).ok());
  Sql("UPDATE order_events SET order_id = 'order-1', ledger_index = 1 WHERE ledger_index = 1");
  ASSERT_TRUE(casebook_->CheckAgainst(ledger_).ok());
  Sql("DELETE FROM order_events WHERE ledger_index = 1");
  const Status removed = casebook_->CheckAgainst(ledger_);
  ASSERT_FALSE(removed.ok());
  EXPECT_EQ(removed.error().code(), ErrorCode::kCrypto);
  EXPECT_EQ(removed.error().what(),
            "order order-1: the event of ledger entry 1 is missing from the casebook");
}

// A casebook restored from another copy has events that open, and a ledger that does not know them.
TEST_F(OrdersTest, EventsOfAnotherLedgerAreNotTakenForThisOnes) {
  AddExample();
  const auto kept = casebook_->RecordedEventsOf(ExampleOrderId()).value();
  ledger::Ledger ledger = LedgerOf(*casebook_);
  Sql("DELETE FROM order_events");
  Sql("DELETE FROM orders");
  Sql("DELETE FROM ledger_entries");
  Sql("DELETE FROM ledger_head");
  ledger::Ledger emptied = LedgerOf(*casebook_);
  ASSERT_TRUE(casebook_->AddOrder(ExampleOrder(), Received(), emptied).ok());
  EXPECT_THAT(casebook_->CheckAgainst(ledger).error().what(), HasSubstr("not the one that the ledger knows"));
}

TEST_F(OrdersTest, AnOrderMayBeAsLongAsTheLimitAndNotOneMore) {
  order::Order order = ExampleOrder();
  order.source = std::string(order::kOrderBytesMax + 1, ' ');
  EXPECT_EQ(casebook_->AddOrder(order, Received(), ledger_).error().code(), ErrorCode::kInvalid);
  order.source.pop_back();
  EXPECT_TRUE(casebook_->AddOrder(order, Received(), ledger_).ok());
  EXPECT_EQ(casebook_->OrderSource(ExampleOrderId()).value(), order.source);
}

}  // namespace
}  // namespace probatio::casebook
