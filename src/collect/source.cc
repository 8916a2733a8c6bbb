#include "collect/source.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "decode/time/correct_records.h"

namespace probatio::collect {
namespace {

void Append(const std::vector<decode::SequenceGap>& gaps, Carries carries, std::vector<Loss>* losses) {
  for (const decode::SequenceGap& gap : gaps) losses->push_back({gap.exported, gap.records, carries});
}

}  // namespace

void Source::Take(const ArrivalBatch& batch, std::vector<record::Record>* records,
                  std::vector<Rejected>* rejected) {
  for (const ArrivalBatch::Arrival& arrival : batch.arrivals()) {
    ++counts_.pieces;
    Session* const session = SessionOf(arrival);
    if (session == nullptr) {
      ++counts_.strangers;
      continue;
    }
    decode::Piece piece{batch.BytesOf(arrival), batch.received(), arrival.source, arrival.source_port};
    if (batch.of_file) piece = {piece.bytes, {}, {}, 0};
    const std::size_t before = records->size();
    const Status decoded = Decode(session, piece, records);
    if (!decoded.ok()) {
      ++counts_.undecodable;
      rejected->push_back({piece.bytes, session->name, decoded.error()});
    }
    counts_.records += records->size() - before;
  }
}

// A correction that fails takes back what the piece gave: a record with an instant nobody vouches for is
// none.
Status Source::Decode(Session* session, const decode::Piece& piece, std::vector<record::Record>* records) {
  const std::size_t before = records->size();
  const Status decoded = session->decoder->Decode(piece, records);
  const Status corrected =
      decode::CorrectRecords(session->exporter->clock, std::span<record::Record>(*records).subspan(before));
  if (!corrected.ok()) records->resize(before);
  return decoded.ok() ? corrected : decoded;
}

Source::Session* Source::SessionOf(const ArrivalBatch::Arrival& arrival) {
  const Key key{arrival.source, arrival.source_port};
  auto found = sessions_.find(key);
  if (found == sessions_.end()) {
    const Exporter* const exporter = exporters_.Find(arrival.source);
    if (exporter == nullptr) return nullptr;
    if (sessions_.size() == kSessionsMax) DisplaceOldest();
    const std::string name = exporter->name.empty() ? arrival.source.ToText() : exporter->name;
    found = sessions_.emplace(key, Session{exporter, name, make_(name), 0}).first;
  }
  found->second.last_used = counts_.pieces;
  return &found->second;
}

void Source::DisplaceOldest() {
  const auto oldest = std::min_element(
      sessions_.begin(), sessions_.end(),
      [](const auto& one, const auto& other) { return one.second.last_used < other.second.last_used; });
  Append(oldest->second.decoder->TakeGaps(), carries_, &losses_);
  sessions_.erase(oldest);
  ++counts_.sessions_displaced;
}

std::vector<Loss> Source::TakeLosses() {
  std::vector<Loss> losses = std::exchange(losses_, {});
  for (auto& [key, session] : sessions_) Append(session.decoder->TakeGaps(), carries_, &losses);
  return losses;
}

std::map<std::string, std::map<std::string, std::uint64_t>> Source::DecoderCounts() const {
  std::map<std::string, std::map<std::string, std::uint64_t>> counts;
  for (const auto& [key, session] : sessions_) {
    for (const auto& [what, count] : session.decoder->counts()) counts[session.name][what] += count;
  }
  return counts;
}

}  // namespace probatio::collect
