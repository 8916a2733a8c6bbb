// The manifest: what we write is read back; what could mislead a reader is refused.
#include "evidence/asic_manifest.h"

#include <gmock/gmock.h>

namespace probatio::evidence {
namespace {

using ::testing::HasSubstr;

std::string Written() {
  const std::vector<Member> members{{"disclosure.json", {1, 2}}, {"ledger/checkpoint.txt", {}}};
  return WriteManifest(members, "META-INF/signature.p7s");
}

std::string Replaced(const std::string& from, const std::string& to) {
  std::string xml = Written();
  const std::size_t at = xml.find(from);
  CHECK(at != std::string::npos);
  return xml.replace(at, from.size(), to);
}

std::string What(const std::string& xml) {
  const Result<AsicManifest> manifest = ParseManifest(AsBytes(xml));
  return manifest.ok() ? "read" : manifest.error().what();
}

TEST(Manifest, IsReadBackAsItWasWritten) {
  const AsicManifest manifest = ParseManifest(AsBytes(Written())).value();
  EXPECT_EQ(manifest.signature, "META-INF/signature.p7s");
  ASSERT_EQ(manifest.references.size(), 2U);
  EXPECT_EQ(manifest.references[0].name, "disclosure.json");
  EXPECT_EQ(manifest.references[0].method, kDigestSha256);
  EXPECT_EQ(manifest.references[1].digest, ToBuffer(crypto::Sha256(Bytes())));
}

TEST(Manifest, DecodesPercentSignsAndRefusesBrokenOnes) {
  const auto name = [](const std::string& uri) {
    return ParseManifest(AsBytes(Replaced("\"disclosure.json\"", "\"" + uri + "\"")));
  };
  EXPECT_EQ(name("a%20b%C3%A9.txt").value().references[0].name, "a bé.txt");
  for (const char* broken : {"a%2", "a%", "a%zz", "%"}) {
    EXPECT_EQ(name(broken).error().what(), "manifest: broken percent-encoding in a URI") << broken;
  }
}

TEST(Manifest, RefusesADoctypeBeforeAnyEntityCanBeUsed) {
  EXPECT_EQ(What(Replaced("<asic:ASiCManifest", "<!DOCTYPE x [<!ENTITY e \"v\">]>\n<asic:ASiCManifest")),
            "manifest: has a DOCTYPE");
  const std::string file =
      "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>";
  EXPECT_EQ(What(file), "manifest: has a DOCTYPE");
}

TEST(Manifest, RefusesWhatIsNoManifestOrLacksAPart) {
  EXPECT_EQ(What(""), "manifest: not well-formed XML");
  EXPECT_EQ(What("<a>"), "manifest: not well-formed XML");
  EXPECT_EQ(What("<a/>"), "manifest: is no ASiCManifest");
  EXPECT_EQ(What(Replaced("http://uri.etsi.org/02918/v1.2.1#", "http://example.org/")),
            "manifest: is no ASiCManifest");
  EXPECT_EQ(What(Replaced("asic:SigReference", "asic:Other")), "manifest: no SigReference");
  EXPECT_EQ(What(Replaced("URI=\"disclosure.json\"", "URI=\"\"")),
            "manifest: DataObjectReference without its URI");
  EXPECT_THAT(What(Replaced("ds:DigestMethod", "ds:Other")), HasSubstr("without its digest"));
  EXPECT_THAT(What(Replaced("<ds:DigestValue>", "<ds:DigestValue>!")), HasSubstr("manifest: DigestValue"));
}

TEST(Manifest, HasALimitOfBytesAndOfReferences) {
  const std::string xml = Written();
  EXPECT_EQ(What(xml + std::string(kManifestBytesMax - xml.size(), ' ')), "read");
  EXPECT_EQ(What(xml + std::string(kManifestBytesMax - xml.size() + 1, ' ')),
            "manifest: larger than 1048576 bytes");
  std::vector<Member> members;
  for (std::size_t i = 0; i < kMembersMax; ++i) members.push_back({"m" + std::to_string(i), {}});
  EXPECT_EQ(What(WriteManifest(members, "s")), "read");
  members.push_back({"one-too-many", {}});
  EXPECT_EQ(What(WriteManifest(members, "s")), "manifest: too many references");
}

}  // namespace
}  // namespace probatio::evidence
