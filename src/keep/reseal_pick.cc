#include "keep/reseal_pick.h"

#include <algorithm>

#include "keep/purge_plan.h"
#include "seal/box_key.h"
#include "seal/segment_leaves.h"

namespace probatio::keep {
namespace {

using seal::SegmentInfo;
using seal::SegmentState;

constexpr std::size_t kPartBytesMax = seal::kResealFileBytesMax - (64U << 20);  // room for the request

bool CanBeResealed(const SegmentInfo& info, const RetentionRules& rules, Instant now) {
  return !seal::IsSubjectStream(info.window.stream) && !IsExpired(info, rules, now);
}

std::size_t SizeOf(const std::vector<Buffer>& parts) {
  std::size_t size = 0;
  for (const Buffer& part : parts) size += part.size() + 4;
  return size;
}

// Takes segments until a limit is met; what comes after stays for another request.
class Picker {
 public:
  bool Take(const SegmentInfo& info, std::vector<Buffer> parts) {
    const std::size_t size = SizeOf(parts);
    if (full_ || pick_.segments.size() == seal::kResealSourcesMax || size_ + size > kPartBytesMax) {
      full_ = true;
      ++pick_.left;
      return false;
    }
    size_ += size;
    pick_.segments.push_back(info);
    pick_.parts.push_back(std::move(parts));
    return true;
  }
  void PassOver(const SegmentInfo& info, const std::string& why) {
    pick_.passed_over.push_back("segment " + info.id.text() + ": " + why);
  }
  ResealPick Done() { return std::move(pick_); }

 private:
  ResealPick pick_;
  std::size_t size_ = 0;
  bool full_ = false;
};

// Without a key: number of batches and the last one's digest, from which the chain hangs.
bool IsVouchedFor(const SegmentInfo& info, const std::vector<Buffer>& batches) {
  if (batches.size() != info.journal.batches) return false;
  return batches.empty() || crypto::Sha256(batches.back()) == info.journal.digest;
}

Result<seal::SealedSegment> ReadSealed(const seal::Box& box, const SegmentInfo& info) {
  seal::LeafCache cache;
  const seal::SegmentLeaves leaves = TRY(seal::SegmentLeaves::Open(box, info, &cache));
  seal::SealedSegment sealed;
  for (std::size_t page = 0; page < leaves.pages(); ++page) {
    const std::shared_ptr<const seal::HeldPage> held = TRY(leaves.Page(page));
    sealed.leaves.insert(sealed.leaves.end(), held->leaves.begin(), held->leaves.end());
  }
  for (std::size_t i = 1; i < sealed.leaves.size(); ++i) {
    const seal::BlockLeaf& leaf = sealed.leaves[i];
    std::optional<Buffer> block = TRY(box.Read(seal::BlockKey(info.id, leaf.token, leaf.position)));
    if (!block) return seal::StoreIncomplete(info.id, "a block is missing");
    sealed.blocks.push_back(std::move(*block));
  }
  TRY(seal::CheckSealed(sealed, info.root));
  return sealed;
}

}  // namespace

std::vector<ResealGroup> DeadRuns(const Manifest& manifest, const RetentionRules& rules, Instant now) {
  std::map<std::pair<seal::Stream, std::string>, ResealGroup> runs;
  for (const SegmentInfo& info : manifest.All()) {
    if (info.state != SegmentState::kClosedByCrash || !CanBeResealed(info, rules, now)) continue;
    runs[{info.window.stream, RunOf(info.id)}].push_back(info);
  }
  std::vector<ResealGroup> groups;
  for (auto& [name, group] : runs) {
    std::sort(group.begin(), group.end(),
              [](const SegmentInfo& a, const SegmentInfo& b) { return a.window < b.window; });
    groups.push_back(std::move(group));
  }
  std::stable_sort(groups.begin(), groups.end(), [](const ResealGroup& a, const ResealGroup& b) {
    return a.front().closed_index < b.front().closed_index;
  });
  return groups;
}

std::vector<ResealGroup> CrowdedWindows(const Manifest& manifest, const RetentionRules& rules, Instant now,
                                        std::size_t over) {
  std::map<seal::Window, ResealGroup> windows;
  for (const SegmentInfo& info : manifest.All()) {
    if (info.state != SegmentState::kClosed || !CanBeResealed(info, rules, now)) continue;
    windows[info.window].push_back(info);
  }
  std::vector<ResealGroup> groups;
  for (auto& [window, group] : windows) {
    if (group.size() > over) groups.push_back(std::move(group));
  }
  std::stable_sort(groups.begin(), groups.end(),
                   [](const ResealGroup& a, const ResealGroup& b) { return a.size() > b.size(); });
  // The smallest first: they give most for what is carried.
  for (ResealGroup& group : groups) {
    std::stable_sort(group.begin(), group.end(),
                     [](const SegmentInfo& a, const SegmentInfo& b) { return a.rows < b.rows; });
  }
  return groups;
}

Result<ResealPick> PickDead(const ResealGroup& group, const Journals& journals) {
  CHECK(!group.empty());
  Picker picker;
  const Result<std::vector<Buffer>> all = journals.Read(RunOf(group.front().id));
  if (!all.ok()) {
    for (const SegmentInfo& info : group) picker.PassOver(info, all.error().what());
    return picker.Done();
  }
  std::map<SegmentId, std::vector<Buffer>> batches;
  for (const Buffer& batch : all.value()) {
    const seal::BatchHeader header = TRY(seal::ReadBatchHeader(batch));
    batches[header.segment].push_back(batch);
  }
  for (const SegmentInfo& info : group) {
    if (!IsVouchedFor(info, batches[info.id])) {
      picker.PassOver(info, "its journal is not the one that the ledger names");
      continue;
    }
    picker.Take(info, std::move(batches[info.id]));
  }
  return picker.Done();
}

Result<ResealPick> PickClosed(const ResealGroup& group, const seal::Box& box) {
  Picker picker;
  for (const SegmentInfo& info : group) {
    const Result<seal::SealedSegment> sealed = ReadSealed(box, info);
    if (!sealed.ok()) {
      picker.PassOver(info, sealed.error().what());
      continue;
    }
    if (!picker.Take(info, seal::PartsOf(sealed.value()))) break;
  }
  return picker.Done();
}

}  // namespace probatio::keep
