// The wrapped key's bytes (docs/formats/custody.md): read whole before a share is opened. Used by
// custody/*.cc only. Pure; thread-safe.
#pragma once

#include "custody/key_wrap.h"
#include "custody/sharing.h"

namespace probatio::custody {

inline constexpr std::uint8_t kWrappedVersion = 1;
inline constexpr std::size_t kShareDigestSize = std::tuple_size_v<crypto::Digest>;
inline constexpr std::size_t kShareContentSize =
    kShareDigestSize + 1 + Key::kSize;  // context digest, number, share

struct WrappedShare {
  crypto::Digest fingerprint{};
  Bytes envelope;
};

struct Wrapped {
  unsigned needed = 0;
  crypto::Digest check{};
  std::vector<WrappedShare> shares;  // share number i + 1 at place i
};

Status CheckThreshold(std::size_t needed, std::size_t count);
Result<Wrapped> ParseWrapped(Bytes bytes);
Result<Share> OpenShare(const CustodianKey& custodian, Bytes envelope, std::uint8_t number,
                        const crypto::Digest& context);
const CustodianKey* FindPresent(std::span<const CustodianKey> present, const crypto::Digest& fingerprint);

}  // namespace probatio::custody
