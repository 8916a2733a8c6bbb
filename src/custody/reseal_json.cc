// Requests to seal anew as JSON. Thread-safe.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "custody/reseal.h"
#include "evidence/proof_json.h"
#include "evidence/strict_json.h"

namespace probatio::custody {
namespace {

using evidence::JsonObject;
using nlohmann::json;

constexpr std::string_view kSchema = "probatio-custody-reseal/1";
constexpr std::string_view kSentSchema = "probatio-custody-sent-reseal/1";

std::string Dumped(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

Status WantSchema(JsonObject* in, std::string_view schema) {
  const std::string found = TRY(in->Text("schema"));
  if (found != schema) return in->Wrong("schema", fmt::format("not {}", schema));
  return Done{};
}

Result<ledger::EntryProof> ReadProof(JsonObject* in, const std::string& key) {
  const std::string text = TRY(in->ObjectText(key));
  Result<ledger::EntryProof> proof = evidence::EntryProofFromJson(text);
  if (!proof.ok()) return in->Wrong(key, proof.error().what());
  return proof;
}

Result<ResealSource> ReadSource(JsonObject in) {
  ResealSource source;
  const std::string id = TRY(in.Text("segment"));
  const Result<SegmentId> parsed = SegmentId::Parse(id);
  if (!parsed.ok()) return in.Wrong("segment", parsed.error().what());
  source.segment = parsed.value();
  source.wrapped = TRY(in.Base64("wrapped"));
  source.closed = TRY(ReadProof(&in, "closed"));
  TRY(in.End());
  return source;
}

}  // namespace

std::string_view ToText(ResealKind kind) {
  switch (kind) {
    case ResealKind::kRebuild:
      return "rebuild";
    case ResealKind::kMerge:
      return "merge";
    case ResealKind::kVerify:
      return "verify";
  }
  CHECK(false);
  return "";
}

Result<ResealKind> ParseResealKind(std::string_view text) {
  for (const ResealKind kind : {ResealKind::kRebuild, ResealKind::kMerge, ResealKind::kVerify}) {
    if (ToText(kind) == text) return kind;
  }
  return Invalid("one of rebuild, merge, verify");
}

std::string ResealToJson(const Reseal& reseal) {
  json sources = json::array();
  for (const ResealSource& source : reseal.sources) {
    sources.push_back({{"segment", source.segment.text()},
                       {"wrapped", ToBase64(source.wrapped)},
                       {"closed", json::parse(evidence::EntryProofToJson(source.closed))}});
  }
  return Dumped({{"schema", kSchema},
                 {"id", reseal.id},
                 {"made_at", reseal.made_at.ToRfc3339()},
                 {"provider", reseal.provider},
                 {"kind", ToText(reseal.kind)},
                 {"run", reseal.run},
                 {"padded", reseal.padded},
                 {"sources", std::move(sources)}});
}

Result<Reseal> ResealFromJson(std::string_view text) {
  JsonObject in = TRY(JsonObject::Parse(text, "reseal", kResealBytesMax));
  TRY(WantSchema(&in, kSchema));
  Reseal reseal;
  std::array<std::uint8_t, 16> id{};
  TRY(in.Hex("id", id));
  reseal.id = ToHex(id);
  reseal.made_at = TRY(in.At("made_at"));
  reseal.provider = TRY(in.Text("provider"));
  const std::string kind = TRY(in.Text("kind"));
  const Result<ResealKind> parsed = ParseResealKind(kind);
  if (!parsed.ok()) return in.Wrong("kind", parsed.error().what());
  reseal.kind = parsed.value();
  std::array<std::uint8_t, 4> run{};
  TRY(in.Hex("run", run));
  reseal.run = ToHex(run);
  reseal.padded = TRY(in.Flag("padded"));
  const std::vector<JsonObject> sources = TRY(in.Objects("sources", seal::kResealSourcesMax));
  for (const JsonObject& source : sources) {
    ResealSource read = TRY(ReadSource(source));
    reseal.sources.push_back(std::move(read));
  }
  TRY(in.End());
  if (reseal.sources.empty()) return in.Wrong("sources", "empty");
  return reseal;
}

std::string SentResealToJson(const SentReseal& sent) {
  return Dumped({{"schema", kSentSchema},
                 {"reseal", sent.reseal_json},
                 {"entry", json::parse(evidence::EntryProofToJson(sent.entry))}});
}

Result<SentReseal> SentResealFromJson(std::string_view text) {
  JsonObject in = TRY(JsonObject::Parse(text, "sent reseal", kSentResealBytesMax));
  TRY(WantSchema(&in, kSentSchema));
  SentReseal sent;
  sent.reseal_json = TRY(in.Text("reseal"));
  sent.entry = TRY(ReadProof(&in, "entry"));
  TRY(in.End());
  return sent;
}

}  // namespace probatio::custody
