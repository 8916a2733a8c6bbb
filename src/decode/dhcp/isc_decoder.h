// ISC dhcpd's leases files, v4 and v6 (dhcpd.leases(5)): a journal in which every change of a lease is
// appended as a whole entry (docs/formats/dhcp.md). One thread.
#pragma once

#include "decode/decoder.h"
#include "decode/dhcp/lease.h"
#include "decode/time/source_clock.h"

namespace probatio::decode {

class IscDecoder : public Decoder {
 public:
  IscDecoder(std::string exporter, SourceClock clock)
      : exporter_(std::move(exporter)), clock_(std::move(clock)) {}

  // One entry: `lease`, `ia-na`, `ia-ta` or `ia-pd` with its braces.
  Status Decode(const Piece& piece, std::vector<record::Record>* out) override;
  std::map<std::string, std::uint64_t> counts() const override { return log_.counts(); }

 private:
  struct Statements;
  Status AppendLease(const Statements& said, std::vector<record::Record>* out);
  Result<Timestamp> At(Instant at) const;

  std::string exporter_;
  SourceClock clock_;
  LeaseLog log_;
};

}  // namespace probatio::decode
