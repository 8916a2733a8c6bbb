#include "crypto/revocation_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/cms.h>
#include <openssl/pem.h>
#include <zlib.h>

#include "base/test_corpus.h"
#include "crypto/cades.h"
#include "crypto/test_revocation.h"

namespace probatio::crypto {
namespace {

using ::testing::HasSubstr;

const Instant kMade = TestInstant("2024-11-12T14:00:00Z");

std::string Why(Bytes file) {
  const Result<std::vector<RevocationValue>> read = ReadRevocationFile(file);
  return read.ok() ? "" : read.error().what();
}

std::string Pem(const RevocationValue& list) {
  std::string pem = "-----BEGIN X509 CRL-----\n";
  const std::string base64 = ToBase64(list.der);
  for (std::size_t at = 0; at < base64.size(); at += 64) pem.append(base64, at, 64).push_back('\n');
  return pem.append("-----END X509 CRL-----\n");
}

Buffer Repeated(const RevocationValue& value, std::size_t times) {
  ByteWriter writer;
  writer.U8(0x30);  // SEQUENCE
  writer.U8(0x84);
  writer.U32(static_cast<std::uint32_t>(value.der.size() * times));
  for (std::size_t i = 0; i < times; ++i) writer.Raw(value.der);
  return writer.Take();
}

class RevocationValues : public ::testing::Test {
 protected:
  Holder root_ = MakeAuthority("Racine (essai)");
  Holder judge_ = MakeHolder("Le président", CertificateUse::kPerson, root_);
  RevocationValue list_ = MakeList(root_, kMade, std::nullopt);
  Buffer response_ = MakeResponseFile(root_, judge_.certificate, root_.certificate, {0, kMade});
};

TEST_F(RevocationValues, AFileIsAListOrAResponseInDerOrListsInPem) {
  EXPECT_EQ(ReadRevocationFile(list_.der).value().at(0).der, list_.der);
  EXPECT_EQ(ReadRevocationFile(response_).value().at(0).kind, RevocationValue::Kind::kResponse);
  EXPECT_EQ(ReadRevocationFile(AsBytes(Pem(list_) + Pem(list_))).value().size(), 2U);
  EXPECT_THAT(Why(AsBytes("hello")), HasSubstr("neither a revocation list nor"));
  EXPECT_THAT(Why({}), HasSubstr("neither a revocation list nor"));
  EXPECT_THAT(Why(judge_.certificate.ToDer()), HasSubstr("neither a revocation list nor"));
  EXPECT_THAT(Why(AsBytes(judge_.certificate.ToPem())), HasSubstr("holds no revocation list in PEM"));
  Buffer longer = list_.der;
  longer.push_back(0);
  EXPECT_THAT(Why(longer), HasSubstr("bytes after its end"));
  for (std::size_t size = 0; size < list_.der.size(); size += 5)
    EXPECT_NE(Why(Bytes(list_.der).first(size)), "");
}

TEST_F(RevocationValues, AResponderThatAnswersNothingIsRefused) {
  const Handle<OCSP_RESPONSE, OCSP_RESPONSE_free> later(
      OCSP_response_create(OCSP_RESPONSE_STATUS_TRYLATER, nullptr));
  EXPECT_THAT(Why(EncodeDer(i2d_OCSP_RESPONSE, later.get())), HasSubstr("nor an OCSP response that answers"));
}

TEST_F(RevocationValues, HaveLimits) {
  EXPECT_THAT(Why(Buffer(kRevocationFileBytesMax + 1)), HasSubstr("longer than 64 MiB"));
  EXPECT_THAT(Why(Buffer(kRevocationFileBytesMax)), HasSubstr("bytes after its end"));
  std::string pem;
  for (std::size_t i = 0; i < kRevocationValuesMax; ++i) pem += Pem(list_);
  EXPECT_EQ(Why(AsBytes(pem)), "");
  EXPECT_THAT(Why(AsBytes(pem + Pem(list_))), HasSubstr("more than 64 lists"));
  EXPECT_EQ(FindRevocationValues(Repeated(list_, kRevocationValuesMax)).size(), kRevocationValuesMax);
  EXPECT_EQ(FindRevocationValues(Repeated(list_, kRevocationValuesMax + 1)).size(), kRevocationValuesMax);
}

Buffer Wrapped(Bytes inside) {
  ByteWriter writer;
  writer.U8(0x30);
  writer.U8(0x84);
  writer.U32(static_cast<std::uint32_t>(inside.size()));
  writer.Raw(inside);
  return writer.Take();
}

TEST_F(RevocationValues, AreLookedForToADepthAndACount) {
  Buffer nested = list_.der;
  for (int depth = 0; depth < 32; ++depth) nested = Wrapped(nested);
  EXPECT_EQ(FindRevocationValues(nested).size(), 1U);
  EXPECT_EQ(FindRevocationValues(Wrapped(nested)).size(), 0U);

  const auto after_nulls = [&](std::size_t count) {
    Buffer inside;
    for (std::size_t i = 0; i < count; ++i) inside.insert(inside.end(), {0x05, 0x00});
    inside.insert(inside.end(), list_.der.begin(), list_.der.end());
    return FindRevocationValues(Wrapped(inside)).size();
  };
  EXPECT_EQ(after_nulls((1U << 16) - 2), 1U);
  EXPECT_EQ(after_nulls((1U << 16) - 1), 0U);
}

TEST_F(RevocationValues, ThatASignatureBringsAlongAreFoundInItsListsAndItsAttributes) {
  const Buffer plain = SignDetached(AsBytes("x"), judge_.key, judge_.certificate, {}, nullptr, kMade).value();
  EXPECT_TRUE(FindRevocationValues(plain).empty());
  const unsigned char* at = plain.data();
  const Handle<CMS_ContentInfo, CMS_ContentInfo_free> cms(
      d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(plain.size())));
  const unsigned char* list_at = list_.der.data();
  const Handle<X509_CRL, X509_CRL_free> list(
      d2i_X509_CRL(nullptr, &list_at, static_cast<long>(list_.der.size())));
  ASSERT_EQ(CMS_add1_crl(cms.get(), list.get()), 1);
  const Buffer attribute = Repeated(ReadRevocationFile(response_).value().at(0), 1);
  CMS_SignerInfo* const signer = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms.get()), 0);
  ASSERT_EQ(CMS_unsigned_add1_attr_by_txt(signer, "1.2.840.113549.1.9.16.2.24", V_ASN1_SEQUENCE,
                                          attribute.data(), static_cast<int>(attribute.size())),
            1);
  const Buffer encoded = EncodeDer(i2d_CMS_ContentInfo, cms.get());
  const Signature signature =
      VerifyDetached(AsBytes("x"), encoded, std::span<const Certificate>(&root_.certificate, 1), kMade)
          .value();
  ASSERT_EQ(signature.revocation.size(), 2U);
  EXPECT_EQ(signature.revocation[0].der, list_.der);
  EXPECT_EQ(signature.revocation[1].kind, RevocationValue::Kind::kResponse);
}

TEST_F(RevocationValues, OfAPdfLieInStreamsThatAreNotCompressed) {
  const std::string list(AsText(list_.der));
  EXPECT_EQ(
      FindPdfRevocationValues(AsBytes("%PDF-1.7 4 0 obj <<>> stream\r\n" + list + "\nendstream")).size(), 1U);
  EXPECT_EQ(FindPdfRevocationValues(AsBytes("stream\n" + list + "stream\n" + list)).size(), 2U);
  EXPECT_EQ(FindPdfRevocationValues(AsBytes("stream " + list)).size(), 0U);
  EXPECT_EQ(FindPdfRevocationValues(AsBytes("stream\n" + list.substr(0, list.size() - 1))).size(), 0U);
  EXPECT_EQ(FindPdfRevocationValues(AsBytes("stream\n")).size(), 0U);
}

Buffer Deflated(Bytes bytes) {
  uLongf size = compressBound(bytes.size());
  Buffer out(size);
  CHECK(compress(out.data(), &size, bytes.data(), bytes.size()) == Z_OK);
  out.resize(size);
  return out;
}

std::string Stream(const Buffer& content) {
  return "stream\n" + std::string(AsText(content)) + "\nendstream\n";
}

TEST_F(RevocationValues, OfAPdfMayBeCompressed) {
  const auto found = [](const std::string& pdf) { return FindPdfRevocationValues(AsBytes(pdf)); };
  const std::string list = Stream(Deflated(list_.der));
  const std::vector<RevocationValue> both = found(Stream(Deflated(AsBytes("BT (page) ET"))) + list + list);
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[1].der, list_.der);
  for (std::size_t size = 0; size < list.size() - 40; ++size)
    EXPECT_TRUE(found(list.substr(0, size)).empty());
}

TEST_F(RevocationValues, OfACompressedStreamHaveALimit) {
  constexpr std::size_t kMax = 4U << 20;
  const auto found = [&](std::size_t size) {  // a SEQUENCE of so many octets: the list, then an OCTET STRING
    ByteWriter writer;
    writer.U8(0x30);
    writer.U8(0x84);
    writer.U32(static_cast<std::uint32_t>(size - 6));
    writer.Raw(list_.der);
    writer.U8(0x04);
    writer.U8(0x84);
    writer.U32(static_cast<std::uint32_t>(size - 12 - list_.der.size()));
    writer.Raw(Buffer(size - 12 - list_.der.size()));
    return FindPdfRevocationValues(AsBytes(Stream(Deflated(writer.bytes())))).size();
  };
  EXPECT_EQ(found(kMax), 1U);
  EXPECT_EQ(found(kMax + 1), 0U);
  std::string many;
  for (int i = 0; i < 255; ++i) many += Stream(Deflated(Repeated(list_, 0)));
  const std::string list = Stream(Deflated(list_.der));
  EXPECT_EQ(FindPdfRevocationValues(AsBytes(many + list)).size(), 1U) << "the 256th";
  EXPECT_EQ(FindPdfRevocationValues(AsBytes(many + list + list)).size(), 1U) << "and no more";
}

TEST(RevocationCorpus, AForeignPaperBringsItsListsInItsDss) {
  SKIP_WITHOUT_CORPUS("pades");
  EXPECT_EQ(FindPdfRevocationValues(ReadCorpus("pades/doc-firmado.pdf")).size(), 4U);
}

}  // namespace
}  // namespace probatio::crypto
