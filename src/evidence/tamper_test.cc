// A thief with a hex editor, and a thief who also knows how a ZIP is made: no byte, member or order of
// members can change.
#include <gmock/gmock.h>

#include "evidence/example_package.h"

namespace probatio::evidence {
namespace {

using ::testing::HasSubstr;

// Names a member, or a place of the container.
bool NamesAPlace(const std::string& failures) {
  return failures.find("container") != std::string::npos || failures.find("META-INF/") != std::string::npos ||
         failures.find("disclosure.") != std::string::npos || failures.find("mimetype") != std::string::npos;
}

TEST(Tamper, AnySingleFlippedByteIsFoundAndItsPlaceNamed) {
  Buffer package = ExamplePackage();
  const Trust trust = TrustInTheHouse();
  for (std::size_t at = 0; at < package.size(); ++at) {
    package[at] ^= 0x01;
    const Result<Verification> verification = VerifyPackage(package, trust);
    ASSERT_FALSE(verification.ok() && verification.value().valid) << "byte " << at;
    ASSERT_TRUE(NamesAPlace(Failures(verification))) << "byte " << at << ": " << Failures(verification);
    package[at] ^= 0x01;
  }
}

// The checksums of the ZIP are made to fit, so only the signatures can find it.
TEST(Tamper, AByteOfASignedFileIsFoundEvenWithFittingChecksums) {
  constexpr std::size_t kStep = 101;
  const Trust trust = TrustInTheHouse();
  std::vector<Member> members = ReadContainer(ExamplePackage()).value();
  for (Member& member : members) {
    if (member.name == kSignatureName) continue;  // below
    const std::size_t step = member.name == kManifestName ? 7 : kStep;
    for (std::size_t at = 0; at < member.content.size(); at += step) {
      member.content[at] ^= 0x20;
      const Result<Verification> verification = VerifyPackage(WriteContainer(members).value(), trust);
      ASSERT_FALSE(verification.ok() && verification.value().valid) << member.name << " byte " << at;
      ASSERT_TRUE(NamesAPlace(Failures(verification))) << Failures(verification);
      member.content[at] ^= 0x20;
    }
  }
}

// A few bytes of the CMS frame (versions, names of algorithms beside the signed ones) are covered by no
// signature. Whatever they say, the same person signed the same bytes at the same instant.
TEST(Tamper, AByteOfTheSignatureFileIsFoundOrChangesNothingThatIsSaid) {
  const Trust trust = TrustInTheHouse();
  std::vector<Member> members = ReadContainer(ExamplePackage()).value();
  const Buffer manifest = In(members, kManifestName).content;
  Buffer signature = In(members, kSignatureName).content;
  const crypto::Signature good =
      crypto::VerifyDetached(manifest, signature, trust.anchors, trust.now).value();
  std::size_t unseen = 0;
  for (std::size_t at = 0; at < signature.size(); ++at) {
    signature[at] ^= 0x01;
    const Result<crypto::Signature> read =
        crypto::VerifyDetached(manifest, signature, trust.anchors, trust.now);
    signature[at] ^= 0x01;
    if (!read.ok() || !read.value().timestamp.has_value()) continue;
    ++unseen;
    EXPECT_EQ(read.value().signer.Fingerprint(), good.signer.Fingerprint()) << at;
    EXPECT_EQ(read.value().claimed_signing_time, good.claimed_signing_time) << at;
    EXPECT_EQ(read.value().timestamp->at, good.timestamp->at) << at;
    EXPECT_EQ(read.value().timestamp->imprint, good.timestamp->imprint) << at;
  }
  EXPECT_LT(unseen, 40U);
}

TEST(Tamper, AMissingMemberIsNamed) {
  const std::vector<Member> members = ReadContainer(ExamplePackage()).value();
  for (std::size_t missing = 1; missing < members.size(); ++missing) {
    std::vector<Member> rest = members;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(missing));
    const auto verification = VerifyPackage(WriteContainer(rest).value(), TrustInTheHouse());
    EXPECT_FALSE(verification.value().valid);
    EXPECT_THAT(Failures(verification), HasSubstr(members[missing].name + ": missing"));
  }
}

TEST(Tamper, AMissingMemberIsNamedThoughTheRestIsSignedAgain) {
  const std::vector<Member> members = ReadContainer(ExamplePackage()).value();
  for (std::size_t missing = 3; missing < members.size(); ++missing) {
    std::vector<Member> rest = members;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(missing));
    EXPECT_THAT(Failures(VerifyPackage(SignedAgain(rest), TrustInTheHouse())),
                HasSubstr(members[missing].name + ": missing"));
  }
}

TEST(Tamper, SwappedMembersAreFound) {
  std::vector<Member> members = ReadContainer(ExamplePackage()).value();
  std::swap(In(members, "disclosure.json").content, In(members, "scope.json").content);
  const std::string failures = Failures(VerifyPackage(WriteContainer(members).value(), TrustInTheHouse()));
  EXPECT_THAT(failures, HasSubstr("disclosure.json: is not the file that was signed"));
  EXPECT_THAT(failures, HasSubstr("scope.json: is not the file that was signed"));
}

TEST(Tamper, AnExtraMemberIsFoundSignedOrNot) {
  std::vector<Member> members = ReadContainer(ExamplePackage()).value();
  members.push_back({"extra.txt", {1}});
  EXPECT_THAT(Failures(VerifyPackage(WriteContainer(members).value(), TrustInTheHouse())),
              HasSubstr("extra.txt: is covered by no manifest"));
  EXPECT_THAT(Failures(VerifyPackage(SignedAgain(members), TrustInTheHouse())),
              HasSubstr("extra.txt: no file of the format"));
  members.back().name = "META-INF/extra.xml";
  EXPECT_THAT(Failures(VerifyPackage(WriteContainer(members).value(), TrustInTheHouse())),
              HasSubstr("META-INF/extra.xml: no file of the format"));
}

TEST(Tamper, BytesBeforeBetweenAndAfterTheMembersAreFound) {
  const Buffer& good = ExamplePackage();
  for (const std::size_t at : {std::size_t{0}, std::size_t{100}, good.size() - 40, good.size()}) {
    Buffer longer = good;
    longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(at), 3, 0);
    EXPECT_FALSE(Holds(longer)) << at;
  }
}

}  // namespace
}  // namespace probatio::evidence
