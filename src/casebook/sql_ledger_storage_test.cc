#include "casebook/sql_ledger_storage.h"

#include <gmock/gmock.h>
#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST  // see database.cc
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "casebook/example_casebook.h"

namespace probatio::casebook {
namespace {

using testing::HasSubstr;

ledger::Entry Heartbeat(int number) {
  return {"journal_head", ExampleInstant(number), {{"segment", "s-" + std::to_string(number)}}};
}

class SqlLedgerStorageTest : public CasebookTest {
 protected:
  SqlLedgerStorageTest() : casebook_(Create()) {
    ledger::Ledger ledger = LedgerOf(*casebook_);
    for (int i = 0; i < 7; ++i) CHECK(ledger.Append(Heartbeat(i)).ok());
  }
  void Sql(const std::string& statement) {
    soci::session sql(soci::sqlite3, path_);
    sql << statement;
  }
  Error LedgerError() {
    return ledger::Ledger::Open(casebook_->ledger_storage(), kOrigin, ledger_key_).error();
  }
  std::unique_ptr<Casebook> casebook_;
};

TEST_F(SqlLedgerStorageTest, EntriesAreThereAfterReopening) {
  casebook_.reset();
  const auto reopened = Reopen();
  const ledger::Ledger ledger = LedgerOf(*reopened);
  ASSERT_EQ(ledger.size(), 7U);
  for (int i = 0; i < 7; ++i) EXPECT_EQ(ledger.entries()[static_cast<std::size_t>(i)], Heartbeat(i));
}

TEST_F(SqlLedgerStorageTest, APausedWriterIsRefusedAndTheTreeIsNotForked) {
  ledger::Ledger paused = LedgerOf(*casebook_);
  const auto other_casebook = Reopen();
  ledger::Ledger other = LedgerOf(*other_casebook);
  ASSERT_TRUE(other.Append(Heartbeat(7)).ok());
  EXPECT_EQ(paused.Append(Heartbeat(8)).error().what(), "ledger: somebody else appended");
  EXPECT_EQ(LedgerOf(*casebook_).size(), 8U);
}

TEST_F(SqlLedgerStorageTest, WhatWasAlteredInTheDatabaseIsNamed) {
  Sql("UPDATE ledger_entries SET entry = REPLACE(entry, 's-3', 's-9') WHERE position = 3");
  EXPECT_EQ(LedgerError().what(), "ledger: entry 3 does not belong to the recorded root");
  Sql("UPDATE ledger_entries SET leaf = '00' WHERE position = 3");
  EXPECT_THAT(LedgerError().what(), HasSubstr("do not lead to the recorded root"));
  Sql("DELETE FROM ledger_entries WHERE position = 3");
  EXPECT_EQ(LedgerError().what(), "ledger: entry 3 is missing");
}

TEST_F(SqlLedgerStorageTest, WhatWasCutOffOrSlippedInAtTheEndIsSeen) {
  Sql("INSERT INTO ledger_entries SELECT 7, entry, leaf FROM ledger_entries WHERE position = 6");
  EXPECT_EQ(LedgerError().what(), "ledger: entry 7 lies beyond the recorded head");
  Sql("DELETE FROM ledger_entries WHERE position >= 6");
  EXPECT_EQ(LedgerError().what(), "ledger: entry 6 is missing");
  Sql("DELETE FROM ledger_head");
  EXPECT_EQ(LedgerError().what(), "ledger: entry 0 lies beyond the recorded head");
}

TEST_F(SqlLedgerStorageTest, AnAlteredHeadIsRefused) {
  Sql("UPDATE ledger_head SET size = -1");
  EXPECT_EQ(LedgerError().code(), ErrorCode::kStorage);
  Sql("UPDATE ledger_head SET size = 7, root = 'no digest'");
  EXPECT_EQ(LedgerError().code(), ErrorCode::kStorage);
}

}  // namespace
}  // namespace probatio::casebook
