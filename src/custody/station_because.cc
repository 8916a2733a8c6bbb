#include "custody/station_because.h"

#include <fmt/format.h>

#include <algorithm>

#include "custody/journal_row.h"

namespace probatio::custody {
namespace {

constexpr std::size_t kRunDigits = 8;

bool IsRun(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::string FieldOf(const ledger::Entry& entry, const std::string& name) {
  const auto found = entry.fields.find(name);
  return found == entry.fields.end() ? std::string() : found->second;
}

// The ledger's word on how the row's segment ended.
Result<ledger::Entry> EndOfSegment(const Question& question, const Anchors& anchors) {
  const seal::ProvenRow& row = *question.look_up.because;
  if (!question.because_closed.has_value()) return Denied("no ledger entry for its segment");
  const Result<ledger::ProvedEntry> proved =
      ledger::VerifyEntry(*question.because_closed, anchors.ledger_key);
  if (!proved.ok()) return Denied("ledger entry of its segment: " + proved.error().what());
  const ledger::Entry& entry = proved.value().entry;
  const std::string_view type = row.proof.has_value() ? "segment_closed" : "segment_closed_by_crash";
  const bool resealed = row.proof.has_value() && entry.type == "segment_resealed";
  if (entry.type != type && !resealed)
    return Denied(fmt::format("the ledger entry of its segment is not {}", type));
  if (FieldOf(entry, "segment") != row.segment.text())
    return Denied("the ledger entry is of another segment");
  return entry;
}

Status CheckWindowOfRow(const seal::ProvenRow& row) {
  TRY(CheckSegmentName(row.segment, row.window));
  if (seal::IsSubjectStream(seal::StreamOf(row.record))) return Denied("a row of a subject leads no further");
  if (!seal::MayStandIn(row.window, row.record)) return Denied("the row does not belong to its window");
  return Done{};
}

// Every face: a face left out would be a part of the row that nobody proved.
Status CheckProof(const seal::ProvenRow& row, const ledger::Entry& closed) {
  const seal::RowProof& proof = *row.proof;
  const std::vector<record::Face>& faces = record::FacesOf(record::KindOf(row.record));
  const auto same = [](const seal::FaceOpening& opening, record::Face face) { return opening.face == face; };
  if (!std::equal(proof.faces.begin(), proof.faces.end(), faces.begin(), faces.end(), same)) {
    return Denied("not all faces are proved");
  }
  for (const seal::FaceOpening& face : proof.faces) {
    const Status verified = seal::VerifyFace(row.record, face, proof);
    if (!verified.ok()) return Denied(verified.error().what());
  }
  if (FieldOf(closed, "root") != ToHex(proof.segment_root)) return Denied("the ledger holds another root");
  return Done{};
}

Status CheckJournal(const Question& question, StationKeys* keys) {
  const seal::ProvenRow& row = *question.look_up.because;
  if (!question.because_segment.has_value()) return Denied("neither a proof nor the key of its dead segment");
  if (question.because_segment->segment != row.segment) return Denied("the dead segment sent is another one");
  seal::WindowKeys* const segment_keys = TRY(keys->Of(*question.because_segment));
  const Status found = CheckRowInBatch(row.segment, row.journal_batch, *segment_keys, row.record);
  if (!found.ok()) return Denied(found.error().what());
  return Done{};
}

}  // namespace

Status CheckSegmentName(const SegmentId& segment, const seal::Window& window) {
  const std::string& text = segment.text();
  const std::string run = text.substr(text.size() - std::min(text.size(), kRunDigits));
  if (run.size() != kRunDigits || !IsRun(run)) return Denied("segment: its id names no run");
  if (window != seal::WindowOf(window.stream, window.period.begin))
    return Denied("segment: no window of its stream");
  if (segment != seal::MakeSegmentId(window, run)) return Denied("segment: its id names another window");
  return Done{};
}

Status CheckBecause(const Question& question, const Anchors& anchors, StationKeys* keys) {
  if (!question.look_up.because.has_value()) return Done{};
  const seal::ProvenRow& row = *question.look_up.because;
  TRY(CheckWindowOfRow(row));
  const ledger::Entry closed = TRY(EndOfSegment(question, anchors));
  if (row.proof.has_value()) return CheckProof(row, closed);
  if (question.held.has_value()) return Done{};
  return CheckJournal(question, keys);
}

}  // namespace probatio::custody
