// Is each disclosed face granted? The table of items and faces is the resolver's (resolve/items.h); the
// verifier applies it to what it sees, without trusting that the resolver did. Thread-safe.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "evidence/verify_parts.h"
#include "resolve/items.h"

namespace probatio::evidence {
namespace {

using record::Face;
using record::Record;

// The address and the port of a platform's event are connection data; its light copy shows neither.
bool ShowsConnection(const Record& record) {
  const auto* activity = std::get_if<record::Activity>(&record);
  return activity != nullptr && (activity->source_ip.has_value() || activity->source_port.has_value());
}

std::set<Face> Allowed(const order::ScopeLine& line, const Record& record) {
  const record::RecordKind kind = record::KindOf(record);
  if (kind == record::RecordKind::kAccount || kind == record::RecordKind::kIdentity) {
    // Reduced to its shown faces a row of the password stream without its value looks like one of the account
    // stream: either way it may show no more than the head and what its line grants.
    const resolve::ItemGroup group = resolve::SubjectGroupOf(record);
    if (!resolve::Grants(line, group)) return {};
    return resolve::GrantedFaces(line, group);
  }
  if (ShowsConnection(record) && !resolve::Grants(line, resolve::ItemGroup::kConnection)) return {Face::kWho};
  return resolve::SupportFaces(record);
}

// The holder that a row names; empty when its kind or the shown faces name none.
std::string HolderOf(const Record& record) {
  if (const auto* nat = std::get_if<record::NatEvent>(&record)) return nat->subscriber.value_or("");
  if (const auto* session = std::get_if<record::AccessSession>(&record))
    return session->subscriber.value_or("");
  if (const auto* activity = std::get_if<record::Activity>(&record)) return activity->account;
  if (const auto* account = std::get_if<record::Account>(&record)) return account->account;
  return std::get<record::Identity>(record).holder;
}

// A row that ties a candidate to the line's subject; for a subject that names the holder, nothing more is
// needed.
bool TiesToSubject(const order::ScopeLine& line, const Record& record) {
  const auto* activity = std::get_if<record::Activity>(&record);
  const auto* nat = std::get_if<record::NatEvent>(&record);
  switch (line.subject.kind) {
    case order::SubjectKind::kMessage:
      return activity != nullptr && activity->message == line.subject.value;
    case order::SubjectKind::kTuple:
      return nat != nullptr && line.subject.tuple.has_value() && nat->public_ip == line.subject.tuple->ip;
    case order::SubjectKind::kAccount:
    case order::SubjectKind::kSubscriber:
      return HolderOf(record) == line.subject.value;
    case order::SubjectKind::kPhone:
    case order::SubjectKind::kEmail:
    case order::SubjectKind::kOtherAccounts:
    case order::SubjectKind::kOther:
      return true;  // no resolver answers these yet; what a later one shows is for a person to read
  }
  return false;
}

class GrantCheck {
 public:
  GrantCheck(const PackageFiles& files, Findings* findings) : files_(files), findings_(findings) {}

  void Run() {
    for (const ReadAnswer& answer : files_.disclosure->answers) {
      const order::ScopeLine* line = files_.scope->Find(answer.line);
      if (line == nullptr) continue;  // CheckScope has said so
      for (const ReadCandidate& candidate : answer.candidates) CheckCandidate(*line, candidate);
    }
    for (const ReadRow& row : files_.disclosure->rows) CheckFaces(row);
  }

 private:
  void Finding(const std::string& place, const std::string& what) {
    findings_->push_back(place + ": " + what);
  }

  void CheckCandidate(const order::ScopeLine& line, const ReadCandidate& candidate) {
    bool tied = false;
    bool named = candidate.name.empty() || candidate.name == line.subject.value;
    for (const std::string& id : candidate.rows) {
      const auto row = files_.proofs->rows.find(id);
      if (row == files_.proofs->rows.end()) {
        Finding("disclosure.json", "line " + line.id + " refers to " + id + ", which is not in the package");
        continue;
      }
      const Record& record = row->second.record;
      const std::set<Face> allowed = Allowed(line, record);
      allowed_[id].insert(allowed.begin(), allowed.end());
      tied = tied || TiesToSubject(line, record);
      const std::string holder = HolderOf(record);
      named = named || holder == candidate.name;
      if (!holder.empty() && holder != candidate.name) Finding(id, "is of another holder than its candidate");
    }
    if (!named) Finding("disclosure.json", "line " + line.id + ": no row names the candidate");
    if (!tied)
      Finding("disclosure.json", "line " + line.id + ": no row ties the candidate to the line's subject");
  }

  void CheckFaces(const ReadRow& row) {
    const auto allowed = allowed_.find(row.id);
    if (allowed == allowed_.end()) return Finding(row.id, "serves no line of the scope");
    for (const std::string& name : row.faces) {
      const Result<Face> face = record::ParseFace(name);
      if (!face.ok() || !allowed->second.contains(face.value())) {
        Finding(row.id, fmt::format("face {} is granted by no line that the row serves", name));
      }
    }
  }

  const PackageFiles& files_;
  Findings* findings_;
  std::map<std::string, std::set<Face>> allowed_;
};

}  // namespace

void CheckGranted(const PackageFiles& files, Findings* findings) {
  if (!files.disclosure.has_value() || !files.scope.has_value() || !files.proofs.has_value()) return;
  GrantCheck(files, findings).Run();
}

}  // namespace probatio::evidence
