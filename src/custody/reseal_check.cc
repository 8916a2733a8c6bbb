// The server's side: whose work an answer is, and who can open what it brings. The server cannot open it; it
// trusts m custodians, who could have opened everything all along.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "custody/reseal.h"
#include "custody/wrapped_key.h"

namespace probatio::custody {
namespace {

struct Sharers {
  unsigned needed = 0;
  std::set<crypto::Digest> fingerprints;
};

// Those who have a share in every source.
Result<Sharers> SharersOf(std::span<const Buffer> source_keys) {
  CHECK(!source_keys.empty());
  Sharers all;
  for (const Buffer& key : source_keys) {
    const Wrapped wrapped = TRY_IN("wrapped key of an old segment", ParseWrapped(key));
    std::set<crypto::Digest> here;
    for (const WrappedShare& share : wrapped.shares) here.insert(share.fingerprint);
    const bool first = &key == &source_keys.front();
    if (first) {
      all.fingerprints = std::move(here);
    } else {
      std::erase_if(all.fingerprints, [&](const crypto::Digest& one) { return !here.contains(one); });
    }
    all.needed = std::max(all.needed, wrapped.needed);
  }
  return all;
}

Status CheckSignatures(const seal::Resealed& resealed, const Sharers& sharers) {
  const Buffer text = seal::SignedText(resealed.body);
  std::set<crypto::Digest> signers;
  for (const seal::ResealSignature& one : resealed.signatures) {
    const crypto::Certificate certificate = TRY(crypto::Certificate::FromDer(one.certificate));
    const crypto::Digest fingerprint = certificate.Fingerprint();
    if (!sharers.fingerprints.contains(fingerprint)) {
      return Denied(
          fmt::format("{} signed and is no custodian of all these segments", ShortFingerprint(fingerprint)));
    }
    TRY_IN("signature of " + ShortFingerprint(fingerprint), certificate.Public().Verify(text, one.signature));
    signers.insert(fingerprint);
  }
  if (signers.size() >= sharers.needed) return Done{};
  return Denied(fmt::format("signed by {} custodians of these segments, {} are needed", signers.size(),
                            sharers.needed));
}

Status CheckKey(const seal::ResealedSegment& segment, const Sharers& sharers) {
  const Wrapped wrapped = TRY(ParseWrapped(segment.wrapped));
  if (wrapped.needed != sharers.needed) {
    return Denied(
        fmt::format("its key needs {} custodians, the old ones {}", wrapped.needed, sharers.needed));
  }
  for (const WrappedShare& share : wrapped.shares) {
    if (!sharers.fingerprints.contains(share.fingerprint)) {
      return Denied(fmt::format("its key is wrapped to {}, who is no custodian of the old segments",
                                ShortFingerprint(share.fingerprint)));
    }
  }
  return Done{};
}

}  // namespace

Status CheckResealed(const seal::Resealed& resealed, std::span<const Buffer> source_keys) {
  const Sharers sharers = TRY(SharersOf(source_keys));
  TRY_IN("reseal", CheckSignatures(resealed, sharers));
  for (const seal::ResealedSegment& segment : resealed.segments) {
    TRY_IN("reseal: segment " + segment.id.text(), CheckKey(segment, sharers));
  }
  return Done{};
}

}  // namespace probatio::custody
