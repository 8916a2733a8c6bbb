// The outer layer: what the box holds of a window key or of a subject's private key is the custodians'
// wrapped bytes once more sealed, with AES-256-GCM under an erasure key (docs/formats/vault.md). Whoever has
// the box, old copies of it and all custodians' keys opens nothing once the erasure key is gone. Pure;
// thread-safe.
#pragma once

#include "base/random.h"
#include "keep/erasure_key.h"
#include "seal/token.h"

namespace probatio::keep {

// What the layer lies around; together with the key's name it is the associated data.
Buffer OuterContext(const SegmentId& segment);
Buffer OuterContext(record::RecordClass record_class, const seal::SubjectHandle& handle);

// The layer of a single item under its own key (item_keys.h), around what the custodians wrapped.
Buffer SealItem(const Key& key, std::uint32_t number, const seal::SubjectHandle& handle, Bytes inner,
                Random& random);
Result<Buffer> OpenItem(const Key& key, std::uint32_t number, const seal::SubjectHandle& handle, Bytes layer);

Buffer SealOuter(const NamedErasureKey& key, Bytes context, Bytes inner, Random& random);
// The key that the layer names. kInvalid: not an outer layer, or of a newer version.
Result<ErasureKeyName> OuterKeyOf(Bytes outer);
// kCrypto when a bit, the context or the key differs.
Result<Buffer> OpenOuter(const NamedErasureKey& key, Bytes context, Bytes outer);

}  // namespace probatio::keep
