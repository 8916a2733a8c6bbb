// What the ledger records (docs/formats/ledger.md). Entries hold ids, salted digests and counts: never
// personal data, nor a digest of a guessable value. Pure; thread-safe.
#pragma once

#include <map>
#include <string>

#include "base/instant.h"
#include "crypto/digest.h"

namespace probatio::ledger {

inline constexpr std::size_t kEntryBytesMax = 65'535;  // tlog-tiles: an entry's length is a u16
inline constexpr std::size_t kEntryNameBytesMax = 64;  // a type or a field name

struct Entry {
  std::string type;  // "segment_opened", "order_received", ...: docs/formats/ledger.md
  Instant at;
  std::map<std::string, std::string> fields;  // values are text; numbers in decimal, digests in hexadecimal
  bool operator==(const Entry&) const = default;
};

// Type and field names are [a-z0-9_], values are plain text (base/utf8.h), the whole is at most
// kEntryBytesMax as JSON. kInvalid names the field and the reason.
Status CheckEntry(const Entry& entry);

// Canonical JSON: {"at":"...","fields":{...},"type":"..."}; keys sorted, no spaces, UTF-8. One byte string
// for one entry. The entry has passed CheckEntry; another is still written, but EntryFromJson will refuse it.
std::string EntryToJson(const Entry& entry);
// Refuses what EntryToJson would not have written (kInvalid names the offset).
Result<Entry> EntryFromJson(std::string_view json);

}  // namespace probatio::ledger
