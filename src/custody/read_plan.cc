#include "custody/read_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "seal/box_key.h"
#include "seal/segment_leaves.h"

namespace probatio::custody {
namespace {

using resolve::Gap;
using resolve::GapKind;
using resolve::LookUp;
using seal::SegmentInfo;
using seal::SegmentState;
using seal::Stream;

// Versions of a subject are filed on the day they arrived: any segment of the stream may hold one.
const Period kAllTime{Instant::FromUnixNs(std::numeric_limits<std::int64_t>::min()),
                      Instant::FromUnixNs(std::numeric_limits<std::int64_t>::max())};

Error Incomplete(const SegmentId& segment, std::string_view what) {
  return StorageError(fmt::format("store incomplete: segment {}: {}", segment.text(), what));
}

// The ledger says which public addresses a closed NAT segment holds; what it lost on the way is a gap all the
// same.
bool CannotHold(const SegmentInfo& info, const seal::Selector& selector) {
  const std::optional<IpAddress> address = seal::PublicAddressOf(selector);
  const bool says = info.state == SegmentState::kClosed && info.public_range.has_value();
  return says && address.has_value() && !info.public_range->Contains(*address);
}

class Planner {
 public:
  Planner(const SealedReader::Parts& parts, Instant now, seal::LeafCache* cache)
      : parts_(parts), now_(now), cache_(cache) {}

  Status Add(const LookUp& look_up) {
    PlannedQuestion windows{&look_up, {look_up, {}, {}, {}, {}, {}}, {}};
    windows.question.look_up.streams.clear();
    for (const Stream stream : look_up.streams) {
      if (seal::IsSubjectStream(stream)) {
        TRY(AddSubjectStream(look_up, stream));
      } else {
        TRY(AddWindowStream(look_up, stream, &windows));
      }
    }
    if (windows.search.empty()) return Done{};
    return Finish(std::move(windows));
  }

  ReadPlan Take() { return std::move(plan_); }

 private:
  Status AddWindowStream(const LookUp& look_up, Stream stream, PlannedQuestion* planned) {
    planned->question.look_up.streams.push_back(stream);
    const Instant oldest = parts_.retention.OldestKept(stream, now_);
    Period readable = look_up.period;
    if (readable.begin < oldest) {
      const Instant end = std::min(readable.end, oldest);
      AddGap(GapKind::kOutsideRetention, {readable.begin, end}, stream, "older than may still be read");
      readable.begin = end;
    }
    if (readable.begin >= readable.end) return Done{};
    const std::vector<SegmentInfo> segments = parts_.directory.Find(stream, readable);
    if (segments.empty()) AddGap(GapKind::kNoWindow, readable, stream, "no segment was ever opened");
    for (const SegmentInfo& info : segments) TRY(AddSegment(info, true, planned));
    return Done{};
  }

  Status AddSubjectStream(const LookUp& look_up, Stream stream) {
    const std::string_view holder = AsText(look_up.selector.value);
    KnownSubject subject = TRY(parts_.find_subject(stream, holder));
    if (subject.purged) AddGap(GapKind::kOutsideRetention, look_up.period, stream, "earlier versions purged");
    if (subject.expired) {
      AddGap(GapKind::kOutsideRetention, look_up.period, stream, "past its retention");
      return Done{};
    }
    const std::vector<SegmentInfo> segments = parts_.directory.Find(stream, kAllTime);
    if (segments.empty()) AddGap(GapKind::kNoWindow, look_up.period, stream, "no segment was ever opened");
    PlannedQuestion planned{&look_up, {look_up, {}, {}, {}, {}, {}}, {}};
    planned.question.look_up.streams = {stream};
    for (const SegmentInfo& info : segments) {
      TRY(AddSegment(info, subject.wrapped.has_value() && info.state == SegmentState::kClosedByCrash,
                     &planned));
    }
    if (planned.search.empty()) return Done{};
    if (!subject.wrapped.has_value()) return BelieveAbsent(subject.handle, stream, planned.search);
    planned.question.subject = subject.handle;
    planned.question.subject_wrapped = std::move(*subject.wrapped);
    return Finish(std::move(planned));
  }

  // The box has no key for this subject. That it never had one is believed only from every segment's leaves:
  // a subject's token is the same in all of them, so no key is needed to see a miss. A dead segment's journal
  // cannot be searched without keys, and the answer says so.
  Status BelieveAbsent(const seal::SubjectHandle& handle, Stream stream,
                       const std::vector<SegmentInfo>& segments) {
    const seal::Token token = seal::TokenOfSubject(handle);
    for (const SegmentInfo& info : segments) {
      if (info.state == SegmentState::kClosedByCrash) {
        AddGap(GapKind::kStillOpen, info.window.period, stream, "closed by a crash and not searched");
        continue;
      }
      const seal::SegmentLeaves leaves = TRY(seal::SegmentLeaves::Open(parts_.box, info, cache_));
      const std::vector<seal::FoundLeaf> found = TRY(leaves.Find(token));
      if (!found.empty()) return Incomplete(info.id, "the wrapped key of one of its subjects is missing");
    }
    return Done{};
  }

  // Gaps, and the segment among those to search; `ask` also asks the custodians for its keys.
  Status AddSegment(const SegmentInfo& info, bool ask, PlannedQuestion* planned) {
    const Stream stream = info.window.stream;
    if (info.lost_before > 0) {
      AddGap(GapKind::kLostRecords, info.window.period, stream,
             "the exporters' sequences show records lost on the way");
    }
    if (info.state == SegmentState::kOpen) {
      AddGap(GapKind::kStillOpen, info.window.period, stream, "not closed yet");
      return Done{};
    }
    if (info.state == SegmentState::kPurged) {
      AddGap(GapKind::kOutsideRetention, info.window.period, stream, "purged");
      return Done{};
    }
    if (!parts_.retention.MayRead(info.window, now_)) {
      AddGap(GapKind::kOutsideRetention, info.window.period, stream, "older than may still be read");
      return Done{};
    }
    if (CannotHold(info, planned->look_up->selector)) return Done{};
    const std::optional<Period>& instants = planned->look_up->asked;
    if (instants.has_value() && !seal::MayConcern(info, *instants)) return Done{};
    planned->search.push_back(info);
    if (!ask) return Done{};
    SegmentAsked asked = TRY(Ask(info));
    planned->question.segments.push_back(std::move(asked));
    return Done{};
  }

  Result<SegmentAsked> Ask(const SegmentInfo& info) const {
    if (info.state == SegmentState::kPurged) return NotFound("segment " + info.id.text() + ": purged");
    std::optional<Buffer> wrapped = TRY(parts_.box.Read(seal::WrappedKeyOf(info)));
    if (!wrapped.has_value()) return Incomplete(info.id, "its wrapped key is missing");
    if (crypto::Sha256(*wrapped) != info.wrapped_digest)
      return Incomplete(info.id, "its wrapped key was replaced");
    if (parts_.open_outer) wrapped = TRY(parts_.open_outer(info, *wrapped));
    return SegmentAsked{info.id, info.window, info.state == SegmentState::kClosedByCrash,
                        std::move(*wrapped)};
  }

  Status Finish(PlannedQuestion planned) {
    if (planned.question.segments.size() > kSegmentsPerQuestionMax) {
      return Invalid(fmt::format("custody: a look-up over {} segments, more than {}",
                                 planned.question.segments.size(), kSegmentsPerQuestionMax));
    }
    TRY(AddBecause(&planned.question));
    plan_.questions.push_back(std::move(planned));
    return Done{};
  }

  // What the station needs to believe the row of the step before.
  Status AddBecause(Question* question) const {
    if (!question->look_up.because.has_value()) return Done{};
    const seal::ProvenRow& row = *question->look_up.because;
    const std::optional<SegmentInfo> info = parts_.directory.Get(row.segment);
    if (!info.has_value()) return NotFound(fmt::format("segment {}: not in the ledger", row.segment.text()));
    if (info->closed_index >= parts_.ledger.size()) return Incomplete(info->id, "the ledger lacks its entry");
    question->because_closed = TRY(parts_.ledger.Prove(info->closed_index));
    if (!row.proof.has_value()) question->because_segment = TRY(Ask(*info));
    return Done{};
  }

  // Two look-ups of one read may meet the same gap; it is said once.
  void AddGap(GapKind kind, const Period& period, Stream stream, std::string_view why) {
    const std::string note = fmt::format("{}: {}", seal::ToText(stream), why);
    const auto same = [&](const Gap& gap) {
      return gap.kind == kind && gap.period == period && gap.note == note;
    };
    if (std::any_of(plan_.gaps.begin(), plan_.gaps.end(), same)) return;
    plan_.gaps.push_back({kind, period, note, stream});
  }

  const SealedReader::Parts& parts_;
  Instant now_;
  seal::LeafCache* cache_;
  ReadPlan plan_;
};

}  // namespace

Result<ReadPlan> PlanRead(const SealedReader::Parts& parts, const std::vector<LookUp>& look_ups, Instant now,
                          seal::LeafCache* cache) {
  Planner planner(parts, now, cache);
  for (const LookUp& look_up : look_ups) TRY(planner.Add(look_up));
  return planner.Take();
}

}  // namespace probatio::custody
