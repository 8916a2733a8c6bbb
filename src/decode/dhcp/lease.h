// A lease as every DHCP source tells it, and how it becomes an event of an access session
// (docs/formats/dhcp.md, "Mapping"). One thread.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/ip_prefix.h"
#include "decode/radius/accounting.h"
#include "record/record.h"

namespace probatio::decode {

inline constexpr std::size_t kDhcpHoldersMax = 4'194'304;  // addresses whose last holder is remembered

struct Lease {
  enum class What { kHeld, kEnded };

  What what = What::kHeld;
  Timestamp at;                        // held: when it was acknowledged; ended: when it ended
  std::optional<Instant> valid_until;  // held: when it ends unless it is renewed
  std::optional<IpAddress> address;
  std::optional<IpPrefix> prefix;  // of prefix delegation (RFC 8415), instead of an address
  std::string client;              // identifier of the client, with its IAID where it has one
  std::optional<std::string> mac;
  std::optional<std::string> circuit_id;  // option 82 (RFC 3046), as text or 0x and digits
  std::optional<std::string> remote_id;
  std::optional<std::string> subscriber_id;  // RFC 3993
  std::optional<std::string> realm;
  std::string exporter;
};

class LeaseLog {
 public:
  explicit LeaseLog(std::size_t holders_max = kDhcpHoldersMax) : holders_max_(holders_max) {}

  // kInvalid where the lease breaks a rule of the record.
  Status Append(const Lease& lease, std::vector<record::Record>* out);

  Counts& counts() { return counts_; }
  const Counts& counts() const { return counts_; }

 private:
  record::SessionEventKind KindOf(const Lease& lease, const std::string& place);

  std::size_t holders_max_;
  std::unordered_map<std::string, std::string> holders_;  // address or prefix → client
  Counts counts_;
};

// The sub-options of option 82 that say where the client is (RFC 3046, RFC 3993). kInvalid when they leave
// their octets.
Status ReadRelayAgentOptions(Bytes options, Lease* lease);

}  // namespace probatio::decode
