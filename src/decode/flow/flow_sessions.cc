#include "decode/flow/flow_sessions.h"

#include <fmt/format.h>

namespace probatio::decode {

Status FlowSessions::Decode(const Piece& message, std::vector<record::Record>* out) {
  const bool of_version =
      message.bytes.size() >= 2 && Be16(message.bytes) == static_cast<std::uint16_t>(version_);
  if (!of_version && !message.source.has_value()) {
    return Invalid(fmt::format("version {}, not {}", message.bytes.size() < 2 ? 0 : Be16(message.bytes),
                               static_cast<std::uint16_t>(version_)));
  }
  const Key key{message.source, message.source_port};
  if (!of_version || (sessions_.size() == kFlowSessionsMax && !sessions_.contains(key))) {
    ++other_datagrams_;
    return Done{};
  }
  const std::string name = message.source.has_value() ? message.source->ToText() : exporter_;
  return sessions_.try_emplace(key, name).first->second.Decode(message, out);
}

FlowCounts FlowSessions::flow_counts() const {
  FlowCounts sum;
  for (const auto& [key, decoder] : sessions_) AddCounts(decoder.flow_counts(), &sum);
  return sum;
}

std::map<std::string, std::uint64_t> FlowSessions::counts() const {
  std::map<std::string, std::uint64_t> named = NamedCounts(flow_counts());
  if (other_datagrams_ != 0) named["datagrams of another kind"] = other_datagrams_;
  return named;
}

std::vector<SequenceGap> FlowSessions::TakeGaps() {
  std::vector<SequenceGap> gaps;
  for (auto& [key, decoder] : sessions_) {
    for (const SequenceGap& gap : decoder.TakeGaps()) gaps.push_back(gap);
  }
  return gaps;
}

}  // namespace probatio::decode
