#include "ledger/cosignature.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace probatio::ledger {
namespace {

constexpr std::size_t kTimeBytes = 8;
constexpr std::size_t kSignatureBytes = 64;

std::string Message(std::uint64_t seconds, std::string_view text) {
  return fmt::format("cosignature/v1\ntime {}\n{}", seconds, text);
}

// timestamped_signature: u64 seconds since 1970, big-endian ‖ Ed25519 signature.
Result<Cosignature> Open(const NoteKey& witness, std::string_view text, Bytes signature) {
  if (signature.size() != kTimeBytes + kSignatureBytes)
    return CryptoError(fmt::format("cosignature of {}: {} octets, not {}", witness.name, signature.size(),
                                   kTimeBytes + kSignatureBytes));
  ByteReader reader(signature);
  const std::uint64_t seconds = TRY(reader.U64());
  // Instants are nanoseconds in 64 bits: what lies beyond them is no clock's.
  constexpr std::uint64_t kSecondsMax = 9'000'000'000;
  if (seconds > kSecondsMax) return CryptoError("cosignature of " + witness.name + ": not a time");
  TRY_IN("cosignature of " + witness.name,
         witness.key.Verify(AsBytes(Message(seconds, text)), signature.subspan(kTimeBytes)));
  return Cosignature{witness.name, Instant::FromUnixSeconds(static_cast<std::int64_t>(seconds))};
}

Result<std::optional<Cosignature>> EarliestOf(const NoteKey& witness, const Note& note) {
  const std::vector<Buffer> signatures = TRY(SignaturesBy(witness, note));
  std::optional<Cosignature> earliest;
  for (const Buffer& signature : signatures) {
    Cosignature cosignature = TRY(Open(witness, note.text, signature));
    if (!earliest.has_value() || cosignature.at < earliest->at) earliest = std::move(cosignature);
  }
  return earliest;
}

}  // namespace

std::string WitnessKey(const std::string& name, const crypto::PublicKey& key) {
  return NoteKeyText(MakeNoteKey(name, NoteKeyKind::kWitness, key));
}

Result<NoteKey> ParseWitnessKey(std::string_view text) {
  NoteKey key = TRY(ParseNoteKey(text));
  if (key.kind != NoteKeyKind::kWitness) return Invalid("verifier key: a ledger's, not a witness's");
  return key;
}

Result<std::string> CosignatureLine(std::string_view note, const std::string& name,
                                    const crypto::PrivateKey& key, Instant now) {
  TRY(CheckKeyName(name));
  const Note parts = TRY(SplitNote(note));
  const std::int64_t seconds = now.unix_ns() / kNsPerSecond;
  if (seconds < 0) return Invalid("cosignature: a clock before 1970");
  const auto time = static_cast<std::uint64_t>(seconds);
  ByteWriter signature;
  signature.U64(time);
  const Buffer signed_text = TRY_IN("cosignature", key.Sign(AsBytes(Message(time, parts.text))));
  signature.Raw(signed_text);
  return SignatureLine(MakeNoteKey(name, NoteKeyKind::kWitness, key.Public()), signature.bytes());
}

Result<std::vector<Cosignature>> CosignaturesOn(std::string_view note, std::span<const NoteKey> witnesses) {
  const Note parts = TRY(SplitNote(note));
  std::vector<Cosignature> cosignatures;
  for (const NoteKey& witness : witnesses) {
    std::optional<Cosignature> earliest = TRY(EarliestOf(witness, parts));
    if (earliest.has_value()) cosignatures.push_back(std::move(*earliest));
  }
  return cosignatures;
}

}  // namespace probatio::ledger
