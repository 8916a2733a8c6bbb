// The key tree under a window key (docs/formats/window.md). Each label ends one branch; none is the beginning
// of another.
#include "seal/token.h"

#include <algorithm>

namespace probatio::seal {
namespace {

constexpr std::string_view kTokenLabel = "probatio/token/1";
constexpr std::string_view kBlockLabel = "probatio/block/1";
constexpr std::string_view kSaltLabel = "probatio/salt/1";
constexpr std::string_view kJournalIndexLabel = "probatio/journal-index/1";
constexpr std::string_view kCheckLabel = "probatio/check/1";
constexpr std::string_view kSubjectLabel = "probatio/subject/1";

Token Cut(const crypto::Digest& digest) {
  Token token;
  std::copy_n(digest.begin(), token.size(), token.begin());
  return token;
}

}  // namespace

WindowKeys::WindowKeys(const Key& window_key)
    : derivation_(window_key), token_hmac_(derivation_.Derive({AsBytes(kTokenLabel)})) {}

Token WindowKeys::TokenOf(const Selector& selector) const {
  const auto kind = static_cast<std::uint8_t>(selector.kind);
  return Cut(token_hmac_.Compute({Bytes(&kind, 1), selector.value}));
}

TokenKeys WindowKeys::KeysOf(const Token& token) const {
  return {derivation_.Derive({AsBytes(kBlockLabel), token}),
          derivation_.Derive({AsBytes(kSaltLabel), token})};
}

Key WindowKeys::JournalIndexKey() const {
  return derivation_.Derive({AsBytes(kJournalIndexLabel)});
}

crypto::Digest WindowKeys::CheckValue(const Key& window_key) {
  const Key derived = crypto::Hkdf(window_key, {AsBytes(kCheckLabel)});
  return crypto::Sha256(derived.reveal());
}

Token TokenOfSubject(const SubjectHandle& handle) {
  return Cut(crypto::Sha256({AsBytes(kSubjectLabel), handle}));
}

}  // namespace probatio::seal
