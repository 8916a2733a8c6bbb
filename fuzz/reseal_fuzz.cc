// Any bytes as a file to the station or back, as a request in it, as parts of a closed segment: refused or
// read, and what is read as new segments is written again as the same bytes.
#include "custody/reseal.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace probatio;
  const Bytes bytes(data, size);
  const Result<custody::Reseal> reseal = custody::ResealFromJson(AsText(bytes));
  if (reseal.ok()) CHECK(custody::ResealFromJson(custody::ResealToJson(reseal.value())).ok());
  (void)custody::SentResealFromJson(AsText(bytes)).ok();
  (void)seal::ParseResealFile(bytes).ok();
  (void)seal::SealedFrom({&bytes, 1}, 1).ok();
  const Result<seal::Resealed> resealed = seal::ParseResealed(bytes);
  if (!resealed.ok()) return 0;
  for (const seal::ResealedSegment& segment : resealed.value().segments) {
    if (!seal::CheckChain(segment.sealed.leaves).ok()) return 0;  // found by whoever takes it in
  }
  const Buffer body = seal::ResealedBody(resealed.value()).value();
  CHECK(seal::ResealedBytes(body, resealed.value().signatures).value() == ToBuffer(bytes));
  return 0;
}
