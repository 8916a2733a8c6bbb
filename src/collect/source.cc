#include "collect/source.h"

#include <algorithm>
#include <utility>

namespace probatio::collect {
namespace {

constexpr const char* kOtherExporters = "other exporters";

void Append(const std::vector<decode::SequenceGap>& gaps, Carries carries, std::vector<Loss>* losses) {
  for (const decode::SequenceGap& gap : gaps) losses->push_back({gap.exported, gap.records, carries});
}

}  // namespace

void Source::Take(const ArrivalBatch& batch, record::RecordBatch* out, std::vector<Rejected>* rejected) {
  for (const ArrivalBatch::Arrival& arrival : batch.arrivals()) {
    const Key key{arrival.source, arrival.source_port, arrival.connection};
    ++counts_.pieces;
    Session* const session = SessionOf(key);
    if (session == nullptr) {
      ++counts_.strangers;
      continue;
    }
    decode::Piece piece{batch.BytesOf(arrival), batch.received(), arrival.source, arrival.source_port};
    if (batch.of_file) piece = {piece.bytes, {}, {}, 0};
    const std::size_t before = out->size();
    const Status decoded = Decode(session, piece, out);
    if (!decoded.ok()) {
      ++counts_.undecodable;
      rejected->push_back({batch.listener(), piece.bytes, session->name, decoded.error()});
    }
    counts_.records += out->size() - before;
  }
  for (const EndedConnection& ended : batch.ended()) {
    const auto session = sessions_.find({ended.source, ended.source_port, ended.connection});
    if (session != sessions_.end()) End(session);
  }
  if (batch.dropped()) losses_.push_back({batch.dropped()->period, batch.dropped()->pieces, carries_});
}

// A correction that fails takes back what the piece gave: a record with an instant nobody vouches for is
// none.
Status Source::Decode(Session* session, const decode::Piece& piece, record::RecordBatch* out) {
  const record::RecordBatch::Mark before = out->mark();
  const Status decoded = session->decoder->DecodeInto(piece, out);
  const Status corrected = session->corrector.Correct(before, out);
  if (!corrected.ok()) out->GoBackTo(before);
  return decoded.ok() ? corrected : decoded;
}

Source::Session* Source::SessionOf(const Key& key) {
  auto found = sessions_.find(key);
  if (found == sessions_.end()) {
    std::optional<Session> made = MakeSession(key.ip);
    if (!made.has_value()) return nullptr;
    if (sessions_.size() == kSessionsMax) DisplaceOldest();
    found = sessions_.emplace(key, std::move(*made)).first;
    found->second.place = by_use_.insert(by_use_.end(), key);
  }
  by_use_.splice(by_use_.end(), by_use_, found->second.place);
  return &found->second;
}

// Nothing for a stranger.
std::optional<Source::Session> Source::MakeSession(const IpAddress& ip) const {
  const Exporter* const exporter = exporters_.Find(ip);
  if (exporter == nullptr) return std::nullopt;
  const std::string name = exporter->name.empty() ? ip.ToText() : exporter->name;
  return Session{exporter, name, make_(name), decode::BatchCorrector(exporter->clock)};
}

void Source::DisplaceOldest() {
  End(sessions_.find(by_use_.front()));
  ++counts_.sessions_displaced;
}

void Source::End(Sessions::iterator session) {
  decode::Decoder& decoder = *session->second.decoder;
  decoder.EndSession();
  Append(decoder.TakeGaps(), carries_, &losses_);
  const std::string& name = session->second.name;
  const bool room = ended_.size() < kEndedExportersMax || ended_.contains(name);
  Counts& sum = ended_[room ? name : kOtherExporters];
  for (const auto& [what, count] : decoder.counts()) sum[what] += count;
  by_use_.erase(session->second.place);
  sessions_.erase(session);
}

void Source::EndSessions() {
  while (!sessions_.empty()) End(sessions_.begin());
}

std::vector<Loss> Source::TakeLosses() {
  std::vector<Loss> losses = std::exchange(losses_, {});
  for (auto& [key, session] : sessions_) Append(session.decoder->TakeGaps(), carries_, &losses);
  return losses;
}

std::map<std::string, std::map<std::string, std::uint64_t>> Source::DecoderCounts() const {
  std::map<std::string, Counts> counts = ended_;
  for (const auto& [key, session] : sessions_) {
    for (const auto& [what, count] : session.decoder->counts()) counts[session.name][what] += count;
  }
  return counts;
}

}  // namespace probatio::collect
