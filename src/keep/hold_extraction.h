// From pins to a hold's sealed file: the order of the writes, so that a crash leaves the pins or the whole
// file. What the file holds and who may read it is not this folder's business: its bytes are made, and tried,
// by who calls. For one thread.
#pragma once

#include <functional>
#include <optional>

#include "base/clock.h"
#include "base/id.h"
#include "keep/disk.h"
#include "ledger/ledger.h"

namespace probatio::keep {

inline constexpr char kHeldFileEnding[] = ".held";

// What the ledger says of an order's sealed file.
struct Extraction {
  crypto::Digest digest{};
  std::uint64_t segments_searched = 0;
  Instant at;
  std::uint64_t index = 0;  // of its entry
};
// The last extraction that was not destroyed since. kStorage for an entry that is none.
Result<std::optional<Extraction>> ExtractionOf(const ledger::Ledger& ledger, const OrderId& order);

// The folder of the sealed files.
struct HeldFolder {
  Disk& disk;
  std::string path;
  std::size_t bytes_max = 0;
};
std::string HeldPath(const HeldFolder& folder, const OrderId& order);
Result<std::optional<Buffer>> ReadHeld(const HeldFolder& folder, const OrderId& order);
// The file that the entry names. kNotFound when it is not there; kCrypto when it is another.
Result<Buffer> ReadExtracted(const HeldFolder& folder, const OrderId& order, const Extraction& extraction);

struct ExtractionParts {
  ledger::Ledger& ledger;
  HeldFolder folder;
  const Clock& clock;
  std::function<Result<std::size_t>()> pins;  // of the order, not yet released
  struct Made {
    Buffer file;
    std::uint64_t segments_searched = 0;
  };
  std::function<Result<Made>()> make;  // the custodians asked, the rows sealed
  std::function<Status(Bytes)> opens;  // does what lies on the disk open
  std::function<Status()> release;     // all pins of the order, each with its ledger entry
};

// make -> file on the disk -> it opens -> hold_extracted -> pins released. An extraction that a crash cut off
// after its entry is only finished; one cut off before begins again. kNotFound when nothing is pinned.
Result<Extraction> ExtractHold(const ExtractionParts& parts, const OrderId& order);

// Overwrites and removes the file, with the wrapped keys in it, then enters hold_destroyed. May be repeated.
// False when the order has none.
Result<bool> DestroyHeld(ledger::Ledger& ledger, const HeldFolder& folder, const OrderId& order, Instant now);

}  // namespace probatio::keep
