// Witness cosignatures (c2sp.org/tlog-cosignature): somebody else saw this checkpoint, at that instant, and
// no other history of the ledger before it. Pure; thread-safe.
#pragma once

#include "base/instant.h"
#include "ledger/checkpoint.h"

namespace probatio::ledger {

inline constexpr std::size_t kWitnessesMax = 16;

// "<name>+<hex key id>+<base64(0x04 ‖ key)>".
std::string WitnessKey(const std::string& name, const crypto::PublicKey& key);
Result<NoteKey> ParseWitnessKey(std::string_view text);  // kInvalid for a key of another kind

struct Cosignature {
  std::string witness;  // the key's name
  Instant at;           // whole seconds, as the witness's clock told
  bool operator==(const Cosignature&) const = default;
};

// The line to put under `note`, whole, with its newline. CHECKs an Ed25519 key; kInvalid for a name that
// cannot name a key or a note that has no text. What the note says is not judged (ledger/witness.h).
Result<std::string> CosignatureLine(std::string_view note, const std::string& name,
                                    const crypto::PrivateKey& key, Instant now);

// The cosignatures of these witnesses, at most one each (the earliest), in their order. Lines by others are
// passed over; one bad line of a known witness refuses the note (kCrypto).
Result<std::vector<Cosignature>> CosignaturesOn(std::string_view note, std::span<const NoteKey> witnesses);

}  // namespace probatio::ledger
