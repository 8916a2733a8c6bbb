// An erasure key: 32 random bytes whose only purpose is to be destroyed. Every wrapped key of the box lies
// under one (outer_layer.h), so that destroying it makes every copy of the box, however old, noise in that
// part. Named by what goes with it and a serial of its own, so that a key that was destroyed never comes back
// under the same name. Pure; thread-safe.
#pragma once

#include "base/id.h"
#include "base/secret.h"
#include "law/civil_date.h"
#include "record/record.h"

namespace probatio::keep {

using ErasureKeyId = Id<struct ErasureKeyTag>;  // the text of an ErasureKeyName; in files and in the ledger

enum class ErasureKind : std::uint8_t {
  kWindow = 1,      // windows of one record class that expire on one day
  kHeld = 2,        // expired windows of one class that a hold keeps; `day` is that of their purge
  kSubject = 3,     // subjects' private keys of one class; `day` is the first of a month
  kQuarantine = 4,  // input put aside on one day, of whatever class (quarantine.h): named network
};
std::string_view ToText(ErasureKind kind);  // "window", "held", "subject", "quarantine"

struct ErasureKeyName {
  ErasureKind kind = ErasureKind::kWindow;
  record::RecordClass record_class = record::RecordClass::kNetwork;
  law::CivilDate day;  // in Paris
  std::uint64_t serial = 0;
  auto operator<=>(const ErasureKeyName&) const = default;
};
ErasureKeyId IdOf(const ErasureKeyName& name);  // "window-network-2027-11-25-0123456789abcdef"
// kInvalid for what IdOf would not have written.
Result<ErasureKeyName> ParseErasureKeyName(std::string_view text);

// A key as a file (docs/formats/vault.md).
inline constexpr std::size_t kErasureKeyFileBytesMax = 256;
Buffer ErasureKeyFile(const ErasureKeyName& name, const Key& key);
struct NamedErasureKey {
  ErasureKeyName name;
  Key key;
};
// kInvalid: not such a file, or of a newer version; kCrypto: damaged.
Result<NamedErasureKey> ParseErasureKeyFile(Bytes bytes);

}  // namespace probatio::keep
