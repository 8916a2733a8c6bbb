#include "decode/flow/sequence.h"

#include <algorithm>
#include <utility>

namespace probatio::decode {
namespace {

// Serial number arithmetic: the nearer half of the circle lies ahead.
constexpr std::uint32_t kHalf = 0x8000'0000U;

}  // namespace

void SequenceTracker::Message(const MessageHeader& header, std::optional<std::size_t> step) {
  if (domains_.size() >= kSequenceDomainsMax && !domains_.contains(header.domain)) return;
  State& state = domains_[header.domain];
  std::optional<std::uint32_t> next;
  if (step.has_value()) next = header.sequence + static_cast<std::uint32_t>(*step);

  const std::uint32_t ahead = state.expected.has_value() ? header.sequence - *state.expected : 0;
  if (ahead >= kHalf) {
    ++late_messages_;
    // Two messages that follow each other back there are not stragglers: the exporter began a new count.
    const bool restarted = state.after_late.has_value() && *state.after_late == header.sequence;
    if (!restarted) {
      state.after_late = next;
      return;
    }
    ++restarts_;
  } else if (ahead > 0) {
    Lost(&state, header, ahead);
  }
  state.expected = next;
  state.after_late.reset();
  state.export_time = header.export_time;
}

void SequenceTracker::Lost(State* state, const MessageHeader& header, std::uint32_t records) {
  lost_ += records;
  if (gaps_.size() == kSequenceGapsMax) return;
  const Period exported{std::min(state->export_time, header.export_time),
                        std::max(state->export_time, header.export_time)};
  gaps_.push_back({header.domain, *state->expected, records, exported});
}

std::vector<SequenceGap> SequenceTracker::TakeGaps() {
  return std::exchange(gaps_, {});
}

}  // namespace probatio::decode
