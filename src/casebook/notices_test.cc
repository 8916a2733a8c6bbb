#include <gmock/gmock.h>

#include <fstream>

#include "casebook/example_casebook.h"

namespace probatio::casebook {
namespace {

using testing::HasSubstr;

class NoticesTest : public CasebookTest {
 protected:
  NoticesTest() : casebook_(Create()), ledger_(LedgerOf(*casebook_)) {
    for (const char* id : {"counsel-1", "counsel-2"}) {
      Person person;
      person.id = ExamplePersonId(id);
      person.display_name = std::string(kSecretName) + " " + id;
      EXPECT_TRUE(casebook_->AddPerson(person, ExampleInstant(), ledger_).ok());
    }
  }
  Status Set(const Contact& contact) { return casebook_->SetContact(contact, ExampleInstant(), ledger_); }
  static Contact Someone(const char* id, const std::string& email) {
    Contact contact;
    contact.person = ExamplePersonId(id);
    contact.email = email;
    contact.on_call = true;
    return contact;
  }
  std::string FileText() const {
    std::string text;
    for (const char* suffix : {"", "-wal"}) {
      std::ifstream file(path_ + suffix, std::ios::binary);
      text.append(std::istreambuf_iterator<char>(file), {});
    }
    return text;
  }

  std::unique_ptr<Casebook> casebook_;
  ledger::Ledger ledger_;
};

TEST_F(NoticesTest, AContactIsKeptWithItsSubstituteAndAbsences) {
  Contact contact = Someone("counsel-1", "astreinte@example.org");
  contact.substitute = ExamplePersonId("counsel-2");
  ASSERT_TRUE(Set(contact).ok());
  const Period away{ExampleInstant(0), ExampleInstant(3600)};
  ASSERT_TRUE(casebook_->AddAbsence(contact.person, away).ok());
  ASSERT_TRUE(casebook_->AddAbsence(contact.person, away).ok());  // said twice, away once
  casebook_ = nullptr;
  casebook_ = Reopen();
  const std::vector<Contact> contacts = casebook_->ListContacts().value();
  ASSERT_EQ(contacts.size(), 1U);
  EXPECT_EQ(contacts[0].email, "astreinte@example.org");
  EXPECT_TRUE(contacts[0].on_call);
  EXPECT_EQ(contacts[0].substitute, contact.substitute);
  EXPECT_EQ(contacts[0].absences, std::vector<Period>{away});
}

TEST_F(NoticesTest, TheFileAloneShowsNoAddress) {
  ASSERT_TRUE(Set(Someone("counsel-1", "astreinte@example.org")).ok());
  EXPECT_THAT(FileText(), HasSubstr("counsel-1"));
  EXPECT_THAT(FileText(), testing::Not(HasSubstr("astreinte@example.org")));
  EXPECT_EQ(ledger_.entries().back().type, "contact_changed");
  EXPECT_EQ(ledger_.entries().back().fields.count("email"), 0U);
}

TEST_F(NoticesTest, WhoLeftIsToldNoMore) {
  ASSERT_TRUE(Set(Someone("counsel-1", "a@example.org")).ok());
  ASSERT_TRUE(casebook_->DeactivatePerson(ExamplePersonId("counsel-1"), ExampleInstant(), ledger_).ok());
  EXPECT_TRUE(casebook_->ListContacts().value().empty());
}

TEST_F(NoticesTest, AnAddressIsOneAddress) {
  for (const char* email :
       {"nobody", "@example.org", "a@", "a@b@c", "a b@example.org", "a@example.org\nBcc: x@y",
        "a@example.org,b@example.org", "<a@example.org>", "é@example.org"}) {
    EXPECT_EQ(Set(Someone("counsel-1", email)).error().code(), ErrorCode::kInvalid) << email;
  }
  const std::string domain = "@example.org";
  EXPECT_TRUE(Set(Someone("counsel-1", std::string(kEmailBytesMax - domain.size(), 'a') + domain)).ok());
  EXPECT_FALSE(Set(Someone("counsel-1", std::string(kEmailBytesMax - domain.size() + 1, 'a') + domain)).ok());
  EXPECT_TRUE(Set(Someone("counsel-1", "")).ok());
}

TEST_F(NoticesTest, OnlyRegisteredPeopleAreReachedOrStandIn) {
  EXPECT_EQ(Set(Someone("nobody", "a@example.org")).error().code(), ErrorCode::kNotFound);
  Contact contact = Someone("counsel-1", "a@example.org");
  contact.substitute = ExamplePersonId("nobody");
  EXPECT_EQ(Set(contact).error().code(), ErrorCode::kNotFound);
  contact.substitute = contact.person;
  EXPECT_EQ(Set(contact).error().code(), ErrorCode::kInvalid);
  EXPECT_EQ(
      casebook_->AddAbsence(ExamplePersonId("nobody"), {ExampleInstant(0), ExampleInstant(1)}).error().code(),
      ErrorCode::kNotFound);
  EXPECT_EQ(casebook_->AddAbsence(ExamplePersonId("counsel-1"), {ExampleInstant(1), ExampleInstant(1)})
                .error()
                .code(),
            ErrorCode::kInvalid);
}

TEST_F(NoticesTest, AbsencesHaveALimit) {
  const PersonId person = ExamplePersonId("counsel-1");
  for (std::size_t i = 0; i < kAbsencesMax; ++i) {
    const int at = static_cast<int>(i);
    ASSERT_TRUE(casebook_->AddAbsence(person, {ExampleInstant(at), ExampleInstant(at + 1)}).ok());
  }
  EXPECT_EQ(casebook_->AddAbsence(person, {ExampleInstant(500), ExampleInstant(501)}).error().code(),
            ErrorCode::kDenied);
}

TEST_F(NoticesTest, WhatWasSentIsNotSentAgainEvenAfterARestart) {
  EXPECT_TRUE(casebook_->BeginNotice("order-1/half/0", "counsel-1", ExampleInstant(0)).value());
  ASSERT_TRUE(casebook_->FinishNotice("order-1/half/0", "counsel-1", ExampleInstant(1)).ok());
  casebook_ = nullptr;
  casebook_ = Reopen();
  EXPECT_FALSE(casebook_->BeginNotice("order-1/half/0", "counsel-1", ExampleInstant(1'000'000)).value());
  EXPECT_TRUE(casebook_->BeginNotice("order-1/half/0", "hook", ExampleInstant(2)).value());
  EXPECT_TRUE(casebook_->BeginNotice("order-1/eighty/0", "counsel-1", ExampleInstant(2)).value());
}

TEST_F(NoticesTest, WhatFailedIsTriedAgainLaterAndLaterAndSaysWhy) {
  const std::string key = "order-1/half/0";
  EXPECT_TRUE(casebook_->BeginNotice(key, "counsel-1", ExampleInstant(0)).value());
  ASSERT_TRUE(casebook_->FailNotice(key, "counsel-1", "mail: connection refused").ok());
  EXPECT_FALSE(casebook_->BeginNotice(key, "counsel-1", ExampleInstant(59)).value());
  EXPECT_TRUE(casebook_->BeginNotice(key, "counsel-1", ExampleInstant(60)).value());
  EXPECT_FALSE(casebook_->BeginNotice(key, "counsel-1", ExampleInstant(179)).value());
  EXPECT_TRUE(casebook_->BeginNotice(key, "counsel-1", ExampleInstant(180)).value());
  ASSERT_TRUE(casebook_->FailNotice(key, "counsel-1", "mail: connection refused").ok());
  const std::vector<SentNotice> notices = casebook_->NoticesOf(ExampleOrderId()).value();
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices[0].attempts, 3);
  EXPECT_EQ(notices[0].failure, "mail: connection refused");
  EXPECT_FALSE(notices[0].sent_at.has_value());
}

TEST_F(NoticesTest, AProcessThatDiedWhileSendingLeavesItToTheNextTry) {
  EXPECT_TRUE(casebook_->BeginNotice("order-1/received/0", "hook", ExampleInstant(0)).value());
  casebook_ = nullptr;
  casebook_ = Reopen();
  EXPECT_FALSE(casebook_->BeginNotice("order-1/received/0", "hook", ExampleInstant(1)).value());
  EXPECT_TRUE(casebook_->BeginNotice("order-1/received/0", "hook", ExampleInstant(60)).value());
}

TEST_F(NoticesTest, AreListedByOrder) {
  for (const char* key : {"order-1/half/0", "order-10/half/0", "order-1.a/half/0", "order-1/received/0"}) {
    ASSERT_TRUE(casebook_->BeginNotice(key, "hook", ExampleInstant(0)).value());
  }
  EXPECT_EQ(casebook_->NoticesOf(ExampleOrderId(1)).value().size(), 2U);
  EXPECT_EQ(casebook_->NoticesOf(ExampleOrderId(10)).value().size(), 1U);
}

}  // namespace
}  // namespace probatio::casebook
