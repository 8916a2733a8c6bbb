#include "custody/roster.h"

#include <gtest/gtest.h>

#include "crypto/test_world.h"
#include "custody/test_people.h"

namespace probatio::custody {
namespace {

using record::RecordClass;

Custodian Named(const std::string& id, const crypto::Certificate& certificate) {
  return {PersonId::Parse(id).value(), certificate, false, {}};
}
std::vector<Custodian> Three() {
  std::vector<Custodian> custodians;
  for (const CustodianKey& key : test::MakeCustodians(3)) {
    custodians.push_back(Named(key.certificate.CommonName(), key.certificate));
  }
  return custodians;
}
std::string ErrorOf(const Result<Roster>& roster) {
  return roster.ok() ? "made" : roster.error().what();
}

TEST(Roster, IsReadBackFromItsText) {
  std::vector<Custodian> custodians = Three();
  custodians[2].backup = true;
  custodians[0].classes = {RecordClass::kActivity, RecordClass::kNetwork};
  Custodian other = Named("custodian-1", test::MakeCustodians(1)[0].certificate);
  other.classes = {RecordClass::kIdentity, RecordClass::kAccount};
  custodians.push_back(other);
  const Roster roster = Roster::Make(custodians, 2).value();
  const Result<Roster> read = Roster::Parse(roster.ToText(), 2);
  ASSERT_TRUE(read.ok()) << read.error().what();
  EXPECT_EQ(read.value().ToText(), roster.ToText());
  EXPECT_EQ(read.value().People(), 3U);
  EXPECT_EQ(read.value().Backups(), 1U);
}

TEST(Roster, GivesEachClassItsOwnCertificates) {
  std::vector<Custodian> custodians = Three();
  Custodian identity = Named("custodian-1", test::MakeCustodians(1)[0].certificate);
  identity.classes = {RecordClass::kIdentity};
  custodians[0].classes = {RecordClass::kAccount, RecordClass::kActivity, RecordClass::kNetwork};
  custodians.push_back(identity);
  const Roster roster = Roster::Make(custodians, 2).value();
  const CustodianSet set = roster.SetFor(RecordClass::kIdentity);
  ASSERT_EQ(set.custodians.size(), 3U);
  EXPECT_EQ(set.custodians.back().Fingerprint(), identity.certificate.Fingerprint());
  EXPECT_EQ(roster.SetFor(RecordClass::kNetwork).custodians.size(), 3U);
}

TEST(Roster, RefusesASetThatCouldNotKeepItsPromise) {
  std::vector<Custodian> custodians = Three();
  EXPECT_EQ(ErrorOf(Roster::Make(custodians, 3)), "made");
  EXPECT_EQ(ErrorOf(Roster::Make(custodians, 4)),
            "custodians: 3 for class identity, of whom 4 must act together");
  EXPECT_EQ(ErrorOf(Roster::Make(custodians, 1)),
            "custodians: 3 for class identity, of whom 1 must act together");
  custodians.push_back(Named("custodian-4", custodians[0].certificate));
  EXPECT_EQ(ErrorOf(Roster::Make(custodians, 2)), "custodian custodian-4: the same certificate twice");
  custodians.back() = Named("custodian-1", test::MakeCustodians(1)[0].certificate);
  EXPECT_EQ(ErrorOf(Roster::Make(custodians, 2)),
            "custodian custodian-1: two certificates for class identity; he would hold two shares");
}

TEST(Roster, ReadsOneTextForOneSet) {
  const std::string text = Roster::Make(Three(), 2).value().ToText();
  EXPECT_EQ(ErrorOf(Roster::Parse(text, 2)), "made");
  EXPECT_NE(ErrorOf(Roster::Parse(text + "\n", 2)), "made");
  EXPECT_NE(ErrorOf(Roster::Parse("backup: no\n" + text, 2)), "made");
  EXPECT_NE(ErrorOf(Roster::Parse(text.substr(0, text.size() - 40), 2)), "made");
  EXPECT_NE(ErrorOf(Roster::Parse(text.substr(text.find('\n') + 1), 2)), "made");
  EXPECT_EQ(ErrorOf(Roster::Parse(std::string(kRosterBytesMax + 1, 'x'), 2)),
            "custodians: longer than 1 MiB");
}

TEST(Roster, WarnsSixtyDaysBeforeACertificateEndsAndAfter) {
  const Roster roster = Roster::Make(Three(), 2).value();
  const Instant end = roster.custodians()[0].certificate.Validity().end;
  EXPECT_TRUE(ExpiryWarnings(roster, end - kExpiryWarningDays * kNsPerDay - 1).empty());
  const std::vector<std::string> soon = ExpiryWarnings(roster, end - kExpiryWarningDays * kNsPerDay);
  ASSERT_EQ(soon.size(), 3U);
  EXPECT_EQ(
      soon[0],
      "warning: the certificate of custodian custodian-1 ends on 2040-01-01; nothing stops, but let a new "
      "key be made and run: probatio custody rotate --retire custodian-1 --certificate NEW.crt");
  EXPECT_NE(ExpiryWarnings(roster, end)[0].find(" ended on "), std::string::npos);
}

}  // namespace
}  // namespace probatio::custody
