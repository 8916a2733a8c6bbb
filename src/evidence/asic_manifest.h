// META-INF/ASiCManifest.xml (ETSI EN 319 162-1, clause A.4): which signature signs it, and the digest of each
// file. Pure over bytes; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "crypto/digest.h"
#include "evidence/container.h"

namespace probatio::evidence {

inline constexpr std::size_t kManifestBytesMax = 1U << 20;

struct ManifestReference {
  std::string name;    // percent-decoded
  std::string method;  // the digest algorithm's URI
  Buffer digest;
};

struct AsicManifest {
  std::string signature;  // "META-INF/signature.p7s", percent-decoded
  std::vector<ManifestReference> references;
};

inline constexpr char kDigestSha256[] = "http://www.w3.org/2001/04/xmlenc#sha256";

// SHA-256 over each member, in their order.
std::string WriteManifest(std::span<const Member> members, const std::string& signature_name);

// kInvalid for what is no ASiC manifest, has a DOCTYPE, or lacks a part; names the element.
Result<AsicManifest> ParseManifest(Bytes xml);

}  // namespace probatio::evidence
