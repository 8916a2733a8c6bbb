#include "keep/purge.h"

#include <algorithm>
#include <set>

#include "keep/enter.h"
#include "keep/purge_key.h"
#include "keep/purge_subjects.h"

namespace probatio::keep {
namespace {

// What earlier purges left: interrupted, or with a replica that could not be reached; or a key that came back
// with a replica restored from a copy.
Status FinishEarlier(const PurgeParts& parts, KeyDestroyer* destroyer) {
  std::set<std::string> left;
  for (const auto& [id, complete] : parts.manifest.dying_keys()) {
    if (!complete) left.insert(id);
  }
  const std::vector<ErasureKeyName> present = TRY(parts.vault.List());
  for (const ErasureKeyName& name : present) {
    if (parts.manifest.dying_keys().count(IdOf(name).text()) > 0) left.insert(IdOf(name).text());
  }
  for (const std::string& id : left) {
    const ErasureKeyName name = TRY(ParseErasureKeyName(id));
    TRY(destroyer->Finish(name));
  }
  return Done{};
}

// Keys of past days that no segment needs: made just before a crash, or left when the last held segment
// moved.
Status DestroyUnneeded(const PurgeParts& parts, Instant now, KeyDestroyer* destroyer) {
  std::set<std::string> needed;
  for (const seal::SegmentInfo& info : parts.manifest.All()) {
    if (info.state != seal::SegmentState::kReplaced) needed.insert(info.erasure_key);
  }
  const std::vector<ErasureKeyName> present = TRY(parts.vault.List());
  for (const ErasureKeyName& name : present) {
    const std::string id = IdOf(name).text();
    const bool past = name.kind != ErasureKind::kSubject && law::ParisMidnight(name.day) <= now;
    if (!past || needed.count(id) > 0 || parts.manifest.dying_keys().count(id) > 0) continue;
    TRY(destroyer->Begin(name, 0, 0));
  }
  return Done{};
}

// A replica that was added since gets what the others have.
void FillReplicas(const PurgeParts& parts, std::span<const ErasureKeyName> present, PurgeResult* result) {
  for (const ErasureKeyName& name : present) {
    if (parts.manifest.dying_keys().count(IdOf(name).text()) > 0) continue;
    const Status spread = parts.vault.Spread(name);
    if (spread.ok()) continue;
    result->unreachable.push_back(spread.error().what());
    return;
  }
}

// Item keys that a replica still has although they are destroyed: it could not be reached, or came back.
Status RepairItems(const PurgeParts& parts, Instant now, PurgeResult* result) {
  const Vault::Destroyed repaired = TRY(parts.items.Repair());
  for (const std::string& folder : repaired.unreachable) {
    const auto& known = result->unreachable;
    if (std::find(known.begin(), known.end(), folder) == known.end()) result->unreachable.push_back(folder);
  }
  if (repaired.destroyed == 0) return Done{};
  const ledger::Entry entry{
      "passwords_superseded", now, {{"count", "0"}, {"repaired", std::to_string(repaired.destroyed)}}};
  return Enter(parts.ledger, {&entry, 1}).status;
}

// A journal holds batches of all segments of its run: it goes with the last of them that needs it.
Status RemoveJournals(const PurgeParts& parts) {
  std::map<std::string, bool> needed;
  for (const seal::SegmentInfo& info : parts.manifest.All()) {
    needed[RunOf(info.id)] |=
        info.state == seal::SegmentState::kOpen || info.state == seal::SegmentState::kClosedByCrash;
  }
  const std::vector<std::string> runs = TRY(parts.journals.List());
  for (const std::string& run : runs) {
    const auto known = needed.find(run);
    if (known == needed.end() || known->second) continue;
    const bool alive = TRY(parts.journals.IsAlive(run));  // it is about to remove it itself
    if (!alive) TRY(parts.journals.Remove(run));
  }
  return Done{};
}

}  // namespace

Result<PurgeResult> Purge(const PurgeParts& parts, std::span<const Pin> pins) {
  TRY(parts.ledger.Refresh());
  TRY(parts.manifest.Refresh(parts.ledger));
  const Instant now = parts.clock.Now();
  PurgeResult result;
  KeyDestroyer destroyer(parts, now, &result);
  TRY(FinishEarlier(parts, &destroyer));
  const PurgePlan plan = PlanPurge(parts.manifest, parts.rules, pins, now);
  result.held = plan.held;
  for (const KeyPurge& purge : plan.keys) TRY(destroyer.Purge(purge, pins));
  TRY(DestroyUnneeded(parts, now, &destroyer));
  TRY(RemoveJournals(parts));
  TRY(parts.subjects.SettlePasswords(parts.ledger, now));
  TRY(PurgeSubjects(parts, pins, now, &destroyer, &result));
  TRY(RepairItems(parts, now, &result));
  const std::vector<ErasureKeyName> present = TRY(parts.vault.List());
  FillReplicas(parts, present, &result);
  return result;
}

}  // namespace probatio::keep
