// Checkpoints: C2SP signed notes over (origin, size, root) (c2sp.org/tlog-checkpoint), Ed25519. Pure;
// thread-safe.
#pragma once

#include "ledger/note.h"

namespace probatio::ledger {

inline constexpr std::size_t kCheckpointBytesMax = kNoteBytesMax;

struct Checkpoint {
  std::string origin;  // "probatio.example/platform"; also the key's name
  std::uint64_t size = 0;
  crypto::Digest root{};
  bool operator==(const Checkpoint&) const = default;
};

// The verifier key in note form: "<name>+<hex key id>+<base64(0x01 ‖ key)>".
std::string VerifierKey(const std::string& name, const crypto::PublicKey& key);

Result<std::string> SignCheckpoint(const Checkpoint& checkpoint, const crypto::PrivateKey& key);
// kCrypto when the named key's signature is missing or wrong; lines by unknown keys are ignored. kInvalid on
// a bad shape.
Result<Checkpoint> OpenCheckpoint(std::string_view note, const std::string& verifier_key);

}  // namespace probatio::ledger
