// Any text as a proven row, an entry proof, a scope file and a disclosure: read or refused with a reason;
// what is read is written again in one way only.
#include <cstddef>
#include <cstdint>

#include "evidence/disclosure_document.h"
#include "evidence/proof_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace probatio;
  const std::string_view text = AsText({data, size});
  if (const auto row = evidence::ProvenRowFromJson(text); row.ok() && row.value().proof.has_value()) {
    for (const seal::FaceOpening& face : row.value().proof->faces) {
      static_cast<void>(seal::VerifyFace(row.value().record, face, *row.value().proof).ok());
    }
  }
  if (const auto proof = evidence::EntryProofFromJson(text); proof.ok()) {
    const std::string written = evidence::EntryProofToJson(proof.value());
    CHECK(evidence::EntryProofToJson(evidence::EntryProofFromJson(written).value()) == written);
  }
  if (const auto scope = evidence::ParseScopeFile(text); scope.ok()) {
    CHECK(evidence::ScopeFileJson(scope.value()) == text);
  }
  static_cast<void>(evidence::DisclosureCsv(text).ok());
  return 0;
}
