// What the plans share: reading under the grant, collecting what could not be seen, and turning that into a
// certainty. One Plan serves one line of one resolution; not thread-safe. For the .cc files of this folder.
#pragma once

#include "resolve/resolver.h"

namespace probatio::resolve {

class Plan {
 public:
  Plan(RecordReader& reader, const order::Grant& grant, const order::ScopeLine& line, const Limits& limits)
      : reader_(reader), grant_(grant), line_(line), limits_(limits) {
    answer_.line = line.id;
  }

  const order::ScopeLine& line() const { return line_; }
  const Limits& limits() const { return limits_; }
  LineAnswer& answer() { return answer_; }
  const LineAnswer& answer() const { return answer_; }

  // A look-up for this line, within what the line allows in that stream; narrower where `within` is.
  LookUp LookUpIn(seal::Stream stream, seal::Selector selector, const Period& within,
                  const std::optional<seal::ProvenRow>& because) const;

  // Reads and adds the gaps to the answer. Rows outside the look-ups' periods are dropped: windows are wider
  // than periods.
  Result<Found> Read(const std::vector<LookUp>& look_ups);

  // Gaps that did not change the certainty are named all the same.
  void ExplainGaps();

  // One sentence more of the explanation, without the full stop.
  void Explain(const std::string& sentence);

 private:
  RecordReader& reader_;
  const order::Grant& grant_;
  const order::ScopeLine& line_;
  const Limits& limits_;
  LineAnswer answer_;
};

// What the gaps leave of an answer with `candidates` candidates. `near` is where a gap hides whether there
// was another candidate; `asked` is what the question is about.
Certainty CertaintyOf(std::size_t candidates, const Found& found, const Period& asked, const Period& near);

// The windows of a stream that hold the asked instants.
Period WindowsAround(seal::Stream stream, const Period& asked);

// The account or identity rows of a proven holder that hold within the line's period, with the granted faces;
// nothing when the line grants no such item. Returns what was searched.
Result<Found> AddSubjectRows(Plan& plan, Candidate& candidate, const std::string& holder,
                             const std::optional<seal::ProvenRow>& because);

// Look-ups that a release cannot do are refused in words, never answered with "none".
Status CheckCanLookUp(const order::ScopeLine& line);

// subject kMessage, kAccount, kSubscriber.
Result<LineAnswer> AnswerPlatformLine(Plan plan);
// subject kTuple.
Result<LineAnswer> AnswerOperatorLine(Plan plan);

}  // namespace probatio::resolve
