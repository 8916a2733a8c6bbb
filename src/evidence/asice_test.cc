// ASiC: what we sign is accepted by the standard tools and by us; what others signed is judged by content.
#include "evidence/asice.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "base/test_corpus.h"
#include "evidence/asic_manifest.h"
#include "evidence/example_package.h"

namespace probatio::evidence {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

SignedContainer Open(Bytes file) {
  return OpenContainer(file, {}, TheHouse().now).value();
}

SignedContainer OpenCorpus(const std::string& name) {
  return Open(ReadCorpus("asic/" + name));
}

Member File(const std::string& name, const std::string& content) {
  return {name, ToBuffer(AsBytes(content))};
}

Buffer SignatureOver(std::string_view content) {
  const House& house = TheHouse();
  return crypto::SignDetached(AsBytes(content), house.seal.key, house.seal.certificate, {}, nullptr,
                              house.now)
      .value();
}

// A container as somebody else would lay it out.
Buffer Foreign(std::vector<Member> members, const char* mimetype = kMimeType) {
  members.insert(members.begin(), File("mimetype", mimetype));
  return WriteContainer(members).value();
}

TEST(SignContainer, MakesWhatOpenContainerFindsWhole) {
  const SignedContainer container =
      OpenContainer(ExamplePackage(), TrustInTheHouse().anchors, TheHouse().now).value();
  EXPECT_THAT(container.findings, IsEmpty());
  ASSERT_EQ(container.signatures.size(), 1U);
  EXPECT_TRUE(container.signatures[0].timestamp.has_value());
  EXPECT_TRUE(container.canonical);
}

TEST(SignContainer, RefusesNamesThatAUriWouldEscapeAndThoseOfAsic) {
  const House& house = TheHouse();
  const auto authority = crypto::LocalTimestampAuthority(house.stamp.key, house.stamp.certificate,
                                                         [&] { return TheHouse().now; });
  const Signer signer{house.seal.key, house.seal.certificate, {}, *authority};
  for (const char* name : {"a b", "a\"b", "<", "", "mimetype", "META-INF/x.p7s"}) {
    const std::vector<Member> members{File(name, "x")};
    EXPECT_EQ(SignContainer(members, signer, house.now).error().code(), ErrorCode::kInvalid) << name;
  }
}

TEST(OpenContainer, TakesSeveralManifestsAndPercentEncodedNames) {
  const std::vector<Member> one{File("a.txt", "one")};
  const std::vector<Member> two{File("b c.txt", "two")};
  const std::string first = WriteManifest(one, "META-INF/signature1.p7s");
  std::string second = WriteManifest(two, "META-INF/signature2.p7s");
  second.replace(second.find("b c.txt"), 7, "b%20c.txt");
  const std::vector<Member> members{one[0],
                                    two[0],
                                    File("META-INF/ASiCManifest1.xml", first),
                                    File("META-INF/ASiCManifest2.xml", second),
                                    {"META-INF/signature1.p7s", SignatureOver(first)},
                                    {"META-INF/signature2.p7s", SignatureOver(second)}};
  const SignedContainer container = Open(Foreign(members));
  EXPECT_THAT(container.findings, IsEmpty());
  EXPECT_EQ(container.signatures.size(), 2U);
}

TEST(OpenContainer, NamesASignatureWithoutManifestAndAManifestWithoutSignature) {
  const std::vector<Member> file{File("a.txt", "one")};
  const std::string manifest = WriteManifest(file, "META-INF/signature1.p7s");
  const SignedContainer container = Open(Foreign({file[0],
                                                  File("META-INF/ASiCManifest.xml", manifest),
                                                  {"META-INF/signature2.p7s", SignatureOver(manifest)}}));
  EXPECT_THAT(container.findings,
              Contains("META-INF/ASiCManifest.xml: its signature 'META-INF/signature1.p7s' is missing"));
  EXPECT_THAT(container.findings, Contains("META-INF/signature2.p7s: belongs to no manifest"));
}

TEST(OpenContainer, FindsThatNothingIsSigned) {
  EXPECT_THAT(Open(Foreign({File("a.txt", "x")})).findings,
              ElementsAre("container: holds no ASiCManifest, so nothing signs it",
                          "a.txt: is covered by no manifest"));
  EXPECT_THAT(Open(Foreign({File("a.txt", "x")}, kMimeTypeSimple)).findings,
              ElementsAre("container: holds no signature and no time-stamp"));
  EXPECT_THAT(Open(Foreign({File("a.txt", "x")}, "text/plain")).findings,
              Contains("mimetype: is not that of an ASiC container"));
}

TEST(OpenContainer, JudgesTheOneFileOfAsicS) {
  const Member signature{"META-INF/signature.p7s", SignatureOver("one")};
  EXPECT_THAT(Open(Foreign({File("a.txt", "one"), signature}, kMimeTypeSimple)).findings, IsEmpty());
  EXPECT_THAT(Open(Foreign({File("a.txt", "two"), signature}, kMimeTypeSimple)).findings,
              Contains(HasSubstr("META-INF/signature.p7s: signature")));
  EXPECT_THAT(
      Open(Foreign({File("a.txt", "one"), File("b.txt", "one"), signature}, kMimeTypeSimple)).findings,
      Contains("b.txt: is a second file, and ASiC-S holds one"));
}

// Real containers of other programs; PROVENANCE.md of the corpus says which were broken, and how.
TEST(Corpus, GoodContainersOfOthersHold) {
  SKIP_WITHOUT_CORPUS("asic");
  for (const char* name :
       {"onefile-ok.asice", "multifiles-ok.asice", "dss1421.asice", "cades-lta-alternative-naming.sce",
        "onefile-ok.asics", "libdigidocpp_test.asics"}) {
    EXPECT_THAT(OpenCorpus(name).findings, IsEmpty()) << name;
  }
}

TEST(Corpus, BrokenContainersOfOthersDoNot) {
  SKIP_WITHOUT_CORPUS("asic");
  for (const char* name : {"brokenReference.asice", "removedReference.asice", "no-signature.asics",
                           "libdigidocpp_test-invalid.asics"}) {
    EXPECT_FALSE(OpenCorpus(name).findings.empty()) << name;
  }
}

TEST(Corpus, XadesIsNamedAndNotJudged) {
  SKIP_WITHOUT_CORPUS("asic");
  EXPECT_THAT(OpenCorpus("libdigidocpp_test.asice").findings,
              Contains("META-INF/signatures0.xml: signed with XAdES, which this version does not judge"));
  EXPECT_THAT(OpenCorpus("digidoc4j_missing_mimetype_file.asice").findings, Contains("mimetype: missing"));
}

TEST(Corpus, ASignatureThatEnclosesItsContentIsRefused) {
  SKIP_WITHOUT_CORPUS("asic");
  EXPECT_THAT(OpenCorpus("ASiC-E-CAdES-BpLTA.sce").findings,
              Contains(HasSubstr("content is enclosed, not detached")));
}

// What is broken in dss1421-broken.asice is only seen by an archive manifest, which is named and not judged.
TEST(Corpus, AnArchiveManifestIsNamed) {
  SKIP_WITHOUT_CORPUS("asic");
  EXPECT_THAT(OpenCorpus("dss1421-broken.asice").notes, Contains(HasSubstr("archive manifest, not judged")));
  EXPECT_THAT(OpenCorpus("ASiC-E-CAdES-BpLTA.sce").notes, Contains(HasSubstr("ASiCArchiveManifest.xml")));
}

// The bomb lies in a ZIP inside the ZIP, which nobody opens.
TEST(Corpus, TheNestedZipBombIsNeverExpanded) {
  SKIP_WITHOUT_CORPUS("asic");
  EXPECT_THAT(OpenCorpus("digidoc4j_zip-bomb-package-zip.asics").findings, Contains(HasSubstr("XAdES")));
}

// The standard tools of a court's expert, without us.
class Tools : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("probatio-asice-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
    Write("package.asice", ExamplePackage());
    const std::vector<Member> members = ReadContainer(ExamplePackage()).value();
    for (const Member& member : members) {
      std::string name = member.name;
      std::replace(name.begin(), name.end(), '/', '-');
      Write(name, member.content);
    }
    Write("ca.pem", AsBytes(TheHouse().authority.certificate.ToPem()));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& name, Bytes bytes) const {
    crypto::WriteFile((folder_ / name).string(), bytes);
  }
  int Run(const std::string& command) const {
    return std::system(("cd '" + folder_.string() + "' && " + command + " >out 2>&1").c_str());
  }
  bool Missing(const char* tool) const { return Run(std::string("command -v ") + tool) != 0; }

  std::filesystem::path folder_;
};

TEST_F(Tools, UnzipFindsNoFault) {
  if (Missing("unzip")) GTEST_SKIP() << "no unzip";
  EXPECT_EQ(Run("unzip -t package.asice"), 0);
}

TEST_F(Tools, OpensslVerifiesTheSignatureOverTheManifest) {
  if (Missing("openssl")) GTEST_SKIP() << "no openssl";
  const std::string verify =
      "openssl cms -verify -cades -binary -inform DER -in META-INF-signature.p7s -CAfile ca.pem -purpose any "
      "-attime 1731600000 -content ";
  EXPECT_EQ(Run(verify + "META-INF-ASiCManifest.xml"), 0);
  EXPECT_NE(Run(verify + "scope.json"), 0);
}

TEST_F(Tools, OpensslVerifiesTheTimeStampOfTheCheckpoint) {
  if (Missing("openssl")) GTEST_SKIP() << "no openssl";
  const std::string verify =
      "openssl ts -verify -token_in -in ledger-checkpoint.tst -CAfile ca.pem -attime 1731600000 -data ";
  EXPECT_EQ(Run(verify + "ledger-checkpoint.txt"), 0);
  EXPECT_NE(Run(verify + "scope.json"), 0);
}

TEST_F(Tools, OpensslVerifiesTheTimeStampOfTheSignature) {
  if (Missing("openssl")) GTEST_SKIP() << "no openssl";
  const SignedContainer container = Open(ExamplePackage());
  const crypto::TimestampToken& token = *container.signatures[0].timestamp;
  Write("signature.tst", token.der);
  EXPECT_EQ(Run("openssl ts -verify -token_in -in signature.tst -CAfile ca.pem -attime 1731600000 -digest " +
                ToHex(token.imprint)),
            0);
}

}  // namespace
}  // namespace probatio::evidence
