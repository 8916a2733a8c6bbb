// Detached CMS signatures: CAdES baseline B and T (ETSI EN 319 122-1), RFC 5652. Thread-safe.
#pragma once

#include <concepts>

#include "crypto/revocation_values.h"
#include "crypto/timestamp.h"

namespace probatio::crypto {

inline constexpr std::size_t kSignatureBytesMax = 1U << 20;

// CAdES-B-B with signing-certificate-v2 and signing-time; with `authority` also the signature time-stamp
// (B-T). `lists` go into SignedData.crls, where B-LT wants them (EN 319 122-1 section 6.3): it is one when
// they speak of every certificate of the chain and of the time-stamp's. kInvalid for a response of OCSP.
Result<Buffer> SignDetached(Bytes content, const PrivateKey& key, const Certificate& certificate,
                            std::span<const Certificate> chain, TimestampAuthority* authority,
                            Instant signing_time, std::span<const RevocationValue> lists = {});

struct Signature {
  Certificate signer;
  std::optional<Instant> claimed_signing_time;  // what the signer says; absent in PAdES
  std::optional<TimestampToken> timestamp;  // B-T; its imprint is already checked against the signature value
  std::vector<Certificate> enclosed;        // all that came along; trusted for nothing
  std::vector<RevocationValue> revocation;  // likewise; judged by JudgeRevocation (revocation.h)
};

// Whom signers chain to, and whom time-stamps do: somebody trusted for the time need not be for a name.
// Both empty: the chains are not judged. No stamps: those of the signers.
struct Anchors {
  Anchors() = default;
  template <class All>
  requires std::convertible_to<const All&, std::span<const Certificate>> Anchors(const All& all)
      : signers(all), stamps(all) {}  // NOLINT(google-explicit-constructor)
  Anchors(std::span<const Certificate> of_signers, std::span<const Certificate> of_stamps)
      : signers(of_signers), stamps(of_stamps.empty() ? of_signers : of_stamps) {}

  std::span<const Certificate> signers;
  std::span<const Certificate> stamps;
};

// The signature value over `content`, the mandatory attributes, the time-stamp (when there is one), and the
// signer's chain at the time-stamp's instant (else at `now`). With no anchors the chain is not judged.
// kCrypto says what failed: altered content, attribute missing, time-stamp for something else, chain.
Result<Signature> VerifyDetached(Bytes content, Bytes signature, const Anchors& anchors, Instant now);

// The same of a PDF whose signature covers the whole file (pdf_signature.h): PAdES carries no signing-time
// (EN 319 142-1 section 6.3), adbe.pkcs7.detached need not carry signing-certificate. A SHA-1 digest is
// refused.
Result<Signature> VerifyPdf(Bytes pdf, const Anchors& anchors, Instant now);

}  // namespace probatio::crypto
