#include "keep/reseal_take.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "keep/enter.h"
#include "keep/erasure.h"
#include "keep/image_writer.h"
#include "keep/nat_rows.h"
#include "keep/recovery.h"
#include "seal/box_key.h"

namespace probatio::keep {
namespace {

using seal::ResealedSegment;
using seal::SegmentInfo;
using seal::SegmentState;

std::string FieldOf(const ledger::Entry& entry, const std::string& name) {
  const auto found = entry.fields.find(name);
  return found == entry.fields.end() ? std::string() : found->second;
}

std::string Joined(std::span<const SegmentInfo> sources) {
  std::string joined;
  for (const SegmentInfo& source : sources) joined += (joined.empty() ? "" : ",") + source.id.text();
  return joined;
}

std::string DigestsOf(std::span<const SegmentInfo> sources) {
  std::string joined;
  for (const SegmentInfo& source : sources) {
    const bool dead = source.state == SegmentState::kClosedByCrash;
    joined += (joined.empty() ? "" : ",") + ToHex(dead ? source.journal.digest : source.root);
  }
  return joined;
}

Status CheckSources(const ResealAsked& asked) {
  for (const SegmentInfo& source : asked.sources) {
    const bool dead = asked.kind == "rebuild";
    if (source.state == (dead ? SegmentState::kClosedByCrash : SegmentState::kClosed)) continue;
    return Denied(fmt::format("reseal: segment {} is {} since the custodians were asked: ask again",
                              source.id.text(), seal::ToText(source.state)));
  }
  return Done{};
}

// How far behind its sources' last window a session may still be carried, and how far before their first one
// a create may lie that another run had handed over.
std::int64_t CarriedNs(seal::Stream stream) {
  const std::size_t windows = stream == seal::Stream::kNatSession ? kCarriedWindowsMax : kCarriedBlockDaysMax;
  return seal::WindowLengthNs(stream) * static_cast<std::int64_t>(windows);
}

// Every window of a source has its new segment, and none lies where no row of theirs can stand.
Status CheckWindows(const ResealAsked& asked, const std::set<seal::Window>& windows) {
  std::set<seal::Window> old;
  for (const SegmentInfo& source : asked.sources) old.insert(source.window);
  if (!std::includes(windows.begin(), windows.end(), old.begin(), old.end()))
    return CryptoError("reseal: a window of the old segments has no new one");
  for (const seal::Window& window : windows) {
    if (old.contains(window)) continue;
    const bool carried = asked.kind == "rebuild" && seal::IsNatStream(window.stream) &&
                         window.stream == old.begin()->stream &&
                         old.begin()->period.begin <= window.period.begin + CarriedNs(window.stream) &&
                         window.period.begin <= old.rbegin()->period.begin + CarriedNs(window.stream);
    if (!carried) return CryptoError("reseal: a new segment of a window that nobody asked for");
  }
  return Done{};
}

Status CheckCounts(const ResealAsked& asked, const seal::Resealed& resealed) {
  if (asked.kind != "merge") return Done{};
  std::uint64_t rows = 0;
  std::uint64_t loose = 0;
  for (const SegmentInfo& source : asked.sources) {
    rows += source.rows;
    loose += source.loose;
  }
  const ResealedSegment& merged = resealed.segments.front();
  if (merged.rows == rows && merged.loose == loose) return Done{};
  return CryptoError("reseal: the merged segment has other counts than the old ones together");
}

SegmentInfo InfoOf(const ResealAsked& asked, const seal::Window& window, const ResealedSegment& segment,
                   Instant now) {
  SegmentInfo info;
  info.id = segment.id;
  info.window = window;
  info.state = SegmentState::kClosed;
  info.opened_at = now;
  info.closed_at = now;
  info.root = seal::SegmentRoot(segment.sealed.leaves);
  info.leaf_count = segment.sealed.leaves.size();
  info.rows = segment.rows;
  info.loose = segment.loose;
  info.public_range = segment.public_range;
  bool any = false;
  bool late = true;
  for (const SegmentInfo& source : asked.sources) {
    info.sources.push_back(source.id);
    if (source.window != window) continue;
    any = true;
    late = late && source.late;
    info.lost_before += source.lost_before;
  }
  info.late = any && late;
  return info;
}

Result<std::vector<SegmentInfo>> CheckSegments(const ResealAsked& asked, const seal::Resealed& resealed,
                                               Instant now) {
  std::vector<SegmentInfo> infos;
  std::set<seal::Window> windows;
  for (const ResealedSegment& segment : resealed.segments) {
    const std::string place = "reseal: segment " + segment.id.text();
    const seal::SegmentName name = TRY_IN(place, seal::ParseSegmentId(segment.id));
    const seal::Window window = seal::WindowOf(name.stream, name.begin);
    if (segment.id != seal::MakeSegmentId(window, asked.run) || !windows.insert(window).second)
      return CryptoError(place + ": not a name that was asked for");
    SegmentInfo info = InfoOf(asked, window, segment, now);
    TRY_IN(place, seal::CheckSealed(segment.sealed, info.root));
    if (info.public_range.has_value() && !seal::IsNatStream(window.stream))
      return CryptoError(place + ": only NAT segments have a public range");
    infos.push_back(std::move(info));
  }
  TRY(CheckWindows(asked, windows));
  TRY(CheckCounts(asked, resealed));
  return infos;
}

Status Write(const ResealParts& parts, seal::Resealed* resealed, std::vector<SegmentInfo>* infos) {
  std::vector<seal::BoxEntry> wrapped_keys;
  ImageWriter writer(parts.box);
  for (std::size_t i = 0; i < infos->size(); ++i) {
    SegmentInfo& info = (*infos)[i];
    ResealedSegment& segment = resealed->segments[i];
    Buffer wrapped = TRY(parts.outer(info.id, segment.wrapped));
    info.wrapped_digest = crypto::Sha256(wrapped);
    NoteOuter(wrapped, &info);
    wrapped_keys.push_back({seal::WrappedKey(info.id), std::move(wrapped)});
    TRY(writer.Put(
        info.id,
        {std::move(segment.sealed.leaves), std::move(segment.sealed.blocks), info.root, info.rows, {}}));
  }
  TRY(parts.box.Write(wrapped_keys));
  return writer.Settle();
}

Status EnterSwitch(const ResealParts& parts, const ResealAsked& asked, std::span<const SegmentInfo> infos,
                   Instant now) {
  std::vector<ledger::Entry> entries;
  const std::string digests = DigestsOf(asked.sources);
  for (const SegmentInfo& info : infos) entries.push_back(ResealedEntry(info, digests));
  for (const SegmentInfo& source : asked.sources) entries.push_back(ReplacedEntry(source, asked.run, now));
  CHECK(entries.size() <= ledger::kEntriesPerAppendMax);  // or the switch would not be one transaction
  TRY(Enter(parts.ledger, entries).status);
  return parts.manifest.Refresh(parts.ledger);
}

Status Retire(const ResealParts& parts) {
  return RetireReplaced(parts.box, parts.ledger, parts.manifest, parts.journals, parts.clock);
}

}  // namespace

ledger::Entry ResealAskedEntry(const ResealAsked& asked, const crypto::Digest& digest, Instant now) {
  return {"custody_reseal",
          now,
          {{"reseal", asked.id},
           {"kind", asked.kind},
           {"run", asked.run},
           {"digest", ToHex(digest)},
           {"segments", Joined(asked.sources)}}};
}

Result<ResealAsked> FindReseal(const ledger::Ledger& ledger, const Manifest& manifest,
                               const crypto::Digest& digest) {
  ResealAsked asked;
  std::string sources;
  for (const ledger::Entry& entry : ledger.entries()) {
    if (entry.type == "custody_reseal" && FieldOf(entry, "digest") == ToHex(digest)) {
      asked.id = FieldOf(entry, "reseal");
      asked.kind = FieldOf(entry, "kind");
      asked.run = FieldOf(entry, "run");
      sources = FieldOf(entry, "segments");
    }
    const bool replaces = entry.type == "segment_replaced" && FieldOf(entry, "by_run") == asked.run;
    const bool verified = entry.type == "segments_verified" && FieldOf(entry, "reseal") == asked.id;
    if (!asked.id.empty() && (replaces || verified)) asked.taken = true;
  }
  if (asked.id.empty()) return NotFound("reseal: answers no request of this deployment");
  for (std::size_t begin = 0; begin < sources.size();) {
    const std::size_t end = std::min(sources.find(',', begin), sources.size());
    const SegmentId id = TRY(SegmentId::Parse(sources.substr(begin, end - begin)));
    const std::optional<SegmentInfo> info = manifest.Get(id);
    if (!info)
      return StorageError("ledger: the request names segment " + id.text() + ", which was never opened");
    asked.sources.push_back(*info);
    begin = end + 1;
  }
  return asked;
}

Result<std::vector<SegmentInfo>> TakeResealed(const ResealParts& parts, const ResealAsked& asked,
                                              seal::Resealed resealed) {
  if (asked.taken) {
    TRY(Retire(parts));
    return std::vector<SegmentInfo>();
  }
  TRY(CheckSources(asked));
  const Instant now = parts.clock.Now();
  if (asked.kind == "verify") {
    if (!resealed.segments.empty()) return CryptoError("reseal: new segments, where none were asked for");
    const ledger::Entry entry{
        "segments_verified",
        now,
        {{"reseal", asked.id}, {"segments", Joined(asked.sources)}, {"digests", DigestsOf(asked.sources)}}};
    TRY(Enter(parts.ledger, {&entry, 1}).status);
    return std::vector<SegmentInfo>();
  }
  std::vector<SegmentInfo> infos = TRY(CheckSegments(asked, resealed, now));
  TRY(Write(parts, &resealed, &infos));
  TRY(EnterSwitch(parts, asked, infos, now));
  TRY(Retire(parts));
  return infos;
}

Status RetireReplaced(seal::Box& box, ledger::Ledger& ledger, Manifest& manifest, Journals& journals,
                      const Clock& clock) {
  std::vector<ledger::Entry> entries;
  for (const SegmentInfo& info : manifest.All()) {
    if (info.state != SegmentState::kReplaced || info.retired) continue;
    TRY_IN("segment " + info.id.text(), box.EraseAll(seal::ContentsPrefix(info.id)));
    // With those that were moved to another erasure key.
    const std::vector<std::string> keys = TRY(box.List(seal::WrappedKey(info.id)));
    TRY_IN("segment " + info.id.text(), box.Erase(keys));
    entries.push_back(RetiredEntry(info, clock.Now()));
  }
  if (entries.empty()) return Done{};
  TRY(RemoveUnneededJournals(manifest, journals));
  TRY(Enter(ledger, entries).status);
  return manifest.Refresh(ledger);
}

}  // namespace probatio::keep
