#include "custody/found_rows.h"

#include <algorithm>

namespace probatio::custody {
namespace {

using seal::ProvenRow;

Instant InstantOf(const record::Record& record) {
  return record::OriginOf(record).at.at;
}

bool IsFiledUnder(const record::Record& record, const seal::Selector& selector) {
  const Result<seal::Filing> filing = seal::FilingOf(record);
  if (!filing.ok()) return false;
  if (filing.value().primary == selector) return true;
  const auto& secondary = filing.value().secondary;
  return std::any_of(secondary.begin(), secondary.end(),
                     [&](const auto& copy) { return copy.first == selector; });
}

// The port that the line asks about; nothing where its subject is no tuple.
std::optional<std::uint16_t> PortOf(const order::Scope& scope, const resolve::LookUp& look_up) {
  const order::ScopeLine* const line = scope.Find(look_up.line);
  if (line == nullptr || !line->subject.tuple.has_value()) return std::nullopt;
  return line->subject.tuple->port;
}

}  // namespace

Wanted WantedBy(const order::Scope& scope, const resolve::LookUp& look_up) {
  const std::optional<std::uint16_t> port = PortOf(scope, look_up);
  const bool by_port = look_up.selector.kind == seal::SelectorKind::kPublicTuple && port.has_value();
  const auto test = [&look_up, port, by_port](const record::Record& record) {
    if (!IsFiledUnder(record, look_up.selector)) return false;
    if (look_up.selector.kind == seal::SelectorKind::kSubject) return true;
    if (!look_up.period.Contains(InstantOf(record))) return false;
    return !by_port || std::get<record::NatEvent>(record).public_port == port;
  };
  return {{by_port ? port : std::nullopt}, test};
}

Place PlaceOf(const ProvenRow& row) {
  if (!row.proof.has_value()) return {row.segment, record::RecordBytes(row.record)};
  ByteWriter place;
  place.U64(row.proof->leaf_index);
  place.U32(row.proof->row);
  return {row.segment, place.Take()};
}

void SortByInstant(std::vector<ProvenRow>* rows) {
  std::stable_sort(rows->begin(), rows->end(), [](const ProvenRow& a, const ProvenRow& b) {
    return InstantOf(a.record) < InstantOf(b.record);
  });
}

void FoundRows::Add(const resolve::LookUp& look_up, std::vector<ProvenRow> rows) {
  const bool subject = look_up.selector.kind == seal::SelectorKind::kSubject;
  for (const ProvenRow& row : rows) {
    const std::span<const ProvenRow> all = subject ? std::span<const ProvenRow>(rows) : std::span(&row, 1);
    if (!look_up.period.Contains(InstantOf(row.record))) continue;
    if (!retention_.Kept(all, row, now_)) {
      AddRetentionGap(row);
    } else if (places_.insert(PlaceOf(row)).second) {
      rows_.push_back(row);
    }
  }
}

// The window's period, not the row's instant: what may no longer be read is not told either.
void FoundRows::AddRetentionGap(const ProvenRow& row) {
  const std::string note =
      std::string(seal::ToText(row.window.stream)) + ": rows older than may still be read";
  const auto same = [&](const resolve::Gap& gap) {
    return gap.period == row.window.period && gap.note == note;
  };
  if (std::any_of(gaps_.begin(), gaps_.end(), same)) return;
  gaps_.push_back({resolve::GapKind::kOutsideRetention, row.window.period, note, row.window.stream});
}

resolve::Found FoundRows::Take(std::uint64_t segments_searched) {
  SortByInstant(&rows_);
  return {std::move(rows_), std::move(gaps_), segments_searched};
}

}  // namespace probatio::custody
