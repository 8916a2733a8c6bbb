// Is each disclosed face granted? The table of items and faces is the resolver's (resolve/items.h); the
// verifier applies it to what it sees, without trusting that the resolver did. Thread-safe.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "evidence/verify_parts.h"
#include "resolve/items.h"
#include "resolve/nat_match.h"

namespace probatio::evidence {
namespace {

using record::Face;
using record::Record;

// The address and the port of a platform's event are connection data; its light copy shows neither.
bool ShowsConnection(const record::Activity& activity) {
  return activity.source_ip.has_value() || activity.source_port.has_value();
}

// Of a kind that the line names, within its period, and of messages under a message line that one alone.
bool IsAskedFor(const order::ScopeLine& line, const record::Activity& activity) {
  const std::string event(ToText(activity.event));
  const bool named =
      line.events.empty() || std::find(line.events.begin(), line.events.end(), event) != line.events.end();
  if (!named || !line.period.Contains(activity.origin.at.at)) return false;
  const bool other_message = activity.message.has_value() && activity.message != line.subject.value;
  return line.subject.kind != order::SubjectKind::kMessage || !other_message;
}

std::set<Face> AllowedOfEvent(const order::ScopeLine& line, const record::Activity& activity) {
  const bool tie =
      line.subject.kind == order::SubjectKind::kMessage && activity.message == line.subject.value;
  if (tie && !ShowsConnection(activity)) return resolve::SupportFaces(activity);
  if (resolve::Grants(line, resolve::ItemGroup::kConnection) && IsAskedFor(line, activity))
    return resolve::SupportFaces(activity);
  return tie ? std::set<Face>{Face::kWho} : std::set<Face>{};
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
  if (const auto* activity = std::get_if<record::Activity>(&record)) return AllowedOfEvent(line, *activity);
  const auto* nat = std::get_if<record::NatEvent>(&record);
  if (nat != nullptr && line.subject.tuple.has_value() && !resolve::Covers(*nat, *line.subject.tuple))
    return {};
  return resolve::SupportFaces(record);
}

// The holder that a row names; empty when its kind or the shown faces name none.
std::string HolderOf(const Record& record) {
  if (const auto* nat = std::get_if<record::NatEvent>(&record)) return nat->subscriber.value_or("");
  if (const auto* session = std::get_if<record::AccessSession>(&record))
    return session->subscriber.value_or("");
  if (const auto* activity = std::get_if<record::Activity>(&record)) return activity->account;
  if (const auto* account = std::get_if<record::Account>(&record)) return account->account;
  if (const auto* identity = std::get_if<record::Identity>(&record)) return identity->holder;
  return "";  // an address-sharing rule speaks of everybody
}

// What a certainty says of the number of candidates (docs/operate/resolve.md).
bool Fits(const std::string& certainty, std::size_t candidates) {
  if (certainty == "unique") return candidates == 1;
  if (certainty == "ambiguous") return candidates > 1;
  return candidates == 0 || (certainty == "log_gap" && candidates == 1);
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
      return nat != nullptr && line.subject.tuple.has_value() && resolve::Covers(*nat, *line.subject.tuple);
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
      if (!Fits(answer.certainty, answer.candidates.size())) {
        Finding("disclosure.json", fmt::format("line {}: says {} and names {} candidate(s)", line->id,
                                               answer.certainty, answer.candidates.size()));
      }
      for (const ReadCandidate& candidate : answer.candidates) CheckCandidate(*line, candidate);
    }
    for (const ReadRow& row : files_.disclosure->rows) CheckFaces(row);
    CheckNumbers();
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

  // R1, R2, ... in the order of first use: a package has one way to be written.
  void CheckNumbers() {
    std::set<std::string> seen;
    for (const ReadAnswer& answer : files_.disclosure->answers) {
      for (const ReadCandidate& candidate : answer.candidates) {
        for (const std::string& id : candidate.rows) {
          if (!seen.insert(id).second || id == fmt::format("R{}", seen.size())) continue;
          return Finding("disclosure.json", "rows: not in the order of first use");
        }
      }
    }
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
