#include "casebook/casebook.h"

#include <gmock/gmock.h>
#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST  // see database.cc
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "casebook/example_casebook.h"

namespace probatio::casebook {
namespace {

using testing::HasSubstr;

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteAll(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

TEST_F(CasebookTest, CreatedOnceAndOnlyOnce) {
  Create();
  const auto again = Casebook::Open(path_, OpenMode::kCreate, deployment_key_, random_);
  EXPECT_EQ(again.error().code(), ErrorCode::kStorage);
  EXPECT_THAT(again.error().what(), HasSubstr(path_));
  EXPECT_NE(Reopen(), nullptr);
}

TEST_F(CasebookTest, IsForItsOwnersEyesAlone) {
  const auto casebook = Create();
  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat file {};
    ASSERT_EQ(::stat((path_ + suffix).c_str(), &file), 0) << suffix;
    EXPECT_EQ(file.st_mode & 0777U, 0600U) << suffix;
  }
}

TEST_F(CasebookTest, ThatIsNotThereIsNotMadeByOpeningIt) {
  EXPECT_EQ(OpenError().code(), ErrorCode::kStorage);
  EXPECT_THAT(OpenError().what(), HasSubstr(path_ + ": no such file"));
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(CasebookTest, AWrongDeploymentKeyIsNoticedAtOnce) {
  Create();
  const Key wrong = crypto::RandomKey(random_);
  const auto opened = Casebook::Open(path_, OpenMode::kExisting, wrong, random_);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code(), ErrorCode::kCrypto);
  EXPECT_THAT(opened.error().what(), HasSubstr("wrong deployment key"));
}

TEST_F(CasebookTest, AFileThatIsNoDatabaseIsRefusedByName) {
  WriteAll(path_, std::string(8192, 'x'));
  EXPECT_EQ(OpenError().code(), ErrorCode::kStorage);
  EXPECT_THAT(OpenError().what(), HasSubstr(path_));
  WriteAll(path_, "");
  EXPECT_EQ(OpenError().what(), "casebook: " + path_ + ": not a casebook");
}

TEST_F(CasebookTest, ADamagedFileIsRefusedByName) {
  {
    const auto casebook = Create();
    ledger::Ledger ledger = LedgerOf(*casebook);
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(casebook->AddOrder(ExampleOrder(i), Received(), ledger).ok());
  }
  const std::string good = ReadAll(path_);
  ASSERT_GT(good.size(), 16'384U);
  for (std::size_t page = 4096; page + 4096 <= good.size(); page += 4096) {
    std::string damaged = good;
    std::fill_n(damaged.begin() + static_cast<std::ptrdiff_t>(page), 4096, '\xA5');
    WriteAll(path_, damaged);
    const auto opened = Casebook::Open(path_, OpenMode::kExisting, deployment_key_, random_);
    ASSERT_FALSE(opened.ok()) << "page at " << page;
    EXPECT_EQ(opened.error().code(), ErrorCode::kStorage);
    EXPECT_THAT(opened.error().what(), HasSubstr(path_));
  }
  WriteAll(path_, good.substr(0, good.size() / 2));
  EXPECT_EQ(OpenError().code(), ErrorCode::kStorage);
  WriteAll(path_, good);
  EXPECT_EQ(Reopen()->ListOrders().value().size(), 20U);
}

TEST_F(CasebookTest, OneOfTheFirstSchemaIsBroughtUpToDate) {
  Create();
  {
    soci::session sql(soci::sqlite3, path_);
    for (const char* table : {"contacts", "absences", "notices", "approval_requests", "protections"})
      sql << std::string("DROP TABLE ") + table;
    sql << "DELETE FROM migrations WHERE version > 1";
  }
  const std::unique_ptr<Casebook> casebook = Reopen();
  EXPECT_TRUE(casebook->ListContacts().value().empty());
  EXPECT_TRUE(casebook->BeginNotice("order-1/half/0", "hook", ExampleInstant()).value());
}

TEST_F(CasebookTest, OneOfANewerProgramIsLeftAlone) {
  Create();
  {
    soci::session sql(soci::sqlite3, path_);
    sql << "INSERT INTO migrations (version) VALUES (99)";
  }
  EXPECT_EQ(OpenError().code(), ErrorCode::kStorage);
  EXPECT_THAT(OpenError().what(), HasSubstr("schema 99 was made by a newer program"));
}

TEST_F(CasebookTest, APathMayHaveSpacesButNoQuotationMark) {
  path_ = (directory_ / "the clerk's = box  2").string();
  Create();
  EXPECT_TRUE(std::filesystem::exists(path_));
  EXPECT_NE(Reopen(), nullptr);
  path_ = (directory_ / "a\"b").string();
  const auto quoted = Casebook::Open(path_, OpenMode::kCreate, deployment_key_, random_);
  EXPECT_EQ(quoted.error().code(), ErrorCode::kInvalid);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(CasebookTest, KeepsTheLastValueOfASettingAndAnyBytesInIt) {
  const auto casebook = Create();
  EXPECT_EQ(casebook->Setting("provider").error().code(), ErrorCode::kNotFound);
  ASSERT_TRUE(casebook->SetSetting("provider", "first").ok());
  const std::string bytes("a\0\xFF'; DROP TABLE orders; --::x", 30);
  ASSERT_TRUE(casebook->SetSetting("provider", bytes).ok());
  EXPECT_EQ(Reopen()->Setting("provider").value(), bytes);
  EXPECT_EQ(casebook->SetSetting("no such key", "").error().code(), ErrorCode::kInvalid);
}

TEST_F(CasebookTest, ASettingMayBeAsLongAsTheLimitAndNotOneMore) {
  const auto casebook = Create();
  EXPECT_TRUE(casebook->SetSetting("k", std::string(kSettingBytesMax, 'x')).ok());
  EXPECT_EQ(casebook->SetSetting("k", std::string(kSettingBytesMax + 1, 'x')).error().code(),
            ErrorCode::kInvalid);
}

TEST_F(CasebookTest, AStolenFileNamesNobody) {
  {
    const auto casebook = Create();
    ledger::Ledger ledger = LedgerOf(*casebook);
    ASSERT_TRUE(casebook->AddOrder(ExampleOrder(), Received(), ledger).ok());
    order::Event confirmed = Confirmed();
    confirmed.reason = std::string("compared with ") + kSecretName;
    ASSERT_TRUE(casebook->RecordEvent(ExampleOrderId(), confirmed, ledger).ok());
    Person person{ExamplePersonId("counsel-1"), kSecretName, Role::kLegal, "", true};
    ASSERT_TRUE(casebook->AddPerson(person, ExampleInstant(), ledger).ok());
    for (const auto& file : std::filesystem::directory_iterator(directory_)) {
      const std::string bytes = ReadAll(file);
      EXPECT_EQ(bytes.find("Invraisemblable"), std::string::npos) << file;
      EXPECT_EQ(bytes.find("06 39 98"), std::string::npos) << file;
      EXPECT_EQ(bytes.find(ToBase64(AsBytes("Invraisemblable")).substr(0, 12)), std::string::npos) << file;
    }
  }
  EXPECT_NE(ReadAll(path_).find("order-1"), std::string::npos) << "the test reads the right file";
  EXPECT_EQ(Reopen()->FindPerson(ExamplePersonId("counsel-1")).value().display_name, kSecretName);
}

TEST_F(CasebookTest, ASealedValueOpensInNoOtherRow) {
  const auto casebook = Create();
  ledger::Ledger ledger = LedgerOf(*casebook);
  for (int i = 1; i <= 2; ++i) ASSERT_TRUE(casebook->AddOrder(ExampleOrder(i), Received(), ledger).ok());
  {
    soci::session sql(soci::sqlite3, path_);
    sql << "UPDATE orders SET source = (SELECT source FROM orders WHERE id = 'order-1') WHERE id = 'order-2'";
  }
  EXPECT_TRUE(casebook->OrderSource(ExampleOrderId(1)).ok());
  const auto moved = casebook->OrderSource(ExampleOrderId(2));
  ASSERT_FALSE(moved.ok());
  EXPECT_EQ(moved.error().code(), ErrorCode::kCrypto);
  EXPECT_THAT(moved.error().what(), HasSubstr("orders.source"));
}

}  // namespace
}  // namespace probatio::casebook
