#include "record/secret_text.h"

#include <gtest/gtest.h>

#include "record/canonical.h"
#include "record/json.h"

namespace probatio::record {
namespace {

Account WithPassword() {
  Account account;
  account.origin.at.at = Instant::FromUnixNs(1'729'498'443'000'000'000);
  account.account = "u-48213";
  account.pseudonyms = {"Nuit Blanche"};
  account.password_verification = SecretText("$argon2id$v=19$m=65536$c2FsdA$aGFzaA");
  return account;
}

TEST(PasswordVerification, IsAFaceOfItsOwnAndComesBackOctetForOctet) {
  const Record record = WithPassword();
  EXPECT_EQ(ParseRecordBytes(RecordBytes(record)).value(), record);
  const Buffer face = FaceBytes(record, Face::kPasswordVerification);
  EXPECT_NE(AsText(face).find("argon2id"), std::string_view::npos);
  for (const Face other : FacesOf(RecordKind::kAccount)) {
    if (other == Face::kPasswordVerification) continue;
    EXPECT_EQ(AsText(FaceBytes(record, other)).find("argon2id"), std::string_view::npos) << ToText(other);
  }
}

TEST(PasswordVerification, IsShownOnlyAsPresent) {
  const Record record = WithPassword();
  const std::string shown = ToShownJson(record);
  EXPECT_EQ(shown.find("argon2id"), std::string::npos);
  EXPECT_NE(shown.find(R"("password_verification_present":true)"), std::string::npos);
  EXPECT_EQ(FromJson(ToJson(record)).value(), record);  // what is disclosed says it all
  std::vector<std::string> dropped;
  EXPECT_FALSE(std::get<Account>(FromJson(shown, &dropped).value()).password_verification.has_value());
  EXPECT_EQ(dropped, std::vector<std::string>{"password_verification_present"});
}

TEST(PasswordVerification, AnEmptyOneAndALongOneAreRefusedWithoutBeingQuoted) {
  Account account = WithPassword();
  account.password_verification = SecretText(std::string(kTextBytesMax, 'x'));
  EXPECT_TRUE(CheckRecord(account).ok());
  account.password_verification = SecretText(std::string(kTextBytesMax + 1, 'x'));
  EXPECT_EQ(CheckRecord(account).error().what(), "password_verification: longer than 1024 bytes");
  account.password_verification = SecretText("");
  EXPECT_EQ(CheckRecord(account).error().what(), "password_verification: empty");
}

TEST(SecretText, LeavesNothingBehindWhereItWasMovedFrom) {
  SecretText from("short");
  const SecretText to(std::move(from));
  EXPECT_EQ(to, SecretText("short"));
  EXPECT_TRUE(from.empty());  // NOLINT: what is left there is the point
  from.resize(5);
  EXPECT_EQ(std::string(from), std::string(5, '\0'));
}

}  // namespace
}  // namespace probatio::record
