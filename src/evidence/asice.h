// ASiC-E with CAdES (ETSI EN 319 162-1): META-INF/ASiCManifest.xml names each file's digest,
// META-INF/signature.p7s signs the manifest. Thread-safe.
#pragma once

#include "crypto/revocation.h"
#include "evidence/container.h"

namespace probatio::evidence {

inline constexpr char kMimeType[] = "application/vnd.etsi.asic-e+zip";
inline constexpr char kMimeTypeSimple[] = "application/vnd.etsi.asic-s+zip";
inline constexpr char kManifestName[] = "META-INF/ASiCManifest.xml";
inline constexpr char kSignatureName[] = "META-INF/signature.p7s";

struct Signer {
  const crypto::PrivateKey& key;
  const crypto::Certificate& certificate;
  std::span<const crypto::Certificate> chain;
  crypto::TimestampAuthority& authority;
  std::span<const crypto::RevocationValue> revocation = {};  // lists to enclose (B-LT)
};

// The members (without mimetype and META-INF) signed as one canonical container, CAdES-B-T or -LT. kInvalid
// for a name that a URI would have to escape, or one that ASiC keeps for itself.
Result<Buffer> SignContainer(std::span<const Member> members, const Signer& signer, Instant now);

struct SignedContainer {
  std::vector<Member> members;                // all, in file order
  std::vector<crypto::Signature> signatures;  // one for each manifest whose signature holds
  std::vector<std::string> findings;          // what does not hold, each naming the member; empty: all holds
  std::vector<std::string> notes;             // what was seen and not judged, such as an archive manifest
  bool canonical = false;                     // laid out as WriteContainer does
  crypto::RevocationReport revocation;        // of the signatures, where there are anchors
};

// Judges any ASiC-E or ASiC-S with CAdES by content: every file covered by a manifest, every digest, every
// signature and time-stamp. Without anchors the chains are not judged. What is signed with XAdES is a
// finding, and so is a certificate revoked by `revocation` or by what a signature brought along. kInvalid
// only when it is no readable container at all.
Result<SignedContainer> OpenContainer(Bytes file, std::span<const crypto::Certificate> anchors, Instant now,
                                      std::span<const crypto::RevocationValue> revocation = {});

}  // namespace probatio::evidence
