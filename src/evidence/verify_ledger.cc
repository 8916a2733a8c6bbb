// What the ledger proves for a package: one checkpoint, and under it every entry the package rests on.
// Thread-safe.
#include <fmt/format.h>

#include "evidence/verify_parts.h"

namespace probatio::evidence {
namespace {

std::string FieldOf(const ledger::Entry& entry, const std::string& name) {
  const auto field = entry.fields.find(name);
  return field == entry.fields.end() ? "" : field->second;
}

class LedgerCheck {
 public:
  LedgerCheck(const PackageFiles& files, std::string key, Findings* findings)
      : files_(files), key_(std::move(key)), findings_(findings) {}

  LedgerView Run() {
    LedgerView view;
    const Result<ledger::Checkpoint> checkpoint = ledger::OpenCheckpoint(files_.checkpoint, key_);
    if (!checkpoint.ok()) {
      Finding("ledger/checkpoint.txt: " + checkpoint.error().what());
    } else {
      view.checkpoint = checkpoint.value();
    }
    const std::optional<ledger::Entry> received = Entry("order_received", files_.proofs->order_received);
    if (received.has_value()) CheckReceived(*received);
    view.executed = Entry("executed", files_.proofs->executed);
    if (view.executed.has_value()) CheckExecuted(*view.executed);
    for (const auto& [segment, proof] : files_.proofs->segments) {
      const std::optional<ledger::Entry> closed = Entry("segment " + segment.text(), proof);
      if (closed.has_value()) CheckClosed(segment, *closed, &view);
    }
    return view;
  }

 private:
  void Finding(std::string what) { findings_->push_back(std::move(what)); }

  std::optional<ledger::Entry> Entry(const std::string& name, const ledger::EntryProof& proof) {
    if (proof.checkpoint != files_.checkpoint) {
      Finding("proofs.json: " + name + ": proved against another checkpoint than ledger/checkpoint.txt");
      return std::nullopt;
    }
    Result<ledger::ProvedEntry> proved = ledger::VerifyEntry(proof, key_);
    if (!proved.ok()) {
      Finding("proofs.json: " + name + ": " + proved.error().what());
      return std::nullopt;
    }
    return std::move(proved).value().entry;
  }

  void CheckReceived(const ledger::Entry& entry) {
    if (entry.type != "order_received") Finding("proofs.json: order_received: the entry is of another type");
    if (files_.scope.has_value() && FieldOf(entry, "order") != files_.scope->order.text()) {
      Finding("proofs.json: order_received: the entry is of another order");
    }
  }

  void CheckExecuted(const ledger::Entry& entry) {
    if (entry.type != "disclosure_executed")
      return Finding("proofs.json: executed: the entry is of another type");
    if (files_.proofs->executed.index <= files_.proofs->order_received.index) {
      Finding("proofs.json: executed: stands before the order's reception");
    }
    if (files_.scope.has_value() && FieldOf(entry, "order") != files_.scope->order.text()) {
      Finding("proofs.json: executed: the entry is of another order");
    }
    if (files_.signed_scope.has_value()) {
      const std::string& scope = files_.signed_scope->scope_json;
      if (FieldOf(entry, "scope") != ToHex(crypto::Sha256(AsBytes(scope)))) {
        Finding("scope.json: is not the scope that the ledger entered as executed");
      }
      if (FieldOf(entry, "digest") != ToHex(DisclosureDigest(files_.disclosure_json, scope))) {
        Finding("disclosure.json: is not the disclosure that the ledger entered as executed");
      }
    }
    if (files_.disclosure.has_value() &&
        FieldOf(entry, "rows") != std::to_string(files_.disclosure->rows.size())) {
      Finding("disclosure.json: has another number of rows than the ledger entered");
    }
  }

  void CheckClosed(const SegmentId& segment, const ledger::Entry& entry, LedgerView* view) {
    const std::string place = "proofs.json: segment " + segment.text();
    if (entry.type != "segment_closed" && entry.type != "segment_closed_by_crash" &&
        entry.type != "segment_resealed") {
      return Finding(place + ": the entry closes no segment");
    }
    if (FieldOf(entry, "segment") != segment.text())
      return Finding(place + ": the entry is of another segment");
    view->closed.emplace(segment, entry);
  }

  const PackageFiles& files_;
  std::string key_;
  Findings* findings_;
};

}  // namespace

LedgerView CheckLedger(const PackageFiles& files, const Trust& trust, Findings* findings) {
  if (!files.proofs.has_value()) return {};
  const std::string& own = files.proofs->ledger_key;
  if (!trust.ledger_key.empty() && trust.ledger_key != own) {
    findings->push_back("proofs.json: ledger_key is not the verifier key that you trust");
  }
  return LedgerCheck(files, trust.ledger_key.empty() ? own : trust.ledger_key, findings).Run();
}

}  // namespace probatio::evidence
