// The last step of every plan: the account, password and identity versions of a holder who is named by the
// subject or a proven row.
#include <algorithm>
#include <array>

#include "resolve/items.h"
#include "resolve/look_up_period.h"
#include "resolve/plan.h"

namespace probatio::resolve {
namespace {

const std::string& HolderOf(const record::Record& record) {
  if (const auto* account = std::get_if<record::Account>(&record)) return account->account;
  return std::get<record::Identity>(record).holder;
}

Instant HoldsFrom(const seal::ProvenRow& row) {
  return record::OriginOf(row.record).at.at;
}

// What each of the three groups of a subject is called, and where its rows lie.
struct SubjectRows {
  ItemGroup group;
  seal::Stream stream;
  std::string_view name;
};
constexpr std::array<SubjectRows, 3> kSubjectRows{{
    {ItemGroup::kAccount, seal::Stream::kAccount, "account data"},
    {ItemGroup::kPassword, seal::Stream::kPassword, "password data"},
    {ItemGroup::kIdentity, seal::Stream::kIdentity, "identity data"},
}};

// Rule "versions that held": those that began within the period, and the one in force when it began. Two
// versions of one instant are both shown: which is right is not ours to choose.
std::vector<seal::ProvenRow> VersionsThatHeld(const Found& found, seal::Stream stream,
                                              const std::string& holder, const Period& period) {
  std::vector<seal::ProvenRow> versions;
  for (const seal::ProvenRow& row : found.rows) {
    if (seal::StreamOf(row.record) != stream || HolderOf(row.record) != holder ||
        HoldsFrom(row) >= period.end)
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

void AddVersions(Plan& plan, Candidate& candidate, const Found& found, const SubjectRows& rows,
                 const std::string& holder) {
  const std::string data(rows.name);
  const std::vector<seal::ProvenRow> versions =
      VersionsThatHeld(found, rows.stream, holder, VersionsPeriod(plan.line()));
  if (versions.empty()) plan.Explain("no " + data + " held");
  for (const seal::ProvenRow& row : versions) {
    candidate.supports.push_back(
        {row, GrantedFaces(plan.line(), rows.group), data + " that held within the period"});
  }
}

}  // namespace

Result<Found> AddSubjectRows(Plan& plan, Candidate& candidate, const std::string& holder,
                             const std::optional<seal::ProvenRow>& because) {
  std::vector<LookUp> look_ups;
  for (const SubjectRows& rows : kSubjectRows) {
    if (!Grants(plan.line(), rows.group)) continue;
    look_ups.push_back(plan.LookUpIn(rows.stream, seal::ForSubject(holder),
                                     AllowedPeriod(plan.line(), rows.stream), because));
  }
  if (look_ups.empty()) return Found{};
  Found found = TRY(plan.Read(look_ups));
  for (const SubjectRows& rows : kSubjectRows) {
    if (Grants(plan.line(), rows.group)) AddVersions(plan, candidate, found, rows, holder);
  }
  return found;
}

}  // namespace probatio::resolve
