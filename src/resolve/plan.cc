// Reading for one line.
#include "resolve/plan.h"

#include <algorithm>

namespace probatio::resolve {
namespace {

bool InAPeriod(const std::vector<LookUp>& look_ups, const seal::ProvenRow& row) {
  const Instant at = record::OriginOf(row.record).at.at;
  return std::any_of(look_ups.begin(), look_ups.end(), [&](const LookUp& look_up) {
    const bool searched = std::find(look_up.streams.begin(), look_up.streams.end(),
                                    seal::StreamOf(row.record)) != look_up.streams.end();
    return searched && look_up.period.Contains(at);
  });
}

bool SameGap(const Gap& a, const Gap& b) {
  return a.kind == b.kind && a.period == b.period && a.note == b.note;
}

}  // namespace

LookUp Plan::LookUpIn(seal::Stream stream, seal::Selector selector, const Period& within,
                      const std::optional<seal::ProvenRow>& because) const {
  LookUp look_up;
  look_up.line = line_.id;
  look_up.selector = std::move(selector);
  look_up.streams = {stream};
  look_up.period = within;
  look_up.because = because;
  return look_up;
}

Result<Found> Plan::Read(const std::vector<LookUp>& look_ups) {
  Found found = TRY(reader_.Read(grant_, look_ups));
  std::erase_if(found.rows, [&](const seal::ProvenRow& row) { return !InAPeriod(look_ups, row); });
  for (const Gap& gap : found.gaps) {
    const auto same = [&](const Gap& known) { return SameGap(known, gap); };
    if (std::none_of(answer_.gaps.begin(), answer_.gaps.end(), same)) answer_.gaps.push_back(gap);
  }
  return found;
}

void Plan::ExplainGaps() {
  if (answer_.gaps.empty() || answer_.certainty == Certainty::kLogGap) return;
  Explain("part of what was searched could not be seen: see gaps");
}

void Plan::Explain(const std::string& sentence) {
  if (!answer_.explanation.empty()) answer_.explanation += "; ";
  answer_.explanation += sentence;
}

}  // namespace probatio::resolve
