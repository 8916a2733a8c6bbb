#include <fstream>
#include <iterator>

#include "casebook/example_casebook.h"

namespace probatio::casebook {
namespace {

order::Subject Of(order::SubjectKind kind, const std::string& value) {
  return {kind, value, std::nullopt};
}
order::Subject Phone(const std::string& number) {
  return Of(order::SubjectKind::kPhone, number);
}

class Protections : public CasebookTest {
 protected:
  Protections() : casebook_(Create()), ledger_(LedgerOf(*casebook_)) {}
  Result<std::uint64_t> Add(const order::Subject& subject, const std::string& profession = "lawyer") {
    return casebook_->AddProtection(subject, profession, ExamplePersonId("counsel-1"), ExampleInstant(),
                                    ledger_);
  }
  std::string Of(const order::Subject& subject) { return casebook_->ProtectionOf(subject).value(); }

  std::unique_ptr<Casebook> casebook_;
  ledger::Ledger ledger_;
};

TEST_F(Protections, ASelectorIsFoundHoweverItIsWritten) {
  ASSERT_TRUE(Add(Phone("+33 6 39 98 00 01")).ok());
  ASSERT_TRUE(Add(casebook::Of(order::SubjectKind::kEmail, "Maitre@Cabinet.example"), "doctor").ok());
  for (const char* number : {"+33639980001", "0033639980001", "+33 (6) 39.98-00 01"})
    EXPECT_EQ(Of(Phone(number)), "lawyer") << number;
  EXPECT_EQ(Of(casebook::Of(order::SubjectKind::kEmail, "maitre@cabinet.example")), "doctor");
  EXPECT_EQ(Of(Phone("+33639980002")), "");
  EXPECT_EQ(Of(casebook::Of(order::SubjectKind::kAccount, "+33639980001")), "");
}

TEST_F(Protections, AnAddressIsFoundWhateverThePortAndTheInstant) {
  order::Subject subject{order::SubjectKind::kTuple, "", order::Tuple{}};
  subject.tuple->ip = IpAddress::Parse("203.0.113.7").value();
  ASSERT_TRUE(Add(subject).ok());
  subject.tuple->port = 52'344;
  subject.tuple->at = ExampleInstant(9);
  EXPECT_EQ(Of(subject), "lawyer");
}

TEST_F(Protections, WhatIsNoSelectorIsNeitherListedNorFound) {
  const order::Subject open = casebook::Of(order::SubjectKind::kOtherAccounts, "u-1");
  EXPECT_EQ(Add(open).error().code(), ErrorCode::kInvalid);
  EXPECT_EQ(Of(open), "");
  EXPECT_EQ(Add(Phone(" - ")).error().code(), ErrorCode::kInvalid);
}

TEST_F(Protections, AnotherPersonRemovesIt) {
  const std::uint64_t id = Add(Phone("+33639980001")).value();
  EXPECT_EQ(Add(Phone("+33 6 39 98 00 01")).error().what(), "protected: is on the list already");
  const auto remove = [&](std::uint64_t number, const char* by) {
    return casebook_->RemoveProtection(number, ExamplePersonId(by), ExampleInstant(1), ledger_);
  };
  EXPECT_EQ(remove(id, "counsel-1").error().code(), ErrorCode::kDenied);
  EXPECT_EQ(remove(id + 1, "counsel-2").error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(Of(Phone("+33639980001")), "lawyer");
  ASSERT_TRUE(remove(id, "counsel-2").ok());
  EXPECT_EQ(Of(Phone("+33639980001")), "");
  EXPECT_EQ(ledger_.entries().back().type, "protection_removed");
}

TEST_F(Protections, NeitherTheFileNorTheLedgerHoldsSelectorOrProfession) {
  ASSERT_TRUE(Add(Phone("+33639980001"), "journalist").ok());
  ASSERT_EQ(casebook_->ListProtections().value().size(), 1U);
  EXPECT_EQ(casebook_->ListProtections().value()[0].profession, "journalist");
  for (const ledger::Entry& entry : ledger_.entries())
    EXPECT_EQ(ledger::EntryToJson(entry).find("journalist"), std::string::npos);
  casebook_.reset();
  std::string bytes;
  for (const auto& file : std::filesystem::directory_iterator(directory_)) {
    std::ifstream in(file.path(), std::ios::binary);
    bytes.append(std::istreambuf_iterator<char>(in), {});
  }
  EXPECT_EQ(bytes.find("639980001"), std::string::npos);
  EXPECT_EQ(bytes.find("journalist"), std::string::npos);
}

TEST_F(Protections, AProfessionHasALimit) {
  EXPECT_TRUE(Add(Phone("+33639980001"), std::string(kProfessionBytesMax, 'x')).ok());
  EXPECT_FALSE(Add(Phone("+33639980002"), std::string(kProfessionBytesMax + 1, 'x')).ok());
  EXPECT_FALSE(Add(Phone("+33639980002"), "").ok());
}

}  // namespace
}  // namespace probatio::casebook
