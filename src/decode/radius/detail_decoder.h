// FreeRADIUS `detail` files (rlm_detail): one entry for each accounting report, a line of the server's local
// time, then one attribute a line, then a blank line (docs/formats/radius.md). Pure; one thread.
#pragma once

#include "decode/decoder.h"
#include "decode/radius/accounting_log.h"

namespace probatio::decode {

inline constexpr std::size_t kDetailLineBytesMax = 8'192;  // one attribute: 4096 octets in hexadecimal

class DetailDecoder : public Decoder {
 public:
  // `exporter` names the server that wrote the file; may be empty.
  DetailDecoder(std::string exporter, SourceClock clock)
      : exporter_(std::move(exporter)), log_(std::move(clock)) {}

  // One entry: its lines (EntryCutter). kInvalid names the line in it and the reason; a broken entry gives
  // nothing.
  Status Decode(const Piece& piece, std::vector<record::Record>* out) override;
  std::map<std::string, std::uint64_t> counts() const override { return log_.counts(); }

 private:
  struct Entry;
  Status ReadEntry(std::string_view text, Entry* entry) const;
  Result<std::optional<Timestamp>> EventOf(const Entry& entry);
  Result<std::optional<Instant>> ReceiptOf(const Entry& entry) const;

  std::string exporter_;
  AccountingLog log_;
};

}  // namespace probatio::decode
