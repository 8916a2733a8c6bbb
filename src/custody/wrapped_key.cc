#include "custody/wrapped_key.h"

#include <fmt/format.h>

#include <algorithm>

namespace probatio::custody {
namespace {

Result<crypto::Digest> ReadDigest(ByteReader* reader) {
  const Bytes bytes = TRY(reader->Raw(kShareDigestSize));
  crypto::Digest digest{};
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

}  // namespace

Status CheckThreshold(std::size_t needed, std::size_t count) {
  if (count == 0 || count > kCustodiansMax) {
    return Invalid(fmt::format("custody: {} custodians, not 1 to {}", count, kCustodiansMax));
  }
  // One custodian of several would make every other share a mere copy of the key.
  if (needed > count || needed == 0 || (needed == 1 && count > 1)) {
    return Invalid(fmt::format("custody: {} of {} custodians cannot be a threshold", needed, count));
  }
  return Done{};
}

Result<Wrapped> ParseWrapped(Bytes bytes) {
  if (bytes.size() > kWrappedBytesMax) {
    return Invalid(fmt::format("{} bytes, more than {}", bytes.size(), kWrappedBytesMax));
  }
  ByteReader reader(bytes);
  const std::uint8_t version = TRY(reader.U8());
  if (version > kWrappedVersion) {
    return Invalid(fmt::format("version {}, newer than {}: use a newer probatio", version, kWrappedVersion));
  }
  if (version != kWrappedVersion) return Invalid(fmt::format("version {} at offset 0: unknown", version));
  Wrapped wrapped;
  wrapped.needed = TRY(reader.U8());
  const std::uint8_t count = TRY(reader.U8());
  TRY(CheckThreshold(wrapped.needed, count));
  wrapped.check = TRY(ReadDigest(&reader));
  for (unsigned i = 0; i < count; ++i) {
    WrappedShare& share = wrapped.shares.emplace_back();
    share.fingerprint = TRY(ReadDigest(&reader));
    share.envelope = TRY(reader.Field());
  }
  TRY(reader.End());
  return wrapped;
}

Result<Share> OpenShare(const CustodianKey& custodian, Bytes envelope, std::uint8_t number,
                        const crypto::Digest& context) {
  const Secret content = TRY(crypto::DecryptWith(custodian.key, custodian.certificate, envelope));
  const Bytes bytes = content.reveal();
  if (bytes.size() != kShareContentSize) return CryptoError("not a share");
  if (!crypto::Equal(bytes.first(kShareDigestSize), context))
    return CryptoError("sealed for another key's context");
  if (bytes[kShareDigestSize] != number) return CryptoError("stands in another share's place");
  return Share{number, Key(bytes.subspan(kShareDigestSize + 1))};
}

const CustodianKey* FindPresent(std::span<const CustodianKey> present, const crypto::Digest& fingerprint) {
  const auto fits = [&](const CustodianKey& key) { return key.certificate.Fingerprint() == fingerprint; };
  const auto found = std::find_if(present.begin(), present.end(), fits);
  return found == present.end() ? nullptr : &*found;
}

std::string ShortFingerprint(const crypto::Digest& fingerprint) {
  return ToHex(fingerprint).substr(0, 8);
}

}  // namespace probatio::custody
