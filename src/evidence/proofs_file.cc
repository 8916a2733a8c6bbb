// Writes and reads proofs.json out of the parts of proof_json.h. Thread-safe.
#include "evidence/proofs_file.h"

#include <nlohmann/json.hpp>

#include "evidence/proof_json.h"
#include "evidence/strict_json.h"

namespace probatio::evidence {
namespace {

using nlohmann::json;

constexpr std::string_view kSchema = "probatio-proofs/1";
constexpr std::size_t kRevealedMax = 32;

json EntryJson(const ledger::EntryProof& proof) {
  return json::parse(EntryProofToJson(proof));
}

// Without its journal batch, which holds other people's rows too, if only sealed.
json RowJson(const DisclosedRow& row) {
  seal::ProvenRow alone = *row.row;
  alone.journal_batch.clear();
  return json::parse(ProvenRowToJson(alone, row.faces));
}

Result<ledger::EntryProof> ReadEntry(JsonObject* in, const std::string& key) {
  const std::string text = TRY(in->ObjectText(key));
  Result<ledger::EntryProof> proof = EntryProofFromJson(text);
  if (!proof.ok()) return in->Wrong(key, proof.error().what());
  return proof;
}

Status ReadRowInto(JsonObject in, Proofs* proofs) {
  const std::string id = TRY(in.Text("id"));
  const std::string text = TRY(in.ObjectText("row"));
  JsonObject shown = TRY(in.Object("row"));
  proofs->revealed[id] = TRY(shown.Texts("revealed", kRevealedMax));
  TRY(in.End());
  if (id != "R" + std::to_string(proofs->rows.size() + 1))
    return in.Wrong("id", "not the number of its place");
  Result<seal::ProvenRow> row = ProvenRowFromJson(text);
  if (!row.ok()) return in.Wrong("row", row.error().what());
  if (!row.value().journal_batch.empty()) return in.Wrong("row", "holds a journal batch");
  proofs->rows.emplace(id, std::move(row).value());
  return Done{};
}

Status ReadSegmentInto(JsonObject in, Proofs* proofs) {
  const std::string name = TRY(in.Text("segment"));
  const Result<SegmentId> segment = SegmentId::Parse(name);
  if (!segment.ok()) return in.Wrong("segment", segment.error().what());
  ledger::EntryProof closed = TRY(ReadEntry(&in, "closed"));
  TRY(in.End());
  if (!proofs->segments.empty() && !(proofs->segments.rbegin()->first < segment.value())) {
    return in.Wrong("segment", "not after the one before it");
  }
  proofs->segments.emplace(segment.value(), std::move(closed));
  return Done{};
}

}  // namespace

std::string ProofsJson(const Disclosure& disclosure) {
  json rows = json::array();
  for (const DisclosedRow& row : RowsOf(disclosure)) rows.push_back({{"id", row.id}, {"row", RowJson(row)}});
  json segments = json::array();
  for (const auto& [segment, closed] : disclosure.segments) {
    segments.push_back({{"segment", segment.text()}, {"closed", EntryJson(closed)}});
  }
  const json out{{"schema", kSchema},
                 {"rows", std::move(rows)},
                 {"segments", std::move(segments)},
                 {"order_received", EntryJson(disclosure.order_received)},
                 {"executed", EntryJson(disclosure.executed)},
                 {"ledger_key", disclosure.ledger_key}};
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Proofs> ParseProofs(std::string_view text) {
  JsonObject in = TRY(JsonObject::Parse(text, "proofs", kProofsBytesMax));
  const std::string schema = TRY(in.Text("schema"));
  if (schema != kSchema) return in.Wrong("schema", "not " + std::string(kSchema));
  Proofs proofs;
  const std::vector<JsonObject> rows = TRY(in.Objects("rows", kDisclosedRowsMax));
  for (const JsonObject& row : rows) TRY(ReadRowInto(row, &proofs));
  const std::vector<JsonObject> segments = TRY(in.Objects("segments", kDisclosedRowsMax));
  for (const JsonObject& segment : segments) TRY(ReadSegmentInto(segment, &proofs));
  proofs.order_received = TRY(ReadEntry(&in, "order_received"));
  proofs.executed = TRY(ReadEntry(&in, "executed"));
  proofs.ledger_key = TRY(in.Text("ledger_key"));
  TRY(in.End());
  // No ledger entry covers this file: what is written in another way would be another file with the same
  // proofs.
  if (json::parse(text.begin(), text.end()).dump() != text) return Invalid("proofs: not in canonical form");
  return proofs;
}

}  // namespace probatio::evidence
