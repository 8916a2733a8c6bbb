// The sealed box: X25519 (RFC 7748) with an ephemeral key, HKDF, AES-256-GCM. Thread-safe.
#include "crypto/sealed_box.h"

#include <openssl/evp.h>

#include <algorithm>

#include "crypto/digest.h"
#include "crypto/handle.h"
#include "crypto/system_random.h"

namespace probatio::crypto {
namespace {

constexpr std::string_view kLabel = "probatio sealed box 1";

using NativeKey = Handle<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

NativeKey Native(const Key& private_key) {
  const Bytes raw = private_key.reveal();
  NativeKey native(EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, raw.data(), raw.size()));
  CHECK(native != nullptr);
  return native;
}

// The key of one box. Both public keys enter it, so a box cannot be presented as another recipient's.
// Fails for a public key of low order, with which the shared secret would be known to everybody.
Result<Key> BoxKey(const Key& own, const BoxPublicKey& peer, const BoxPublicKey& ephemeral,
                   const BoxPublicKey& recipient) {
  const NativeKey own_native = Native(own);
  const NativeKey peer_native(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, peer.data(), peer.size()));
  CHECK(peer_native != nullptr);
  const KeyContext context(EVP_PKEY_CTX_new(own_native.get(), nullptr));
  CHECK(context != nullptr && EVP_PKEY_derive_init(context.get()) == 1);
  CHECK(EVP_PKEY_derive_set_peer(context.get(), peer_native.get()) == 1);
  Key shared;
  std::size_t size = Key::kSize;
  if (EVP_PKEY_derive(context.get(), shared.mutable_bytes().data(), &size) != 1 || size != Key::kSize) {
    ForgetLibraryErrors();
    return CryptoError("sealed box: public key of low order");
  }
  return Hkdf(shared, {AsBytes(kLabel), ephemeral, recipient});
}

}  // namespace

BoxKeyPair MakeBoxKeyPair(Random& random) {
  Key private_key = RandomKey(random);
  const BoxPublicKey public_key = BoxPublicOf(private_key);
  return {std::move(private_key), public_key};
}

BoxPublicKey BoxPublicOf(const Key& private_key) {
  BoxPublicKey public_key;
  std::size_t size = public_key.size();
  CHECK(EVP_PKEY_get_raw_public_key(Native(private_key).get(), public_key.data(), &size) == 1);
  CHECK(size == public_key.size());
  return public_key;
}

// Any key of good order accepts any scalar, so one fixed scalar tells.
Status CheckBoxPublicKey(const BoxPublicKey& key) {
  Key scalar;
  std::fill(scalar.mutable_bytes().begin(), scalar.mutable_bytes().end(), std::uint8_t{1});
  TRY(BoxKey(scalar, key, key, key));
  return Done{};
}

Buffer SealTo(const BoxPublicKey& recipient, Bytes plain, Bytes associated_data, Random& random) {
  const BoxKeyPair ephemeral = MakeBoxKeyPair(random);
  const Result<Key> key = BoxKey(ephemeral.private_key, recipient, ephemeral.public_key, recipient);
  CHECK(key.ok());  // a key from outside passes CheckBoxPublicKey at the door
  const Buffer sealed = Seal(key.value(), plain, associated_data, random);
  ByteWriter box;
  box.Raw(ephemeral.public_key);
  box.Raw(sealed);
  return box.Take();
}

Result<Secret> OpenWith(const Key& private_key, Bytes sealed, Bytes associated_data) {
  BoxPublicKey ephemeral;
  if (sealed.size() < ephemeral.size() + kAeadOverhead) return CryptoError("sealed box: truncated");
  std::copy_n(sealed.begin(), ephemeral.size(), ephemeral.begin());
  const Key key = TRY(BoxKey(private_key, ephemeral, ephemeral, BoxPublicOf(private_key)));
  return Open(key, sealed.subspan(ephemeral.size()), associated_data);
}

}  // namespace probatio::crypto
