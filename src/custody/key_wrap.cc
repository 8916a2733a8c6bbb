// Wraps a key for n custodians, m of whom are needed (docs/formats/custody.md). The format and its checks are
// here, Shamir's arithmetic is in sharing.cc. Thread-safe.
#include "custody/key_wrap.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "crypto/digest.h"
#include "custody/wrapped_key.h"

namespace probatio::custody {
namespace {

constexpr std::string_view kSegmentLabel = "probatio/wrapped-segment/1";
constexpr std::string_view kSubjectLabel = "probatio/wrapped-subject/2";

Status CheckSet(const CustodianSet& set) {
  TRY(CheckThreshold(set.needed, set.custodians.size()));
  std::set<crypto::Digest> seen;
  for (const crypto::Certificate& custodian : set.custodians) {
    if (!seen.insert(custodian.Fingerprint()).second) {
      return Invalid("custody: one certificate stands twice in the set");
    }
  }
  return Done{};
}

Result<Buffer> SealShare(const crypto::Certificate& custodian, const Share& share,
                         const crypto::Digest& context) {
  std::array<std::uint8_t, kShareContentSize> content{};
  const Bytes value = share.value.reveal();
  std::copy(context.begin(), context.end(), content.begin());
  content[kShareDigestSize] = share.number;
  std::copy(value.begin(), value.end(), content.begin() + kShareDigestSize + 1);
  Result<Buffer> envelope = crypto::EncryptTo(std::span(&custodian, 1), content);
  Wipe(content);
  return envelope;
}

std::string Names(const Wrapped& wrapped) {
  std::string names;
  for (const WrappedShare& share : wrapped.shares) {
    names += (names.empty() ? "" : ", ") + ShortFingerprint(share.fingerprint);
  }
  return names;
}

// Opens the shares of those present until enough are open. A damaged share does no harm while enough others
// open.
Result<std::vector<Share>> OpenShares(const Wrapped& wrapped, const crypto::Digest& context,
                                      std::span<const CustodianKey> present) {
  std::vector<Share> open;
  unsigned seen = 0;
  Status failed = Done{};
  for (std::size_t i = 0; i < wrapped.shares.size() && open.size() < wrapped.needed; ++i) {
    const CustodianKey* const custodian = FindPresent(present, wrapped.shares[i].fingerprint);
    if (custodian == nullptr) continue;
    ++seen;
    const auto number = static_cast<std::uint8_t>(i + 1);
    Result<Share> share = OpenShare(*custodian, wrapped.shares[i].envelope, number, context);
    if (share.ok()) {
      open.push_back(std::move(share).value());
    } else {
      failed = CryptoError(fmt::format("custody: share {}: {}", number, share.error().what()));
    }
  }
  if (open.size() == wrapped.needed) return open;
  if (seen == 0 && !present.empty()) {
    return Denied(fmt::format("custody: wrapped for custodians {}, none of whom is present", Names(wrapped)));
  }
  if (seen < wrapped.needed) {
    return Denied(fmt::format("custody: {} of {} needed custodians present", seen, wrapped.needed));
  }
  return failed.error();
}

}  // namespace

Buffer SegmentContext(const SegmentId& segment) {
  ByteWriter context;
  context.Field(AsBytes(kSegmentLabel));
  context.Field(AsBytes(segment.text()));
  return context.Take();
}

Buffer SubjectContext(seal::Stream stream, const seal::SubjectHandle& handle, std::string_view holder) {
  CHECK(seal::IsSubjectStream(stream));
  ByteWriter context;
  context.Field(AsBytes(kSubjectLabel));
  context.U8(static_cast<std::uint8_t>(stream));
  context.Raw(handle);
  context.Raw(crypto::Sha256(AsBytes(holder)));
  return context.Take();
}

Result<Buffer> WrapKey(const Key& key, const CustodianSet& set, Bytes context) {
  TRY(CheckSet(set));
  const crypto::Digest context_digest = crypto::Sha256(context);
  const auto count = static_cast<unsigned>(set.custodians.size());
  const std::vector<Share> shares = Split(key, set.needed, count);
  ByteWriter wrapped;
  wrapped.U8(kWrappedVersion);
  wrapped.U8(static_cast<std::uint8_t>(set.needed));
  wrapped.U8(static_cast<std::uint8_t>(shares.size()));
  wrapped.Raw(seal::WindowKeys::CheckValue(key));
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const Buffer envelope = TRY(SealShare(set.custodians[i], shares[i], context_digest));
    wrapped.Raw(set.custodians[i].Fingerprint());
    wrapped.Field(envelope);
  }
  if (wrapped.bytes().size() > kWrappedBytesMax) {
    return Invalid(fmt::format("custody: wrapped key longer than {} bytes", kWrappedBytesMax));
  }
  return wrapped.Take();
}

Result<Key> UnwrapKey(Bytes wrapped_bytes, Bytes context, std::span<const CustodianKey> present) {
  const Wrapped wrapped = TRY_IN("custody: wrapped key", ParseWrapped(wrapped_bytes));
  const std::vector<Share> shares = TRY(OpenShares(wrapped, crypto::Sha256(context), present));
  Key key = Combine(shares);
  // A share that was never a share of this key gives some other key without a sign; only this tells.
  if (!crypto::Equal(seal::WindowKeys::CheckValue(key), wrapped.check)) {
    return CryptoError("custody: the shares do not give the key of the check value");
  }
  return key;
}

}  // namespace probatio::custody
