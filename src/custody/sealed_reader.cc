// Reading under a grant. The order of the steps is the policy: the grant still holds, the look-ups are within
// its scope, the ledger holds the request before the custodians see it, and the grant is asked again when
// their answer is there, because people may have taken hours.
#include "custody/sealed_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "custody/custody_request.h"
#include "custody/found_rows.h"
#include "custody/read_plan.h"
#include "custody/segment_search.h"

namespace probatio::custody {
namespace {

using seal::ProvenRow;
using seal::SegmentInfo;

// The keys of the answer by question and segment; a subject's own key stands under no segment.
class Answer {
 public:
  explicit Answer(std::vector<Opened> opened) : opened_(std::move(opened)) {
    for (const Opened& one : opened_) by_place_[{one.question, one.segment}] = &one;
  }
  const Opened* Find(std::size_t question, const SegmentId& segment) const {
    const auto found = by_place_.find({static_cast<std::uint32_t>(question), segment});
    return found == by_place_.end() ? nullptr : found->second;
  }

 private:
  std::vector<Opened> opened_;
  std::map<std::pair<std::uint32_t, SegmentId>, const Opened*> by_place_;
};

struct SegmentQuestions {
  const SegmentInfo* info = nullptr;
  std::vector<std::size_t> questions;
};

// What a question reads first in a closed segment is on its way while another segment is searched.
void Announce(const seal::Box& box, const SegmentQuestions& segment, const ReadPlan& plan,
              const Answer& answer, seal::LeafCache* cache) {
  if (segment.info->state != seal::SegmentState::kClosed) return;
  for (const std::size_t question : segment.questions) {
    const std::optional<seal::SubjectHandle>& subject = plan.questions[question].question.subject;
    const Opened* const opened = answer.Find(question, segment.info->id);
    if (!subject.has_value() && opened == nullptr) continue;  // SearchFor says what is missing
    const seal::Token token = subject.has_value() ? seal::TokenOfSubject(*subject) : opened->token;
    box.Announce(FirstReads(*segment.info, token, cache));
  }
}

// One question's search of one segment.
Result<std::vector<ProvenRow>> SearchFor(const PlannedQuestion& planned, std::size_t question,
                                         const SegmentInfo& info, const Answer& answer, const Wanted& wanted,
                                         SegmentSearch* search) {
  const Opened* const subject =
      planned.question.subject.has_value() ? answer.Find(question, SegmentId()) : nullptr;
  const bool needs_segment =
      !planned.question.subject.has_value() || info.state == seal::SegmentState::kClosedByCrash;
  const Opened* const segment = needs_segment ? answer.Find(question, info.id) : subject;
  if (segment == nullptr || (planned.question.subject.has_value() && subject == nullptr)) {
    return CryptoError(fmt::format("custody: the answer has no key for segment {}", info.id.text()));
  }
  // A subject's token is everybody's knowledge of its handle; a window's only its key can tell.
  const seal::Token token =
      subject != nullptr ? seal::TokenOfSubject(*planned.question.subject) : segment->token;
  const Key* const subject_private = subject != nullptr ? &subject->subject_private : nullptr;
  return search->Search(token, *segment, subject_private, wanted);
}

// Each segment of the plan once, in the plan's order: newest window first.
std::vector<SegmentQuestions> BySegment(const ReadPlan& plan) {
  std::vector<SegmentQuestions> all;
  std::map<SegmentId, std::size_t> place_of;
  for (std::size_t i = 0; i < plan.questions.size(); ++i) {
    for (const SegmentInfo& info : plan.questions[i].search) {
      const auto [place, is_new] = place_of.try_emplace(info.id, all.size());
      if (is_new) all.push_back({&info, {}});
      all[place->second].questions.push_back(i);
    }
  }
  return all;
}

// Segment by segment, so that one dead segment's journal at a time is in memory and is read once.
Result<std::vector<std::vector<ProvenRow>>> SearchAll(const SealedReader::Parts& parts,
                                                      const order::Scope& scope, const ReadPlan& plan,
                                                      const Answer& answer, seal::LeafCache* cache) {
  std::vector<std::vector<ProvenRow>> rows(plan.questions.size());
  const std::vector<SegmentQuestions> segments = BySegment(plan);
  if (!segments.empty()) Announce(parts.box, segments.front(), plan, answer, cache);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (i + 1 < segments.size()) Announce(parts.box, segments[i + 1], plan, answer, cache);
    const SegmentQuestions& segment = segments[i];
    const SegmentInfo& info = *segment.info;
    const std::unique_ptr<SegmentSearch> search = TRY(OpenSegment(parts.box, parts.journals, info, cache));
    for (const std::size_t question : segment.questions) {
      const PlannedQuestion& planned = plan.questions[question];
      const Wanted wanted = WantedBy(scope, *planned.look_up);
      std::vector<ProvenRow> found = TRY(SearchFor(planned, question, info, answer, wanted, search.get()));
      std::move(found.begin(), found.end(), std::back_inserter(rows[question]));
    }
  }
  return rows;
}

// A purge may have run while people deliberated: what it took is not "store incomplete".
Status CheckNonePurged(const SealedReader::Parts& parts, const ReadPlan& plan) {
  for (const PlannedQuestion& planned : plan.questions) {
    for (const SegmentInfo& info : planned.search) {
      const std::optional<SegmentInfo> now = parts.directory.Get(info.id);
      if (now.has_value() && now->state == info.state) continue;
      return StorageError(fmt::format("segment {}: was purged while the custodians were asked: execute again",
                                      info.id.text()));
    }
  }
  return Done{};
}

std::uint64_t CountSegments(const ReadPlan& plan) {
  std::set<SegmentId> segments;
  for (const PlannedQuestion& planned : plan.questions) {
    for (const SegmentInfo& info : planned.search) segments.insert(info.id);
  }
  return segments.size();
}

}  // namespace

Result<resolve::Found> SealedReader::Read(const order::Grant& grant,
                                          const std::vector<resolve::LookUp>& look_ups) {
  TRY(CheckGrant(parts_, grant));
  for (const resolve::LookUp& look_up : look_ups) TRY(resolve::CheckLookUp(grant.scope(), look_up));
  TRY(parts_.ledger.Refresh());
  const Instant now = parts_.clock.Now();
  ReadPlan plan = TRY(PlanRead(parts_, look_ups, now, &leaves_));
  FoundRows found(parts_.retention, now, std::move(plan.gaps));
  if (!plan.questions.empty()) {
    std::vector<Opened> opened = TRY(AskCustodians(parts_, grant, plan));
    TRY(CheckGrant(parts_, grant));
    TRY(CheckNonePurged(parts_, plan));
    const Answer answer(std::move(opened));  // its keys are wiped when this block ends, found or not
    std::vector<std::vector<ProvenRow>> rows = TRY(SearchAll(parts_, grant.scope(), plan, answer, &leaves_));
    for (std::size_t i = 0; i < rows.size(); ++i) found.Add(*plan.questions[i].look_up, std::move(rows[i]));
  }
  return found.Take(CountSegments(plan));
}

}  // namespace probatio::custody
