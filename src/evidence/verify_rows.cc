// Each disclosed row up to the ledger: face, block, segment root, closing entry. Thread-safe.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <set>

#include "evidence/verify_parts.h"
#include "record/json.h"

namespace probatio::evidence {
namespace {

std::string FieldOf(const ledger::Entry& entry, const std::string& name) {
  const auto field = entry.fields.find(name);
  return field == entry.fields.end() ? "" : field->second;
}

class RowCheck {
 public:
  RowCheck(const PackageFiles& files, const LedgerView& ledger, const ReadRow& row,
           const seal::ProvenRow& proven, Findings* findings)
      : files_(files), ledger_(ledger), row_(row), proven_(proven), findings_(findings) {}

  void Run() {
    CheckSame();
    CheckWindow();
    const auto closed = ledger_.closed.find(proven_.segment);
    if (closed == ledger_.closed.end()) return Finding("no entry of the ledger closes its segment");
    if (proven_.proof.has_value()) {
      CheckProof(*proven_.proof, closed->second);
    } else if (closed->second.type != "segment_closed_by_crash") {
      Finding("has no proof, and its segment was not closed by a crash");
    }
    CheckGrade();
  }

 private:
  void Finding(const std::string& what) { findings_->push_back(row_.id + ": " + what); }

  // disclosure.json shows the row that proofs.json proves, and no more of it.
  void CheckSame() {
    std::set<record::Face> faces;
    for (const std::string& name : row_.faces) {
      const Result<record::Face> face = record::ParseFace(name);
      if (!face.ok() || !faces.insert(face.value()).second)
        return Finding("disclosure.json: faces cannot be read");
    }
    if (row_.segment != proven_.segment.text())
      Finding("disclosure.json and proofs.json name different segments");
    const std::string proved = nlohmann::json::parse(record::ToJson(proven_.record, faces)).dump();
    if (proved != row_.record) Finding("disclosure.json and proofs.json show different records");
    // Of a row with a proof these are the faces it opens, of one from a journal what its record holds.
    if (files_.proofs->revealed.at(row_.id) != row_.faces) {
      Finding("disclosure.json and proofs.json show different faces");
    }
  }

  void CheckWindow() {
    const std::string name = seal::MakeSegmentId(proven_.window, "00000000").text();
    const std::string stem = name.substr(0, name.size() - 8);
    if (!proven_.segment.text().starts_with(stem) || proven_.segment.text().size() != name.size()) {
      Finding("proofs.json: its segment is not of its window");
    }
    // Which stream a NAT event is of may hang on a face that is not shown; its class never does.
    if (seal::ClassOf(proven_.window.stream) != record::ClassOf(record::KindOf(proven_.record))) {
      Finding("proofs.json: its window holds no such records");
    }
  }

  void CheckProof(const seal::RowProof& proof, const ledger::Entry& closed) {
    for (const seal::FaceOpening& face : proof.faces) {
      const Status verified = seal::VerifyFace(proven_.record, face, proof);
      if (!verified.ok()) Finding("proofs.json: " + verified.error().what());
    }
    if (proof.faces.empty()) Finding("proofs.json: opens no face");
    if (closed.type == "segment_closed_by_crash")
      return Finding("has a proof, and its segment was closed by a crash");
    if (FieldOf(closed, "root") != ToHex(proof.segment_root))
      Finding("the ledger holds another root for its segment");
    if (FieldOf(closed, "leaf_count") != std::to_string(proof.leaf_count)) {
      Finding("the ledger holds another number of leaves for its segment");
    }
  }

  void CheckGrade() {
    const Result<Grade> grade =
        GradeOf(proven_.segment, files_.proofs->segments, files_.proofs->order_received);
    if (!grade.ok()) return Finding(grade.error().what());
    if (ToText(grade.value()) != row_.grade) {
      Finding(fmt::format("disclosure.json says {}, the ledger says {}", row_.grade, ToText(grade.value())));
    }
  }

  const PackageFiles& files_;
  const LedgerView& ledger_;
  const ReadRow& row_;
  const seal::ProvenRow& proven_;
  Findings* findings_;
};

}  // namespace

void CheckRows(const PackageFiles& files, const LedgerView& ledger, Findings* findings) {
  if (!files.disclosure.has_value() || !files.proofs.has_value()) return;
  const Proofs& proofs = *files.proofs;
  std::set<SegmentId> used;
  for (const ReadRow& row : files.disclosure->rows) {
    const auto proven = proofs.rows.find(row.id);
    if (proven == proofs.rows.end()) {
      findings->push_back("proofs.json: no proof of " + row.id);
      continue;
    }
    used.insert(proven->second.segment);
    const auto closed = ledger.closed.find(proven->second.segment);
    if (closed != ledger.closed.end()) {
      const Result<std::vector<SegmentId>> sources = SourcesOf(closed->second);
      if (sources.ok()) used.insert(sources.value().begin(), sources.value().end());
    }
    RowCheck(files, ledger, row, proven->second, findings).Run();
  }
  if (proofs.rows.size() != files.disclosure->rows.size()) {
    findings->push_back("proofs.json: not one proof for each row of disclosure.json");
  }
  for (const auto& [segment, proof] : proofs.segments) {
    if (!used.contains(segment))
      findings->push_back("proofs.json: segment " + segment.text() + " serves no row");
  }
}

}  // namespace probatio::evidence
