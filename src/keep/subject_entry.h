// The box entry of a subject, and what binds it: handle and bindings are computed under the index key
// (docs/formats/vault.md, "Subjects"). Pure; for subjects.cc, password_items.cc and purge_subjects.cc.
#pragma once

#include <optional>

#include "crypto/digest.h"
#include "crypto/sealed_box.h"
#include "seal/token.h"
#include "seal/window.h"

namespace probatio::keep {

inline constexpr std::size_t kSubjectWrappedBytesMax = 65'536;

// 1 ‖ public key ‖ binding of key and handle under the index key ‖ wrapped private half; of a version of a
// password item: 3 ‖ number of its item key ‖ the same; or the tombstone of one: 2 ‖ binding of the handle
// alone, 4 for a version that was never acknowledged. The box can neither put another key in the place of
// one, nor declare somebody purged who is not.
struct SubjectEntry {
  bool purged = false;
  bool unacknowledged = false;        // of a tombstone
  std::optional<std::uint32_t> item;  // item_keys.h
  crypto::BoxPublicKey key{};
  crypto::Digest binding{};
  Buffer wrapped;
};
Buffer SubjectEntryBytes(const SubjectEntry& entry);
Result<SubjectEntry> ParseSubjectEntry(Bytes bytes);

seal::SubjectHandle HandleOf(crypto::Hmac& index, seal::Stream stream, std::string_view holder,
                             std::uint32_t generation);
crypto::Digest BindingOf(crypto::Hmac& index, record::RecordClass record_class,
                         const seal::SubjectHandle& handle, const SubjectEntry& entry);

}  // namespace probatio::keep
