// Any bytes as a bundle or a tile are refused or written again as they were; as a continuation they are
// refused or written again to the same text, and lead nowhere from a tree that nobody signed; as signature
// lines under an honest checkpoint they are no cosignature of a witness who never signed.
#include "ledger/continuation.h"
#include "ledger/tile.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace probatio;
  static const crypto::PrivateKey key = crypto::PrivateKey::GenerateEd25519();
  static const ledger::Checkpoint old{"probatio.example/fuzz", 7, crypto::Sha256(Bytes{})};
  static const std::string verifier = ledger::VerifierKey(old.origin, key.Public());
  static const std::string honest = ledger::SignCheckpoint(old, key).value();
  static const std::vector<ledger::NoteKey> witnesses = {
      ledger::MakeNoteKey("witness.example", ledger::NoteKeyKind::kWitness, key.Public())};
  if (size == 0) return 0;
  const unsigned width = 1U + data[0];
  const Bytes bytes{data + 1, size - 1};

  const auto entries = ledger::ParseBundle(bytes, width);
  if (entries.ok()) CHECK(ledger::BundleBytes(entries.value()) == ToBuffer(bytes));
  const auto hashes = ledger::ParseTile(bytes, width);
  if (hashes.ok()) CHECK(hashes.value().size() == width);
  const auto continuation = ledger::ParseContinuation(AsText(bytes));
  if (continuation.ok()) {
    CHECK(ledger::WriteContinuation(continuation.value()) == AsText(bytes));
    CHECK(!ledger::VerifyContinuation(continuation.value(), old, verifier).ok());
  }
  const auto cosigned = ledger::CosignaturesOn(honest + std::string(AsText(bytes)), witnesses);
  if (cosigned.ok()) CHECK(cosigned.value().empty());
  return 0;
}
