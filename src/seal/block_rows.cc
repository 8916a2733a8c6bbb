// Finding rows. Layout 1 can only be decoded whole, so there the hint saves what follows, not the decoding.
#include "seal/block_rows.h"

#include <fmt/format.h>

#include "seal/nat_block.h"
#include "seal/nat_codec.h"
#include "seal/nat_commit.h"
#include "seal/nat_event_row.h"

namespace probatio::seal {
namespace {

bool IsNat(Bytes packed) {
  return !packed.empty() && packed[0] == kNatLayout;
}

bool MayAnswer(const record::Record& record, const RowHint& hint) {
  if (!hint.public_port.has_value()) return true;
  const auto* nat = std::get_if<record::NatEvent>(&record);
  return nat == nullptr || nat->public_port == hint.public_port;
}

Result<record::Record> RecordOf(const NatRow& row, const NatTables& tables) {
  record::Record record = EventOf(row, tables);
  TRY(record::CheckRecord(record));
  return record;
}

Result<std::vector<PlacedRow>> FindNat(Bytes packed, std::uint16_t port) {
  const PlacedNatRows found = TRY(FindNatRows(packed, port));
  std::vector<PlacedRow> rows;
  for (std::size_t i = 0; i < found.rows.size(); ++i) {
    record::Record record =
        TRY_IN(fmt::format("row {}", found.places[i]), RecordOf(found.rows[i], found.tables));
    rows.push_back({found.places[i], std::move(record)});
  }
  return rows;
}

Result<std::vector<record::Record>> RecordsOf(const NatRows& all) {
  std::vector<record::Record> records;
  records.reserve(all.rows.size());
  for (const NatRow& row : all.rows) {
    record::Record record = TRY_IN(fmt::format("row {}", records.size()), RecordOf(row, all.tables));
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace

Result<std::vector<PlacedRow>> FindRows(Bytes packed, const RowHint& hint) {
  if (IsNat(packed) && hint.public_port.has_value()) return FindNat(packed, *hint.public_port);
  std::vector<record::Record> all = TRY(AllRows(packed));
  std::vector<PlacedRow> found;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (MayAnswer(all[i], hint)) found.push_back({static_cast<std::uint32_t>(i), std::move(all[i])});
  }
  return found;
}

Result<std::vector<record::Record>> AllRows(Bytes packed) {
  if (!IsNat(packed)) return DecodeRows(packed);
  const NatRows all = TRY(DecodeNatRows(packed));
  return RecordsOf(all);
}

Result<CommittedRows> CommitAll(Bytes packed, const Key& salt_key, std::uint64_t first_row) {
  CommittedRows committed;
  if (!IsNat(packed)) {
    committed.rows = TRY(DecodeRows(packed));
    committed.commitments = CommitRows(committed.rows, salt_key, first_row);
    return committed;
  }
  const NatRows all = TRY(DecodeNatRows(packed));
  committed.rows = TRY(RecordsOf(all));
  committed.commitments = NatCommitter(all.tables).Commit(all.rows, salt_key, first_row);
  return committed;
}

}  // namespace probatio::seal
