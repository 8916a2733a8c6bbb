// A block of NAT rows: what decodes must encode to the same octets, a look-up must agree with it, and nothing
// may crash, whatever the look-up reads without having checked the rest.
#include "seal/nat_codec.h"

using namespace probatio;  // NOLINT(google-build-using-namespace)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(data, size);
  const auto rows = seal::DecodeNatRows(input);
  const std::uint16_t port = rows.ok() ? rows.value().rows.back().port : 2000;
  const auto found = seal::FindNatRows(input, port);
  if (!rows.ok()) return 0;
  CHECK(seal::EncodeNatRows(rows.value().rows, rows.value().tables) == ToBuffer(input));
  CHECK(found.ok());
  std::size_t next = 0;
  for (std::size_t i = 0; i < rows.value().rows.size(); ++i) {
    const seal::NatRow& row = rows.value().rows[i];
    const seal::NatShape& shape = rows.value().tables.shapes()[row.shape];
    if (!shape.block && !(shape.has_port && row.port == port)) continue;
    CHECK(next < found.value().places.size() && found.value().places[next] == i);
    CHECK(found.value().rows[next].at_ns == row.at_ns && found.value().rows[next].end_ns == row.end_ns);
    ++next;
  }
  CHECK(next == found.value().rows.size());
  return 0;
}
