// A file encrypted to its recipients (docs/formats/sealed-file.md): the file key travels as a CMS envelope,
// the content in chunks under AES-256-GCM with a counter and a last mark, so nothing can be cut, swapped or
// added.
#pragma once

#include "crypto/envelope.h"

namespace probatio::crypto {

inline constexpr std::size_t kSealedFileChunkBytes = 65'536;

Result<Buffer> SealFile(std::span<const Certificate> recipients, Bytes content, Random& random);
bool IsSealedFile(Bytes file);  // begins with our mark
Result<Secret> OpenFile(const PrivateKey& key, const Certificate& own, Bytes file);

}  // namespace probatio::crypto
