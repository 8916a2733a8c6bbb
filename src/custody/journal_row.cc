#include "custody/journal_row.h"

#include <algorithm>

#include "crypto/aead.h"
#include "seal/journal_format.h"

namespace probatio::custody {

Result<std::vector<record::Record>> SearchBatch(const SegmentId& segment, Bytes batch, const Key& index_key,
                                                const seal::Token& token, const seal::TokenKeys& keys) {
  if (batch.size() > seal::kBatchBytesMax) return Invalid("journal batch: too long");
  const seal::BatchParts parts = TRY(seal::SplitBatch(batch));
  if (parts.header.segment != segment) return CryptoError("journal batch: of another segment");
  const Secret index =
      TRY_IN("journal batch: index", crypto::Open(index_key, parts.index, parts.header_bytes));
  const seal::BatchIndex parsed = TRY(seal::ParseIndex(index.reveal(), parts.fragments.size()));
  const auto place = std::find_if(parsed.places.begin(), parsed.places.end(),
                                  [&](const seal::FragmentPlace& known) { return known.token == token; });
  if (place == parsed.places.end()) return std::vector<record::Record>();
  const Bytes sealed = parts.fragments.subspan(place->offset, place->length);
  const Buffer associated_data = seal::FragmentAssociatedData(parts.header_bytes, token);
  const Secret plain = TRY_IN("journal batch: fragment", crypto::Open(keys.block, sealed, associated_data));
  return seal::ParseFragment(plain.reveal(), parsed);
}

Status CheckRowInBatch(const SegmentId& segment, Bytes batch, seal::WindowKeys& keys,
                       const record::Record& record) {
  const seal::Filing filing = TRY(seal::FilingOf(record));
  std::vector<seal::Selector> selectors{filing.primary};
  for (const auto& [selector, light] : filing.secondary) selectors.push_back(selector);
  const Key index_key = keys.JournalIndexKey();
  for (const seal::Selector& selector : selectors) {
    const seal::Token token = keys.TokenOf(selector);
    const std::vector<record::Record> rows =
        TRY(SearchBatch(segment, batch, index_key, token, keys.KeysOf(token)));
    if (std::find(rows.begin(), rows.end(), record) != rows.end()) return Done{};
  }
  return Denied("the journal batch does not hold the row");
}

}  // namespace probatio::custody
