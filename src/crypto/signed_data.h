// CMS SignedData (RFC 5652) with exactly one signature: what a CAdES signature and a time-stamp token have in
// common. Used by crypto/*.cc only. Not thread-safe: OpenSSL keeps state in the parsed message.
#pragma once

#include "crypto/certificate.h"
#include "crypto/handle.h"

typedef struct CMS_ContentInfo_st CMS_ContentInfo;
typedef struct CMS_SignerInfo_st CMS_SignerInfo;
extern "C" void CMS_ContentInfo_free(CMS_ContentInfo* cms);

namespace probatio::crypto {

class SignedData {
 public:
  // kInvalid: not SignedData, bytes after its end, not exactly one signer, the signer's certificate not
  // enclosed, or an enclosed certificate that cannot be read. BER is accepted: real authorities send it.
  // `zero_filled`: zeros may follow, as in a PDF (ISO 32000-1 section 12.8.3.3).
  static Result<SignedData> Parse(Bytes encoded, bool zero_filled = false);

  // The signature over the enclosed content, or over `detached` when that is given; the digest and
  // content-type attributes. kCrypto names what failed. The signer's chain is not judged.
  Status VerifySignature(const Bytes* detached) const;

  // Signing-certificate (ESS, RFC 2634) or signing-certificate-v2 (RFC 5035) names the enclosed signer, so
  // that no other certificate for the same key can be put in its place. kCrypto when missing or of another.
  Status VerifySigningCertificate() const;

  int content_type() const;       // OpenSSL's number
  Result<Bytes> content() const;  // kInvalid when the content is detached
  bool detached() const;
  Bytes signature_value() const;
  const Certificate& signer() const { return signer_; }
  std::span<const Certificate> certificates() const { return certificates_; }  // all enclosed, signer first
  CMS_SignerInfo* signer_info() const;
  CMS_ContentInfo* native() const { return cms_.get(); }

 private:
  using Cms = Handle<CMS_ContentInfo, CMS_ContentInfo_free>;
  SignedData(Cms cms, Certificate signer, std::vector<Certificate> certificates)
      : cms_(std::move(cms)), signer_(std::move(signer)), certificates_(std::move(certificates)) {}

  Cms cms_;
  Certificate signer_;
  std::vector<Certificate> certificates_;
};

}  // namespace probatio::crypto
