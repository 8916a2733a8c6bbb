// Any bytes as the files of a package: the first byte says which one; the rest is put into a container and
// verified. Never a crash, and never valid: nothing here is signed.
#include <cstddef>
#include <cstdint>

#include "evidence/verify.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace probatio;
  static constexpr std::array<const char*, 6> kNames{"disclosure.json",       "scope.json",
                                                     "proofs.json",           "META-INF/ASiCManifest.xml",
                                                     "ledger/checkpoint.txt", "ledger/checkpoint.tst"};
  if (size == 0) return 0;
  const std::string_view mimetype = evidence::kMimeType;
  const std::vector<evidence::Member> members{
      {"mimetype", ToBuffer(AsBytes(mimetype))},
      {"report.pdf", {}},
      {kNames[data[0] % kNames.size()], Buffer(data + 1, data + size)}};
  const Buffer package = evidence::WriteContainer(members).value();
  const auto verification = evidence::VerifyPackage(package, {});
  CHECK(verification.ok() && !verification.value().valid);
  CHECK(!evidence::VerificationText(verification.value()).empty());
  CHECK(!evidence::VerificationJson(verification.value()).empty());
  return 0;
}
