// Tokens and their keys, scheme 1. From a window key K: token = HMAC(HKDF(K, "token"), selector), 16 bytes;
// the block and salt keys of one token = HKDF(K, use ‖ token). A custodian can hand out one token's keys
// without the window's, and equal selectors in two segments have unrelated tokens. Pure; thread-safe.
#pragma once

#include "crypto/digest.h"
#include "seal/selector.h"

namespace probatio::seal {

using Token = std::array<std::uint8_t, 16>;
inline constexpr Token kTokenSentinel{};  // opens every chain
inline constexpr Token kTokenEnd{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};  // closes it

// What opens the blocks of one token in one segment, and nothing else.
struct TokenKeys {
  Key block;
  Key salt;
};

class WindowKeys {
 public:
  explicit WindowKeys(const Key& window_key);

  Token TokenOf(const Selector& selector) const;
  TokenKeys KeysOf(const Token& token) const;
  Key JournalIndexKey() const;  // opens the sorted token lists of this segment's journal
  // Tells a right window key from a wrong one after shares were combined; reveals nothing about it.
  static crypto::Digest CheckValue(const Key& window_key);

 private:
  crypto::KeyDerivation derivation_;
  crypto::Hmac token_hmac_;
};

// Subject streams: the token is SHA-256("probatio/subject/1" ‖ handle), 16 bytes, the same in every segment.
using SubjectHandle = std::array<std::uint8_t, 16>;
Token TokenOfSubject(const SubjectHandle& handle);

}  // namespace probatio::seal
