// Kea's lease files (memfile backend, v4 and v6): a CSV journal in which every change of a lease is a line
// (docs/formats/dhcp.md). One thread.
#pragma once

#include "decode/decoder.h"
#include "decode/dhcp/lease.h"
#include "decode/time/source_clock.h"

namespace probatio::decode {

inline constexpr std::size_t kKeaLineBytesMax = 65'536;
inline constexpr std::size_t kKeaColumnsMax = 64;

class KeaDecoder : public Decoder {
 public:
  KeaDecoder(std::string exporter, SourceClock clock)
      : exporter_(std::move(exporter)), clock_(std::move(clock)) {}

  // One line. The first is the header, which names the columns; a file put after another brings its own.
  Status Decode(const Piece& piece, std::vector<record::Record>* out) override;
  std::map<std::string, std::uint64_t> counts() const override { return log_.counts(); }

 private:
  using Row = std::map<std::string, std::string>;  // column → value, escapes resolved, empty ones left out

  Result<Row> ReadRow(std::string_view line) const;
  Status AppendRow(const Row& row, std::vector<record::Record>* out);

  std::string exporter_;
  SourceClock clock_;
  std::vector<std::string> columns_;
  LeaseLog log_;
};

}  // namespace probatio::decode
