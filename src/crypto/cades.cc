// CAdES baseline signatures B-B and B-T (ETSI EN 319 122-1) over OpenSSL's CMS. `openssl cms -verify` ignores
// the signature time-stamp and judges the signer today; VerifyDetached checks the stamp first and judges the
// signer at its instant. Thread-safe.
#include "crypto/cades.h"

#include <openssl/cms.h>

#include "crypto/asn1_time.h"
#include "crypto/pdf_signature.h"
#include "crypto/signed_data.h"

namespace probatio::crypto {
namespace {

using Cms = Handle<CMS_ContentInfo, CMS_ContentInfo_free>;

constexpr unsigned kFlags = CMS_DETACHED | CMS_BINARY | CMS_CADES | CMS_NOSMIMECAP |
                            CMS_PARTIAL;  // CMS_CADES: signing-certificate-v2
constexpr int kSignatureTimestampsMax = 8;

// Left to itself OpenSSL writes the machine's clock; ours is passed in.
Status AddSigningTime(CMS_SignerInfo* signer, Instant at) {
  const std::int64_t ns = at.unix_ns();
  const Handle<ASN1_TIME, ASN1_TIME_free> time(
      ASN1_TIME_set(nullptr, ns / kNsPerSecond - (ns % kNsPerSecond < 0 ? 1 : 0)));
  if (time == nullptr ||
      CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_signingTime, time->type, time.get(), -1) != 1) {
    return LibraryError("signature: signing-time");
  }
  return Done{};
}

// The stamp is over the signature value's octets (EN 319 122-1 section 5.3).
Status AddTimestamp(CMS_SignerInfo* signer, TimestampAuthority& authority) {
  const ASN1_OCTET_STRING* const value = CMS_SignerInfo_get0_signature(signer);
  const Digest imprint =
      Sha256(Bytes(ASN1_STRING_get0_data(value), static_cast<std::size_t>(ASN1_STRING_length(value))));
  const TimestampToken token = TRY(authority.Stamp(imprint));
  if (CMS_unsigned_add1_attr_by_NID(signer, NID_id_smime_aa_timeStampToken, V_ASN1_SEQUENCE, token.der.data(),
                                    static_cast<int>(token.der.size())) != 1) {
    return LibraryError("signature: time-stamp");
  }
  return Done{};
}

// Not signed, and needs no signature of ours: each list carries its issuer's.
Status AddLists(CMS_ContentInfo* cms, std::span<const RevocationValue> lists) {
  for (const RevocationValue& value : lists) {
    const unsigned char* at = value.der.data();
    const Handle<X509_CRL, X509_CRL_free> list(
        value.kind == RevocationValue::Kind::kList
            ? d2i_X509_CRL(nullptr, &at, static_cast<long>(value.der.size()))
            : nullptr);
    if (list == nullptr) return Invalid("signature: only revocation lists can be enclosed");
    if (CMS_add1_crl(cms, list.get()) != 1) return LibraryError("signature: revocation list");
  }
  return Done{};
}

Result<Instant> ReadSigningTime(const CMS_SignerInfo* signer) {
  const int index = CMS_signed_get_attr_by_NID(signer, NID_pkcs9_signingTime, -1);
  if (index < 0) return CryptoError("attribute signing-time missing");
  const ASN1_TYPE* const value = X509_ATTRIBUTE_get0_type(CMS_signed_get_attr(signer, index), 0);
  if (value == nullptr || (value->type != V_ASN1_UTCTIME && value->type != V_ASN1_GENERALIZEDTIME)) {
    return CryptoError("attribute signing-time is no time");
  }
  return ReadAsn1Time(value->value.asn1_string);
}

Result<TimestampToken> VerifyTokenValue(const ASN1_TYPE* value, const Digest& imprint,
                                        std::span<const Certificate> anchors) {
  if (value == nullptr || value->type != V_ASN1_SEQUENCE)
    return CryptoError("time-stamp attribute is no token");
  const ASN1_STRING* const sequence = value->value.sequence;
  TimestampToken token = TRY(ParseTimestamp(
      Bytes(ASN1_STRING_get0_data(sequence), static_cast<std::size_t>(ASN1_STRING_length(sequence)))));
  TRY(VerifyTimestamp(token, imprint, anchors));
  return token;
}

// A signature may carry several stamps. All must hold, and the earliest is the one that proves most.
Result<std::optional<TimestampToken>> VerifyTimestamps(const SignedData& message,
                                                       std::span<const Certificate> anchors) {
  std::optional<TimestampToken> earliest;
  const Digest imprint = Sha256(message.signature_value());
  int count = 0;
  int index = -1;
  while ((index = CMS_unsigned_get_attr_by_NID(message.signer_info(), NID_id_smime_aa_timeStampToken,
                                               index)) >= 0) {
    X509_ATTRIBUTE* const attribute = CMS_unsigned_get_attr(message.signer_info(), index);
    for (int i = 0; i < X509_ATTRIBUTE_count(attribute); ++i) {
      if (++count > kSignatureTimestampsMax) return Invalid("more than 8 time-stamps");
      TimestampToken token = TRY(VerifyTokenValue(X509_ATTRIBUTE_get0_type(attribute, i), imprint, anchors));
      if (!earliest.has_value() || token.at < earliest->at) earliest = std::move(token);
    }
  }
  return earliest;
}

// A house seals and a person approves; a caller that wants one of the two asks the certificate.
Status VerifySigner(const SignedData& message, std::span<const Certificate> anchors, Instant at) {
  const Status person =
      message.signer().VerifyChain(message.certificates(), anchors, at, CertificateUse::kPerson);
  if (person.ok()) return person;
  return message.signer().VerifyChain(message.certificates(), anchors, at, CertificateUse::kSeal);
}

// What a signature must carry besides the message digest, and whether zeros may follow it.
struct Mandatory {
  bool signing_time = true;
  bool signing_certificate = true;
  bool zero_filled = false;
};

Status CheckDigestAlgorithm(const SignedData& message) {
  X509_ALGOR* algorithm = nullptr;
  CMS_SignerInfo_get0_algs(message.signer_info(), nullptr, nullptr, &algorithm, nullptr);
  const int nid = OBJ_obj2nid(algorithm->algorithm);
  if (nid != NID_sha256 && nid != NID_sha384 && nid != NID_sha512)
    return CryptoError("digest algorithm is none of SHA-256, SHA-384, SHA-512");
  return Done{};
}

Result<Signature> Verify(Bytes content, Bytes encoded, const Anchors& anchors, Instant now,
                         Mandatory mandatory) {
  const SignedData message = TRY(SignedData::Parse(encoded, mandatory.zero_filled));
  if (!message.detached()) return Invalid("content is enclosed, not detached");
  if (message.content_type() != NID_pkcs7_data) return CryptoError("content type is not data");
  TRY(CheckDigestAlgorithm(message));
  TRY(message.VerifySignature(&content));
  if (mandatory.signing_certificate) TRY(message.VerifySigningCertificate());
  std::optional<Instant> claimed;
  if (mandatory.signing_time) claimed = TRY(ReadSigningTime(message.signer_info()));
  std::optional<TimestampToken> timestamp = TRY(VerifyTimestamps(message, anchors.stamps));
  if (!anchors.signers.empty()) {
    TRY(VerifySigner(message, anchors.signers, timestamp.has_value() ? timestamp->at : now));
  }
  Signature signature{message.signer(), claimed, std::move(timestamp), {}, {}};
  signature.enclosed.assign(message.certificates().begin(), message.certificates().end());
  signature.revocation = FindRevocationValues(encoded);
  return signature;
}

}  // namespace

Result<Buffer> SignDetached(Bytes content, const PrivateKey& key, const Certificate& certificate,
                            std::span<const Certificate> chain, TimestampAuthority* authority,
                            Instant signing_time, std::span<const RevocationValue> lists) {
  if (content.size() > INT32_MAX) return Invalid("signature: content longer than 2 GiB");
  if (!Equal(key.Public().ToDer(), certificate.Public().ToDer())) {
    return Invalid("signature: the key is not the certificate's");
  }
  const Handle<BIO, BIO_free> input(
      BIO_new_mem_buf(content.empty() ? "" : AsText(content).data(), static_cast<int>(content.size())));
  const Cms cms(CMS_sign(nullptr, nullptr, nullptr, nullptr, kFlags));
  if (input == nullptr || cms == nullptr) return LibraryError("signature");
  CMS_SignerInfo* const signer =
      CMS_add1_signer(cms.get(), certificate.native(), key.native(), EVP_sha256(), kFlags);
  if (signer == nullptr) return LibraryError("signature: signer");
  for (const Certificate& each : chain) {
    if (CMS_add1_cert(cms.get(), each.native()) != 1) return LibraryError("signature: chain");
  }
  TRY(AddSigningTime(signer, signing_time));
  if (CMS_final(cms.get(), input.get(), nullptr, kFlags) != 1) return LibraryError("signature");
  if (authority != nullptr) {
    TRY(AddTimestamp(signer, *authority));
  }
  TRY(AddLists(cms.get(), lists));
  Buffer encoded = EncodeDer(i2d_CMS_ContentInfo, cms.get());
  if (encoded.size() > kSignatureBytesMax) return Invalid("signature: longer than 1 MiB");
  return encoded;
}

Result<Signature> VerifyDetached(Bytes content, Bytes signature, const Anchors& anchors, Instant now) {
  if (signature.size() > kSignatureBytesMax) return Invalid("signature: longer than 1 MiB");
  Signature verified = TRY_IN("signature", Verify(content, signature, anchors, now, {}));
  return verified;
}

Result<Signature> VerifyPdf(Bytes pdf, const Anchors& anchors, Instant now) {
  const PdfSignature found = TRY(FindPdfSignature(pdf));
  if (found.cms.size() > kSignatureBytesMax) return Invalid("pdf: signature longer than 1 MiB");
  const Mandatory mandatory{.signing_time = false, .signing_certificate = found.pades, .zero_filled = true};
  Signature verified = TRY_IN("pdf signature", Verify(found.content, found.cms, anchors, now, mandatory));
  // The /DSS (EN 319 142-1 section 5.4.2) lies outside the CMS.
  for (RevocationValue& value : FindPdfRevocationValues(pdf)) verified.revocation.push_back(std::move(value));
  return verified;
}

}  // namespace probatio::crypto
