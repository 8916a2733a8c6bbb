// Proven rows and entry proofs as JSON. Digests are lower-case hexadecimal; one level of a wide tree's path
// is one text, its digests one after the other as they are hashed. Thread-safe.
#include "evidence/proof_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "evidence/strict_json.h"
#include "record/json.h"

namespace probatio::evidence {
namespace {

using nlohmann::json;

constexpr std::size_t kFacesMax = 32;
constexpr std::array<std::string_view, 6> kKinds{"nat_event", "access_session", "activity",
                                                 "account",   "identity",       "sharing_rule"};

std::string_view NameOf(record::RecordKind kind) {
  return kKinds.at(static_cast<std::size_t>(kind) - 1);
}

Result<record::RecordKind> ParseKind(std::string_view name) {
  const auto* const found = std::find(kKinds.begin(), kKinds.end(), name);
  if (found == kKinds.end()) return Invalid("no such kind");
  return static_cast<record::RecordKind>(found - kKinds.begin() + 1);
}

std::string HexOf(std::span<const crypto::Digest> digests) {
  std::string hex;
  for (const crypto::Digest& digest : digests) hex += ToHex(digest);
  return hex;
}

json PathJson(const seal::WidePath& path) {
  json levels = json::array();
  for (const std::vector<crypto::Digest>& level : path) levels.push_back(HexOf(level));
  return levels;
}

json PathJson(std::span<const crypto::Digest> path) {
  json steps = json::array();
  for (const crypto::Digest& step : path) steps.push_back(ToHex(step));
  return steps;
}

json LeafJson(const seal::BlockLeaf& leaf) {
  return {{"token", ToHex(leaf.token)},
          {"position", leaf.position},
          {"last", leaf.last},
          {"next", ToHex(leaf.next)},
          {"faces_root", ToHex(leaf.faces_root)},
          {"sealed_digest", ToHex(leaf.sealed_digest)}};
}

json FaceJson(const seal::FaceOpening& face) {
  return {{"face", record::ToText(face.face)},
          {"salt", ToHex(face.salt)},
          {"commitment", ToHex(face.commitment)},
          {"path", PathJson(face.path)}};
}

json ProofJson(const seal::RowProof& proof, const std::set<record::Face>& revealed) {
  json faces = json::array();
  for (const seal::FaceOpening& face : proof.faces) {
    if (revealed.contains(face.face)) faces.push_back(FaceJson(face));
  }
  return {{"row", proof.row},
          {"commitment_count", proof.commitment_count},
          {"faces", std::move(faces)},
          {"leaf", LeafJson(proof.leaf)},
          {"leaf_index", proof.leaf_index},
          {"leaf_count", proof.leaf_count},
          {"leaf_path", PathJson(proof.leaf_path)},
          {"segment_root", ToHex(proof.segment_root)}};
}

json WindowJson(const seal::Window& window) {
  return {{"stream", seal::ToText(window.stream)},
          {"begin", window.period.begin.ToRfc3339()},
          {"end", window.period.end.ToRfc3339()}};
}

Result<std::vector<crypto::Digest>> ReadPath(JsonObject* in, const std::string& key) {
  const std::vector<std::string> steps = TRY(in->Texts(key, kTreePathMax));
  std::vector<crypto::Digest> path;
  for (const std::string& step : steps) {
    const Result<std::vector<crypto::Digest>> digest = DigestsFromHex(step, 1);
    if (!digest.ok()) return in->Wrong(fmt::format("{}[{}]", key, path.size()), digest.error().what());
    path.push_back(digest.value().front());
  }
  return path;
}

Result<seal::WidePath> ReadWidePath(JsonObject* in, const std::string& key) {
  const std::vector<std::string> levels = TRY(in->Texts(key, kWidePathMax));
  seal::WidePath path;
  for (const std::string& level : levels) {
    // The last group of a level may be a single child: nothing stands beside it.
    if (level.empty()) {
      path.emplace_back();
      continue;
    }
    Result<std::vector<crypto::Digest>> digests = DigestsFromHex(level, seal::kWideTreeWidth - 1);
    if (!digests.ok()) return in->Wrong(fmt::format("{}[{}]", key, path.size()), digests.error().what());
    path.push_back(std::move(digests).value());
  }
  return path;
}

Result<seal::BlockLeaf> ReadLeaf(JsonObject in) {
  seal::BlockLeaf leaf;
  TRY(in.Hex("token", leaf.token));
  const std::uint64_t position = TRY(in.Number("position", UINT32_MAX));
  leaf.position = static_cast<std::uint32_t>(position);
  leaf.last = TRY(in.Flag("last"));
  TRY(in.Hex("next", leaf.next));
  TRY(in.Hex("faces_root", leaf.faces_root));
  TRY(in.Hex("sealed_digest", leaf.sealed_digest));
  TRY(in.End());
  return leaf;
}

Result<seal::FaceOpening> ReadFace(JsonObject in, record::Face expected) {
  seal::FaceOpening face;
  const std::string name = TRY(in.Text("face"));
  if (name != record::ToText(expected)) return in.Wrong("face", "not the revealed face of this place");
  face.face = expected;
  TRY(in.Hex("salt", face.salt));
  TRY(in.Hex("commitment", face.commitment));
  face.path = TRY(ReadWidePath(&in, "path"));
  TRY(in.End());
  return face;
}

Result<seal::RowProof> ReadProof(JsonObject in, const std::vector<record::Face>& revealed) {
  seal::RowProof proof;
  const std::uint64_t row = TRY(in.Number("row", seal::kRowsPerBlockMax - 1));
  proof.row = static_cast<std::uint32_t>(row);
  const std::uint64_t count = TRY(in.Number("commitment_count", seal::kRowsPerBlockMax * kFacesMax));
  proof.commitment_count = static_cast<std::uint32_t>(count);
  const std::vector<JsonObject> faces = TRY(in.Objects("faces", kFacesMax));
  if (faces.size() != revealed.size()) return in.Wrong("faces", "not one for each revealed face");
  for (std::size_t i = 0; i < faces.size(); ++i) {
    seal::FaceOpening face = TRY(ReadFace(faces[i], revealed[i]));
    proof.faces.push_back(std::move(face));
  }
  const JsonObject leaf = TRY(in.Object("leaf"));
  proof.leaf = TRY(ReadLeaf(leaf));
  proof.leaf_index = TRY(in.Number("leaf_index", UINT64_MAX));
  proof.leaf_count = TRY(in.Number("leaf_count", UINT64_MAX));
  proof.leaf_path = TRY(ReadPath(&in, "leaf_path"));
  TRY(in.Hex("segment_root", proof.segment_root));
  TRY(in.End());
  return proof;
}

Result<seal::Window> ReadWindow(JsonObject in) {
  const std::string name = TRY(in.Text("stream"));
  const Result<seal::Stream> stream = seal::ParseStream(name);
  if (!stream.ok()) return in.Wrong("stream", "no such stream");
  seal::Window window{stream.value(), {}};
  window.period.begin = TRY(in.At("begin"));
  window.period.end = TRY(in.At("end"));
  TRY(in.End());
  if (window != seal::WindowOf(window.stream, window.period.begin))
    return in.Wrong("begin", "no window of the stream");
  return window;
}

// The revealed faces, in the kind's order.
Result<std::vector<record::Face>> ReadRevealed(JsonObject* in, record::RecordKind kind) {
  const std::vector<std::string> names = TRY(in->Texts("revealed", kFacesMax));
  std::vector<record::Face> faces;
  for (const record::Face face : record::FacesOf(kind)) {
    if (faces.size() < names.size() && names[faces.size()] == record::ToText(face)) faces.push_back(face);
  }
  if (faces.size() != names.size()) return in->Wrong("revealed", "not faces of the kind, in their order");
  return faces;
}

Result<record::Record> ReadRecord(JsonObject* in, record::RecordKind kind,
                                  const std::vector<record::Face>& revealed) {
  const std::string text = TRY(in->ObjectText("record"));
  Result<record::Record> record = record::FromJson(text, kind, {revealed.begin(), revealed.end()});
  if (!record.ok()) return in->Wrong("record", record.error().what());
  return record;
}

Result<seal::ProvenRow> ReadRow(JsonObject in) {
  seal::ProvenRow row;
  const std::string kind_name = TRY(in.Text("kind"));
  const Result<record::RecordKind> kind = ParseKind(kind_name);
  if (!kind.ok()) return in.Wrong("kind", kind.error().what());
  const std::vector<record::Face> revealed = TRY(ReadRevealed(&in, kind.value()));
  row.record = TRY(ReadRecord(&in, kind.value(), revealed));
  const std::string segment = TRY(in.Text("segment"));
  const Result<SegmentId> id = SegmentId::Parse(segment);
  if (!id.ok()) return in.Wrong("segment", id.error().what());
  row.segment = id.value();
  const JsonObject window = TRY(in.Object("window"));
  row.window = TRY(ReadWindow(window));
  if (in.Has("proof")) {
    const JsonObject proof = TRY(in.Object("proof"));
    row.proof = TRY(ReadProof(proof, revealed));
  }
  if (in.Has("journal_batch")) {
    if (row.proof.has_value()) return in.Wrong("journal_batch", "stands beside a proof");
    row.journal_batch = TRY(in.Base64("journal_batch"));
  }
  TRY(in.End());
  return row;
}

}  // namespace

std::string ProvenRowToJson(const seal::ProvenRow& row, const std::set<record::Face>& revealed) {
  const record::RecordKind kind = record::KindOf(row.record);
  json names = json::array();
  for (const record::Face face : record::FacesOf(kind)) {
    if (revealed.contains(face)) names.push_back(record::ToText(face));
  }
  const bool whole = names.size() == record::FacesOf(kind).size();
  json out{{"kind", NameOf(kind)},
           {"revealed", std::move(names)},
           {"record", json::parse(record::ToJson(row.record, revealed))},
           {"segment", row.segment.text()},
           {"window", WindowJson(row.window)}};
  if (row.proof.has_value()) out["proof"] = ProofJson(*row.proof, revealed);
  if (!row.proof.has_value() && whole && !row.journal_batch.empty())
    out["journal_batch"] = ToBase64(row.journal_batch);
  return out.dump();
}

Result<seal::ProvenRow> ProvenRowFromJson(std::string_view text) {
  const JsonObject in = TRY(JsonObject::Parse(text, "proven row", kProvenRowJsonBytesMax));
  return ReadRow(in);
}

std::string EntryProofToJson(const ledger::EntryProof& proof) {
  const json out{{"entry", proof.entry},
                 {"index", proof.index},
                 {"path", PathJson(proof.path)},
                 {"checkpoint", proof.checkpoint}};
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<ledger::EntryProof> EntryProofFromJson(std::string_view text) {
  JsonObject in = TRY(JsonObject::Parse(text, "entry proof", kEntryProofJsonBytesMax));
  ledger::EntryProof proof;
  proof.entry = TRY(in.Text("entry"));
  proof.index = TRY(in.Number("index", UINT64_MAX));
  proof.path = TRY(ReadPath(&in, "path"));
  proof.checkpoint = TRY(in.Text("checkpoint"));
  TRY(in.End());
  return proof;
}

}  // namespace probatio::evidence
