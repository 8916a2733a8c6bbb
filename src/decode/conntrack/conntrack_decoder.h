// The connection table of a Linux NAT, as conntrack(8) prints it (docs/formats/conntrack.md): text and XML,
// events (-E) and lists (-L). Entries without translation are counted and passed over. Pure; one decoder
// serves one thread.
#pragma once

#include "decode/conntrack/flow.h"
#include "decode/decoder.h"
#include "decode/time/source_clock.h"

namespace probatio::decode {

inline constexpr std::size_t kConntrackLineBytesMax = 4'096;

class ConntrackDecoder : public Decoder {
 public:
  ConntrackDecoder(std::string exporter, SourceClock clock);

  // Some lines. A broken one does not stop those after it; the first error of the piece is returned, and
  // names line and reason.
  Status Decode(const Piece& piece, std::vector<record::Record>* out) override;
  std::map<std::string, std::uint64_t> counts() const override;

 private:
  Status DecodeLine(const Piece& piece, std::string_view line, std::vector<record::Record>* out);
  Result<Timestamp> TimeOf(const ConntrackFlow& flow, const Piece& piece) const;

  std::string exporter_;
  SourceClock clock_;
  std::uint64_t line_number_ = 0;
  std::uint64_t lines_ = 0;  // without blank ones
  std::uint64_t records_ = 0;
  std::uint64_t updates_ = 0;
  std::uint64_t not_translated_ = 0;
  std::uint64_t other_lines_ = 0;
  std::uint64_t broken_lines_ = 0;
};

}  // namespace probatio::decode
