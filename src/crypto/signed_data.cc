// Reads SignedData and checks its one signature over OpenSSL's CMS. What CMS_verify leaves out is done here:
// the content-type attribute is compared, and the signing-certificate attribute is demanded without judging a
// chain.
#include "crypto/signed_data.h"

#include <openssl/cms.h>
#include <openssl/ess.h>

#include <algorithm>
#include <vector>

#include "crypto/certificate_stack.h"

namespace probatio::crypto {
namespace {

constexpr int kEnclosedCertificatesMax = 32;

Result<std::vector<Certificate>> ReadEnclosed(CMS_ContentInfo* cms) {
  const OwnedStack enclosed(CMS_get1_certs(cms));
  ForgetLibraryErrors();
  if (sk_X509_num(enclosed.get()) > kEnclosedCertificatesMax)
    return Invalid("more than 32 enclosed certificates");
  std::vector<Certificate> certificates;
  for (int i = 0; i < sk_X509_num(enclosed.get()); ++i) {
    Certificate certificate =
        TRY(Certificate::FromDer(EncodeDer(i2d_X509, sk_X509_value(enclosed.get(), i))));
    certificates.push_back(std::move(certificate));
  }
  return certificates;
}

// The one value of a signed attribute; null when it is absent, repeated, or has another count of values.
ASN1_TYPE* OnlyValue(const CMS_SignerInfo* signer, int nid) {
  const int index = CMS_signed_get_attr_by_NID(signer, nid, -1);
  if (index < 0 || CMS_signed_get_attr_by_NID(signer, nid, index) >= 0) return nullptr;
  X509_ATTRIBUTE* const attribute = CMS_signed_get_attr(signer, index);
  return X509_ATTRIBUTE_count(attribute) == 1 ? X509_ATTRIBUTE_get0_type(attribute, 0) : nullptr;
}

// Decodes an attribute whose value is a SEQUENCE; null when it is not there or not readable.
template <class T>
T* DecodeAttribute(const CMS_SignerInfo* signer, int nid, T* (*decode)(T**, const unsigned char**, long)) {
  const ASN1_TYPE* const value = OnlyValue(signer, nid);
  if (value == nullptr || value->type != V_ASN1_SEQUENCE) return nullptr;
  const unsigned char* at = value->value.sequence->data;
  return decode(nullptr, &at, value->value.sequence->length);
}

Status CheckContentType(CMS_ContentInfo* cms, const CMS_SignerInfo* signer) {
  const ASN1_TYPE* const value = OnlyValue(signer, NID_pkcs9_contentType);
  if (value == nullptr || value->type != V_ASN1_OBJECT) return CryptoError("attribute content-type missing");
  if (OBJ_cmp(value->value.object, CMS_get0_eContentType(cms)) != 0) {
    return CryptoError("attribute content-type differs from the content");
  }
  return Done{};
}

}  // namespace

Result<SignedData> SignedData::Parse(Bytes encoded, bool zero_filled) {
  const unsigned char* at = encoded.data();
  Cms cms(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(encoded.size())));
  ForgetLibraryErrors();
  if (cms == nullptr) return Invalid("no CMS message");
  const unsigned char* const end = encoded.data() + encoded.size();
  if (zero_filled) at = std::find_if(at, end, [](unsigned char byte) { return byte != 0; });
  if (at != end) return Invalid("bytes after the end of the CMS message");
  if (OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_signed)
    return Invalid("CMS message is not SignedData");
  STACK_OF(CMS_SignerInfo)* const signers = CMS_get0_SignerInfos(cms.get());
  if (sk_CMS_SignerInfo_num(signers) != 1) return Invalid("not exactly one signature");

  std::vector<Certificate> certificates = TRY(ReadEnclosed(cms.get()));
  for (std::size_t i = 0; i < certificates.size(); ++i) {
    if (CMS_SignerInfo_cert_cmp(sk_CMS_SignerInfo_value(signers, 0), certificates[i].native()) != 0) continue;
    std::swap(certificates[0], certificates[i]);
    Certificate signer = certificates[0];
    return SignedData(std::move(cms), std::move(signer), std::move(certificates));
  }
  return Invalid("the signer's certificate is not enclosed");
}

Status SignedData::VerifySignature(const Bytes* detached) const {
  TRY(CheckContentType(cms_.get(), signer_info()));
  Handle<BIO, BIO_free> content;
  if (detached != nullptr) {
    if (detached->size() > INT32_MAX) return Invalid("content longer than 2 GiB");
    content.reset(BIO_new_mem_buf(detached->empty() ? "" : AsText(*detached).data(),
                                  static_cast<int>(detached->size())));
    CHECK(content != nullptr);
  }
  // The certificates are the enclosed ones; who they are and whether to trust them is VerifyChain's question.
  if (CMS_verify(cms_.get(), nullptr, nullptr, content.get(), nullptr,
                 CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) != 1) {
    return LibraryError("signature does not verify");
  }
  return Done{};
}

Status SignedData::VerifySigningCertificate() const {
  const Handle<ESS_SIGNING_CERT, ESS_SIGNING_CERT_free> version_1(
      DecodeAttribute(signer_info(), NID_id_smime_aa_signingCertificate, d2i_ESS_SIGNING_CERT));
  const Handle<ESS_SIGNING_CERT_V2, ESS_SIGNING_CERT_V2_free> version_2(
      DecodeAttribute(signer_info(), NID_id_smime_aa_signingCertificateV2, d2i_ESS_SIGNING_CERT_V2));
  ForgetLibraryErrors();
  if (version_1 == nullptr && version_2 == nullptr)
    return CryptoError("attribute signing-certificate missing");
  const BorrowedStack chain = StackOf(certificates_);
  if (OSSL_ESS_check_signing_certs(version_1.get(), version_2.get(), chain.get(), 1) <= 0) {
    return LibraryError("attribute signing-certificate names another certificate");
  }
  return Done{};
}

int SignedData::content_type() const {
  return OBJ_obj2nid(CMS_get0_eContentType(cms_.get()));
}
bool SignedData::detached() const {
  return CMS_is_detached(cms_.get()) == 1;
}

Result<Bytes> SignedData::content() const {
  ASN1_OCTET_STRING** const content = CMS_get0_content(cms_.get());
  if (content == nullptr || *content == nullptr) return Invalid("no enclosed content");
  return Bytes(ASN1_STRING_get0_data(*content), static_cast<std::size_t>(ASN1_STRING_length(*content)));
}

CMS_SignerInfo* SignedData::signer_info() const {
  return sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms_.get()), 0);
}

Bytes SignedData::signature_value() const {
  const ASN1_OCTET_STRING* const value = CMS_SignerInfo_get0_signature(signer_info());
  return {ASN1_STRING_get0_data(value), static_cast<std::size_t>(ASN1_STRING_length(value))};
}

}  // namespace probatio::crypto
