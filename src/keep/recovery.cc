#include "keep/recovery.h"

#include <fmt/format.h>

#include <algorithm>

#include "keep/enter.h"

namespace probatio::keep {
namespace {

struct Chain {
  std::vector<seal::JournalHead> heads;  // after each batch; the last one is the chain's end
  bool broken = false;                   // a batch that does not follow the one before it
};
using Chains = std::map<SegmentId, Chain>;

Result<Chains> ReplayChains(std::span<const Buffer> batches) {
  Chains chains;
  for (const Buffer& batch : batches) {
    const seal::BatchHeader header = TRY(seal::ReadBatchHeader(batch));
    Chain& chain = chains[header.segment];
    const seal::JournalHead before = chain.heads.empty() ? seal::JournalHead{} : chain.heads.back();
    chain.broken = chain.broken || header.number != before.batches || header.before != before.digest;
    if (!chain.broken) chain.heads.push_back({before.batches + 1, crypto::Sha256(batch)});
  }
  return chains;
}

// The journal must go on from what the ledger already says about it.
bool AgreesWith(const Chain& chain, const seal::JournalHead& entered) {
  if (chain.broken) return false;
  if (entered.batches == 0) return true;
  return chain.heads.size() >= entered.batches && chain.heads[entered.batches - 1] == entered;
}

bool Contains(const std::vector<std::string>& runs, const std::string& run) {
  return std::find(runs.begin(), runs.end(), run) != runs.end();
}

Error Unreadable(const Error& reason) {
  return StorageError(reason.what() +
                      "; put the file back from a copy, or move it away: the segments of its run are then "
                      "closed as damaged, and every look-up in them says so");
}

// Closes the open segments of one run; appends their entries.
Status CloseRun(const std::string& run, std::span<const seal::SegmentInfo> open, const Journals& journals,
                Instant now, std::vector<ledger::Entry>* entries, Recovered* recovered) {
  const std::vector<std::string> runs = TRY(journals.List());
  const bool missing = !Contains(runs, run);
  std::vector<Buffer> batches;
  if (!missing) batches = TRY(journals.Read(run));
  Chains chains = TRY_IN("journal of run " + run, ReplayChains(batches));
  for (seal::SegmentInfo info : open) {
    const Chain& chain = chains[info.id];
    if (missing || !AgreesWith(chain, info.journal)) {
      ++recovered->damaged;
    } else if (!chain.heads.empty()) {
      info.journal = chain.heads.back();
    }
    entries->push_back(CrashedEntry(info, now));
    ++recovered->segments;
    recovered->ids.push_back(info.id);
    recovered->batches += info.journal.batches;
  }
  return Done{};
}

}  // namespace

Status RemoveUnneededJournals(const Manifest& manifest, Journals& journals) {
  std::map<std::string, bool> needed;  // runs that the ledger knows
  for (const seal::SegmentInfo& info : manifest.All()) {
    needed[RunOf(info.id)] |=
        info.state == seal::SegmentState::kOpen || info.state == seal::SegmentState::kClosedByCrash;
  }
  const std::vector<std::string> runs = TRY(journals.List());
  for (const std::string& run : runs) {
    const auto known = needed.find(run);
    if (known != needed.end() && known->second) continue;
    const bool alive = TRY(journals.IsAlive(run));
    if (alive) continue;
    if (known == needed.end()) {
      const std::vector<Buffer> batches = TRY(journals.Read(run));
      if (!batches.empty()) continue;  // the ledger is older than the journal: not ours to throw away
    }
    TRY(journals.Remove(run));
  }
  return Done{};
}

Result<Recovered> CloseCrashedSegments(ledger::Ledger& ledger, Manifest& manifest, Journals& journals,
                                       const Clock& clock) {
  TRY(ledger.Refresh());
  TRY(manifest.Refresh(ledger));
  std::map<std::string, std::vector<seal::SegmentInfo>> open;
  for (const seal::SegmentInfo& info : manifest.All()) {
    if (info.state == seal::SegmentState::kOpen) open[RunOf(info.id)].push_back(info);
  }

  Recovered recovered;
  std::vector<ledger::Entry> entries;
  Status unreadable = Done{};
  for (const auto& [run, segments] : open) {
    const bool alive = TRY(journals.IsAlive(run));
    if (alive) continue;
    const Status closed = CloseRun(run, segments, journals, clock.Now(), &entries, &recovered);
    if (!closed.ok() && unreadable.ok()) unreadable = Unreadable(closed.error());
  }
  TRY(Enter(ledger, entries).status);
  TRY(manifest.Refresh(ledger));
  TRY(unreadable);
  TRY(RemoveUnneededJournals(manifest, journals));
  return recovered;
}

Result<std::vector<Buffer>> KeptJournals::Batches(const SegmentId& segment) const {
  const Result<std::vector<Buffer>> all = journals_.Read(RunOf(segment));
  if (!all.ok()) return StorageError(all.error().what());
  std::vector<Buffer> own;
  for (const Buffer& batch : all.value()) {
    const seal::BatchHeader header =
        TRY_IN("journal of segment " + segment.text(), seal::ReadBatchHeader(batch));
    if (header.segment == segment) own.push_back(batch);
  }
  return own;
}

}  // namespace probatio::keep
