// Any bytes as a checkpoint are refused, because no fuzzer signs; after an honest note they are signature
// lines by unknown keys or spoil it; as a verifier key they open nothing.
#include "ledger/checkpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace probatio;
  static const crypto::PrivateKey key = crypto::PrivateKey::GenerateEd25519();
  static const ledger::Checkpoint checkpoint{"probatio.example/fuzz", 7, crypto::Sha256(Bytes{})};
  static const std::string verifier = ledger::VerifierKey(checkpoint.origin, key.Public());
  static const std::string honest = ledger::SignCheckpoint(checkpoint, key).value();

  const std::string_view bytes = AsText({data, size});
  CHECK(!ledger::OpenCheckpoint(bytes, verifier).ok());
  const Result<ledger::Checkpoint> opened = ledger::OpenCheckpoint(honest + std::string(bytes), verifier);
  if (opened.ok()) CHECK(opened.value() == checkpoint);
  // As a verifier key, any text is refused or belongs to somebody else.
  CHECK(!ledger::OpenCheckpoint(honest, std::string(bytes)).ok());
  return 0;
}
