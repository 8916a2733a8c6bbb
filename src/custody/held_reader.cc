#include "custody/held_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "custody/custody_request.h"
#include "custody/found_rows.h"

namespace probatio::custody {
namespace {

using record::RecordClass;
using resolve::Found;
using resolve::Gap;
using resolve::GapKind;
using resolve::LookUp;
using seal::ProvenRow;
using seal::SegmentInfo;
using seal::SegmentState;
using seal::Stream;

// Versions of a subject lie under the day of their arrival, which may be any.
Period SearchedPeriod(const LookUp& look_up) {
  if (!seal::IsSubjectStream(look_up.streams.front())) return look_up.period;
  return {Instant::FromUnixNs(std::numeric_limits<std::int64_t>::min()),
          Instant::FromUnixNs(std::numeric_limits<std::int64_t>::max())};
}

LookUp InStream(const LookUp& look_up, Stream stream) {
  LookUp one = look_up;
  one.streams = {stream};
  return one;
}

void AddInEachStream(const LookUp& look_up, std::vector<LookUp>* all) {
  for (const Stream stream : look_up.streams) all->push_back(InStream(look_up, stream));
}

// The look-ups, one for each stream, of which the windows no longer give all.
void AddOutsideRetention(const LookUp& look_up, const std::vector<Gap>& gaps, std::vector<LookUp>* missing) {
  for (const Stream stream : look_up.streams) {
    const auto is_missing = [&](const Gap& gap) {
      return gap.kind == GapKind::kOutsideRetention && gap.stream == stream;
    };
    if (std::any_of(gaps.begin(), gaps.end(), is_missing)) missing->push_back(InStream(look_up, stream));
  }
}

bool Within(const Period& inner, const Period& outer) {
  return outer.begin <= inner.begin && inner.end <= outer.end;
}

// Was at least this asked when the hold was extracted? Only what was asked can be answered, "none" above all.
bool Covers(const LookUp& held, const LookUp& asked) {
  const Stream stream = asked.streams.front();
  const bool searched = std::find(held.streams.begin(), held.streams.end(), stream) != held.streams.end();
  const bool all_instants =
      !held.asked.has_value() || (asked.asked.has_value() && Within(*asked.asked, *held.asked));
  return searched && all_instants && held.line == asked.line && held.selector == asked.selector &&
         Within(asked.period, held.period);
}

void AddGap(const Gap& gap, std::vector<Gap>* gaps) {
  const auto same = [&](const Gap& known) {
    return known.kind == gap.kind && known.period == gap.period && known.note == gap.note;
  };
  if (std::none_of(gaps->begin(), gaps->end(), same)) gaps->push_back(gap);
}

// A row that both windows and file give is one row.
void AddRead(const Wanted& wanted, const LookUp& look_up, const HeldRead& read, std::set<Place>* places,
             Found* found) {
  const Stream stream = look_up.streams.front();
  for (const ProvenRow& row : read.found.rows) {
    if (row.window.stream != stream || !wanted.test(row.record)) continue;
    if (!look_up.period.Contains(record::OriginOf(row.record).at.at)) continue;
    if (places->insert(PlaceOf(row)).second) found->rows.push_back(row);
  }
  for (const Gap& gap : read.found.gaps) {
    if (!gap.stream.has_value() || gap.stream == stream) AddGap(gap, &found->gaps);
  }
}

const Key* SectionKey(const std::vector<Opened>& opened, std::size_t question) {
  const auto found = std::find_if(opened.begin(), opened.end(), [&](const Opened& one) {
    return one.question == question && one.segment.empty();
  });
  return found == opened.end() ? nullptr : &found->held_section;
}

}  // namespace

Result<Found> HeldReader::Read(const order::Grant& grant, const std::vector<LookUp>& look_ups) {
  if (!read_file_ || grant.kind() != order::GrantKind::kDisclose) return windows_.Read(grant, look_ups);
  TRY(CheckGrant(parts_, grant));
  std::vector<LookUp> searched;
  std::vector<LookUp> missing;
  for (const LookUp& look_up : look_ups) {
    TRY(resolve::CheckLookUp(grant.scope(), look_up));
    if (RestsOnPurgedJournal(look_up)) {
      AddInEachStream(look_up, &missing);
    } else {
      searched.push_back(look_up);
    }
  }
  Found found;
  if (!searched.empty()) found = TRY(windows_.Read(grant, searched));
  for (const LookUp& look_up : searched) AddOutsideRetention(look_up, found.gaps, &missing);
  if (missing.empty()) return found;
  TRY(OpenSections(grant, missing));
  Add(grant.scope(), missing, &found);
  return found;
}

// Nobody can open the batch of such a row any more, so no window opens because of it.
bool HeldReader::RestsOnPurgedJournal(const LookUp& look_up) const {
  if (!look_up.because.has_value() || look_up.because->proof.has_value()) return false;
  const std::optional<SegmentInfo> info = parts_.directory.Get(look_up.because->segment);
  return info.has_value() && info->state == SegmentState::kPurged;
}

Status HeldReader::OpenSections(const order::Grant& grant, const std::vector<LookUp>& missing) {
  if (!file_.has_value()) {
    File file = TRY(read_file_());
    held_ = TRY(ParseHeld(file.bytes, grant.scope().order));
    file_ = std::move(file);  // what held_ looks at moves along
  }
  TRY(parts_.ledger.Refresh());
  ReadPlan plan;
  std::vector<RecordClass> classes;
  for (const LookUp& look_up : missing) {
    const RecordClass record_class = seal::ClassOf(look_up.streams.front());
    const bool asked = std::find(classes.begin(), classes.end(), record_class) != classes.end();
    if (asked || opened_.count(record_class) > 0) continue;
    Question question = TRY(QuestionFor(look_up));
    plan.questions.push_back({&look_up, std::move(question), {}});
    classes.push_back(record_class);
  }
  if (plan.questions.empty()) return Done{};
  const std::vector<Opened> opened = TRY(AskCustodians(parts_, grant, plan));
  TRY(CheckGrant(parts_, grant));
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const Key* const key = SectionKey(opened, i);
    if (key == nullptr) return CryptoError("custody: the answer has no key for the hold's section");
    TRY(KeepSection(classes[i], *key));
  }
  return Done{};
}

Result<Question> HeldReader::QuestionFor(const LookUp& look_up) const {
  const RecordClass record_class = seal::ClassOf(look_up.streams.front());
  Question question;
  question.look_up = look_up;
  for (const HeldSection& section : held_.sections) {
    if (section.record_class == record_class)
      question.held = HeldAsked{record_class, ToBuffer(section.wrapped)};
  }
  if (!look_up.because.has_value()) return question;
  const std::optional<SegmentInfo> info = parts_.directory.Get(look_up.because->segment);
  if (!info.has_value())
    return NotFound("segment " + look_up.because->segment.text() + ": not in the ledger");
  question.because_closed = TRY(parts_.ledger.Prove(info->closed_index));
  return question;
}

Status HeldReader::KeepSection(RecordClass record_class, const Key& key) {
  const Secret content = TRY(OpenHeldSection(held_, record_class, key));
  std::vector<HeldRead> reads;
  if (!content.empty()) reads = TRY_IN("hold's file", HeldReadsFromJson(AsText(content.reveal())));
  for (const HeldRead& read : reads) {
    for (const ProvenRow& row : read.found.rows) TRY_IN("hold's file", CheckRow(row));
  }
  opened_[record_class] = std::move(reads);
  return Done{};
}

// What the windows' reader proves for its rows, the file's must bring along: the way to the root that the
// ledger has had since before the windows were purged.
Status HeldReader::CheckRow(const ProvenRow& row) const {
  const std::string place = "a row of segment " + row.segment.text();
  const std::optional<SegmentInfo> info = parts_.directory.Get(row.segment);
  if (!info.has_value() || info->state == SegmentState::kOpen || info->window != row.window)
    return CryptoError(place + ": the ledger knows no such segment");
  if (!row.proof.has_value()) return Done{};  // of a dead segment's journal: declared, not proved
  if (row.proof->segment_root != info->root) return CryptoError(place + ": the ledger holds another root");
  for (const seal::FaceOpening& face : row.proof->faces) {
    TRY_IN(place, seal::VerifyFace(row.record, face, *row.proof));
  }
  return Done{};
}

const HeldRead* HeldReader::Covering(const LookUp& look_up) const {
  const auto section = opened_.find(seal::ClassOf(look_up.streams.front()));
  if (section == opened_.end()) return nullptr;
  for (const HeldRead& read : section->second) {
    const auto covers = [&](const LookUp& held) { return Covers(held, look_up); };
    if (std::any_of(read.look_ups.begin(), read.look_ups.end(), covers)) return &read;
  }
  return nullptr;
}

void HeldReader::Add(const order::Scope& scope, const std::vector<LookUp>& missing, Found* found) const {
  LiftGaps(missing, found);
  std::set<Place> places;
  for (const ProvenRow& row : found->rows) places.insert(PlaceOf(row));
  std::set<const HeldRead*> counted;
  for (const LookUp& look_up : missing) {
    const HeldRead* const read = Covering(look_up);
    if (read == nullptr) {
      const Stream stream = look_up.streams.front();
      const std::string note =
          fmt::format("{}: not in the order's hold, and may no longer be read", seal::ToText(stream));
      AddGap({GapKind::kOutsideRetention, look_up.period, note, stream}, &found->gaps);
      continue;
    }
    AddRead(WantedBy(scope, look_up), look_up, *read, &places, found);
    AddGapsOfLater(look_up, found);
    if (counted.insert(read).second) found->segments_searched += read->found.segments_searched;
  }
  SortByInstant(&found->rows);
}

// Only where every look-up in a stream is answered: what a gap of the windows stands for, the file has.
void HeldReader::LiftGaps(const std::vector<LookUp>& missing, Found* found) const {
  std::set<Stream> answered;
  std::set<Stream> unanswered;
  for (const LookUp& look_up : missing) {
    (Covering(look_up) != nullptr ? answered : unanswered).insert(look_up.streams.front());
  }
  std::erase_if(found->gaps, [&](const Gap& gap) {
    const bool liftable = gap.kind == GapKind::kOutsideRetention || gap.kind == GapKind::kNoWindow;
    return liftable && gap.stream.has_value() && answered.count(*gap.stream) > 0 &&
           unanswered.count(*gap.stream) == 0;
  });
}

// Segments that were opened after the extraction and may not be read any more: nothing of them is in the
// file. Whose versions a segment of subjects holds, only its keys tell, so there the gap is said of all.
void HeldReader::AddGapsOfLater(const LookUp& look_up, Found* found) const {
  const Stream stream = look_up.streams.front();
  for (const SegmentInfo& info : parts_.directory.Find(stream, SearchedPeriod(look_up))) {
    if (info.opened_index <= file_->entry) continue;
    const bool gone =
        info.state == SegmentState::kPurged || !parts_.retention.MayRead(info.window, parts_.clock.Now());
    if (!gone && !seal::IsSubjectStream(stream)) continue;
    AddGap(
        {GapKind::kOutsideRetention, info.window.period,
         fmt::format("{}: what arrived after the order's hold was extracted", seal::ToText(stream)), stream},
        &found->gaps);
  }
}

}  // namespace probatio::custody
