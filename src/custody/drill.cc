// Drills as JSON, and the draw. Thread-safe.
#include "custody/drill.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

#include "evidence/proof_json.h"
#include "evidence/strict_json.h"

namespace probatio::custody {
namespace {

using evidence::JsonObject;
using nlohmann::json;

constexpr std::string_view kDrillSchema = "probatio-custody-drill/1";
constexpr std::string_view kSentDrillSchema = "probatio-custody-sent-drill/1";

Status WantSchema(JsonObject* in, std::string_view schema) {
  const std::string found = TRY(in->Text("schema"));
  if (found != schema) return in->Wrong("schema", fmt::format("not {}", schema));
  return Done{};
}

Result<DrillSegment> ReadSegment(JsonObject in) {
  DrillSegment segment;
  const std::string id = TRY(in.Text("segment"));
  const Result<SegmentId> parsed = SegmentId::Parse(id);
  if (!parsed.ok()) return in.Wrong("segment", parsed.error().what());
  segment.segment = parsed.value();
  segment.wrapped = TRY(in.Base64("wrapped"));
  TRY(in.End());
  return segment;
}

// Below `bound`, each equally likely: what would favour the small ones is drawn again.
std::uint64_t Draw(std::uint64_t bound, Random& random) {
  const std::uint64_t fair = UINT64_MAX - UINT64_MAX % bound;
  while (true) {
    std::array<std::uint8_t, 8> bytes{};
    random.Fill(bytes);
    std::uint64_t number = 0;
    for (const std::uint8_t byte : bytes) number = number << 8U | byte;
    if (number < fair) return number % bound;
  }
}

}  // namespace

std::string DrillToJson(const Drill& drill) {
  json segments = json::array();
  for (const DrillSegment& segment : drill.segments) {
    segments.push_back({{"segment", segment.segment.text()}, {"wrapped", ToBase64(segment.wrapped)}});
  }
  const json out{{"schema", kDrillSchema},
                 {"id", drill.id},
                 {"made_at", drill.made_at.ToRfc3339()},
                 {"provider", drill.provider},
                 {"reply_key", ToHex(drill.reply_key)},
                 {"segments", std::move(segments)}};
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Drill> DrillFromJson(std::string_view text) {
  JsonObject in = TRY(JsonObject::Parse(text, "drill", kDrillBytesMax));
  TRY(WantSchema(&in, kDrillSchema));
  Drill drill;
  std::array<std::uint8_t, 16> id{};
  TRY(in.Hex("id", id));
  drill.id = ToHex(id);
  drill.made_at = TRY(in.At("made_at"));
  drill.provider = TRY(in.Text("provider"));
  TRY(in.Hex("reply_key", drill.reply_key));
  const Status reply_key = crypto::CheckBoxPublicKey(drill.reply_key);
  if (!reply_key.ok()) return in.Wrong("reply_key", reply_key.error().what());
  const std::vector<JsonObject> segments = TRY(in.Objects("segments", kDrillSegmentsMax));
  for (const JsonObject& segment : segments) {
    DrillSegment read = TRY(ReadSegment(segment));
    drill.segments.push_back(std::move(read));
  }
  TRY(in.End());
  if (drill.segments.empty()) return in.Wrong("segments", "empty");
  return drill;
}

std::string SentDrillToJson(const SentDrill& sent) {
  const json out{{"schema", kSentDrillSchema},
                 {"drill", sent.drill_json},
                 {"entry", json::parse(evidence::EntryProofToJson(sent.entry))}};
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<SentDrill> SentDrillFromJson(std::string_view text) {
  JsonObject in = TRY(JsonObject::Parse(text, "sent drill", kSentDrillBytesMax));
  TRY(WantSchema(&in, kSentDrillSchema));
  SentDrill sent;
  sent.drill_json = TRY(in.Text("drill"));
  const std::string entry = TRY(in.ObjectText("entry"));
  Result<ledger::EntryProof> proof = evidence::EntryProofFromJson(entry);
  if (!proof.ok()) return in.Wrong("entry", proof.error().what());
  sent.entry = std::move(proof).value();
  TRY(in.End());
  return sent;
}

std::vector<seal::SegmentInfo> PickForDrill(std::vector<seal::SegmentInfo> segments, std::size_t count,
                                            Random& random) {
  // Of a segment that was purged or replaced the wrapped key is gone.
  std::erase_if(segments, [](const seal::SegmentInfo& info) {
    return info.state != seal::SegmentState::kClosed && info.state != seal::SegmentState::kClosedByCrash;
  });
  count = std::min({count, segments.size(), kDrillSegmentsMax});
  for (std::size_t i = 0; i < count; ++i) {
    std::swap(segments[i], segments[i + Draw(segments.size() - i, random)]);
  }
  segments.resize(count);
  return segments;
}

}  // namespace probatio::custody
