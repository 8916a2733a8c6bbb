// Sealed columns: AES-256-GCM with the cell's place as associated data. For one thread as its Random allows.
#include "casebook/sealed_columns.h"

#include <fmt/format.h>

#include "crypto/digest.h"

namespace probatio::casebook {
namespace {

// Length-prefixed, so that no two cells have the same bytes.
Buffer PlaceOf(const Cell& cell) {
  ByteWriter place;
  place.Field(AsBytes(cell.table));
  place.Field(AsBytes(cell.column));
  place.Field(AsBytes(cell.row));
  return place.Take();
}

}  // namespace

SealedColumns::SealedColumns(const Key& deployment_key, Random& random)
    : key_(crypto::Hkdf(deployment_key, {AsBytes("probatio casebook columns/1")})), random_(&random) {}

std::string SealedColumns::Seal(const Cell& cell, std::string_view plain) const {
  return ToBase64(crypto::Seal(key_, AsBytes(plain), PlaceOf(cell), *random_));
}

Result<std::string> SealedColumns::Open(const Cell& cell, std::string_view sealed) const {
  const std::string place = fmt::format("casebook: {}.{}", cell.table, cell.column);
  const Result<Buffer> bytes = FromBase64(sealed);
  if (!bytes.ok()) return CryptoError(place + ": not a sealed value");
  const Secret plain = TRY_IN(place, crypto::Open(key_, bytes.value(), PlaceOf(cell)));
  return std::string(AsText(plain.reveal()));
}

}  // namespace probatio::casebook
