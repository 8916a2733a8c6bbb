// The flow messages of one file, of whichever exporters: each transport session, the exporter's address and
// port (RFC 7011, section 8), has templates of its own. Pure; one thread.
#pragma once

#include <utility>

#include "decode/flow/flow_decoder.h"

namespace probatio::decode {

inline constexpr std::size_t kFlowSessionsMax = 4'096;  // exporters (address and port) in one capture

class FlowSessions : public Decoder {
 public:
  // Messages of one version. `exporter` names the exporter of messages without a sender and may be empty; a
  // sender's address names its own.
  FlowSessions(FlowVersion version, std::string exporter)
      : version_(version), exporter_(std::move(exporter)) {}

  // Without a sender a message of another version is kInvalid. Of a capture, whose datagrams may be anything,
  // others are counted: of another version, or of a session beyond kFlowSessionsMax.
  Status Decode(const Piece& message, std::vector<record::Record>* out) override;
  std::map<std::string, std::uint64_t> counts() const override;
  std::vector<SequenceGap> TakeGaps() override;

  FlowCounts flow_counts() const;  // of all sessions together
  std::uint64_t other_datagrams() const { return other_datagrams_; }

 private:
  using Key = std::pair<std::optional<IpAddress>, std::uint16_t>;

  FlowVersion version_;
  std::string exporter_;
  std::map<Key, FlowDecoder> sessions_;
  std::uint64_t other_datagrams_ = 0;
};

}  // namespace probatio::decode
