// Finding rows. Layout 1 can only be decoded whole, so there the hint saves what follows, not the decoding.
#include "seal/block_rows.h"

namespace probatio::seal {
namespace {

bool MayAnswer(const record::Record& record, const RowHint& hint) {
  if (!hint.public_port.has_value()) return true;
  const auto* nat = std::get_if<record::NatEvent>(&record);
  return nat == nullptr || nat->public_port == hint.public_port;
}

}  // namespace

Result<std::vector<PlacedRow>> FindRows(Bytes packed, const RowHint& hint) {
  std::vector<record::Record> all = TRY(AllRows(packed));
  std::vector<PlacedRow> found;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (MayAnswer(all[i], hint)) found.push_back({static_cast<std::uint32_t>(i), std::move(all[i])});
  }
  return found;
}

Result<std::vector<record::Record>> AllRows(Bytes packed) {
  return DecodeRows(packed);
}

}  // namespace probatio::seal
