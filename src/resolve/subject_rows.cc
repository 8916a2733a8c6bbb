// The last step of every plan: the account and identity versions of a holder who is named by the subject or a
// proven row.
#include <algorithm>

#include "resolve/items.h"
#include "resolve/look_up_period.h"
#include "resolve/plan.h"

namespace probatio::resolve {
namespace {

using record::RecordKind;

const std::string& HolderOf(const record::Record& record) {
  if (const auto* account = std::get_if<record::Account>(&record)) return account->account;
  return std::get<record::Identity>(record).holder;
}

Instant HoldsFrom(const seal::ProvenRow& row) {
  return record::OriginOf(row.record).at.at;
}

// Rule "versions that held": those that began within the period, and the one in force when it began. Two
// versions of one instant are both shown: which is right is not ours to choose.
std::vector<seal::ProvenRow> VersionsThatHeld(const Found& found, RecordKind kind, const std::string& holder,
                                              const Period& period) {
  std::vector<seal::ProvenRow> versions;
  for (const seal::ProvenRow& row : found.rows) {
    if (record::KindOf(row.record) != kind || HolderOf(row.record) != holder || HoldsFrom(row) >= period.end)
      continue;
    const auto same = [&](const seal::ProvenRow& known) { return known.record == row.record; };
    if (std::none_of(versions.begin(), versions.end(), same)) versions.push_back(row);
  }
  std::optional<Instant> in_force;
  for (const seal::ProvenRow& row : versions) {
    if (HoldsFrom(row) <= period.begin)
      in_force = std::max(in_force.value_or(HoldsFrom(row)), HoldsFrom(row));
  }
  std::erase_if(versions, [&](const seal::ProvenRow& row) {
    return in_force.has_value() && HoldsFrom(row) < *in_force;
  });
  return versions;
}

void AddVersions(Plan& plan, Candidate& candidate, const Found& found, RecordKind kind,
                 const std::string& holder) {
  const std::string data = kind == RecordKind::kIdentity ? "identity data" : "account data";
  const std::vector<seal::ProvenRow> versions =
      VersionsThatHeld(found, kind, holder, VersionsPeriod(plan.line()));
  if (versions.empty()) plan.Explain("no " + data + " held");
  for (const seal::ProvenRow& row : versions) {
    candidate.supports.push_back(
        {row, GrantedFaces(plan.line(), kind), data + " that held within the period"});
  }
}

}  // namespace

Result<Found> AddSubjectRows(Plan& plan, Candidate& candidate, const std::string& holder,
                             const std::optional<seal::ProvenRow>& because) {
  std::vector<LookUp> look_ups;
  const bool account = Grants(plan.line(), ItemGroup::kAccount);
  const bool identity = Grants(plan.line(), ItemGroup::kIdentity);
  const auto add = [&](seal::Stream stream) {
    look_ups.push_back(
        plan.LookUpIn(stream, seal::ForSubject(holder), AllowedPeriod(plan.line(), stream), because));
  };
  if (account) add(seal::Stream::kAccount);
  if (identity) add(seal::Stream::kIdentity);
  if (look_ups.empty()) return Found{};
  Found found = TRY(plan.Read(look_ups));
  if (account) AddVersions(plan, candidate, found, RecordKind::kAccount, holder);
  if (identity) AddVersions(plan, candidate, found, RecordKind::kIdentity, holder);
  return found;
}

}  // namespace probatio::resolve
