// Log lines of DHCP servers: Kea, ISC dhcpd and dnsmasq, v4 and v6 where they say it (docs/formats/dhcp.md).
// Only lines that grant or release a lease are read; the others are counted. One thread.
#pragma once

#include "decode/decoder.h"
#include "decode/dhcp/lease.h"
#include "decode/time/source_clock.h"

namespace probatio::decode {

inline constexpr std::size_t kDhcpLogLineBytesMax = 8'192;

class DhcpLogDecoder : public Decoder {
 public:
  DhcpLogDecoder(std::string exporter, SourceClock clock)
      : exporter_(std::move(exporter)), clock_(std::move(clock)) {}

  // One line, with or without a syslog header.
  Status Decode(const Piece& piece, std::vector<record::Record>* out) override;
  std::map<std::string, std::uint64_t> counts() const override { return log_.counts(); }

 private:
  Result<bool> ReadKea(std::string_view line, std::optional<Instant> received, Lease* lease);
  Result<bool> ReadDhcpd(std::string_view line, std::optional<Instant> received, Lease* lease);

  std::string exporter_;
  SourceClock clock_;
  LeaseLog log_;
};

}  // namespace probatio::decode
