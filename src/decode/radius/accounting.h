// What one accounting report says, from a packet or from a `detail` file alike: the attributes that name who
// had which address when, and no other. Volumes, services and calls are never read (docs/formats/radius.md).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/ip_prefix.h"
#include "record/record.h"

namespace probatio::decode {

struct Accounting {
  std::optional<std::uint32_t> status;   // Acct-Status-Type
  std::optional<std::uint32_t> delay_s;  // Acct-Delay-Time
  std::optional<std::uint32_t> nas_port;
  std::optional<std::uint32_t> realm;  // Alc-Serv-Id: the inside VPRN
  std::optional<IpAddress> nas_ip;
  std::optional<IpAddress> nas_ipv6;
  std::optional<IpAddress> framed_ip;
  std::optional<IpAddress> framed_ipv6;
  std::optional<IpPrefix> framed_prefix;
  std::optional<IpPrefix> delegated_prefix;
  std::optional<std::string> user_name;
  std::optional<std::string> calling_station;
  std::optional<std::string> nas_identifier;
  std::optional<std::string> session;
  std::optional<std::string> nas_port_id;
  std::optional<std::string> imsi;
  std::optional<std::string> imeisv;
  std::optional<std::string> circuit_id;
  std::optional<std::string> remote_id;
  std::optional<std::string> subscriber_id;  // Alc-Subsc-ID-Str
  std::optional<std::uint32_t> event_s;      // Event-Timestamp, seconds since 1970

  // Address translation told in accounting.
  std::vector<std::string> nat_ranges;       // Alc-Nat-Port-Range
  std::optional<std::uint32_t> nat_reason;   // Alc-Acct-Triggered-Reason
  std::optional<std::uint32_t> nat_event_s;  // Alc-ISA-Event-Timestamp
  std::optional<IpAddress> nat_public;       // other vendors: address and range in attributes of their own
  std::optional<std::uint32_t> nat_first;
  std::optional<std::uint32_t> nat_last;

  std::uint64_t further_prefixes = 0;  // IPv6 prefixes of one kind after the first: a record has one
};

using Counts = std::map<std::string, std::uint64_t>;

// When the report's event was, and, where it is another instant, when a port block changed.
struct AccountingTimes {
  Timestamp at;
  std::optional<Timestamp> nat_at;
};

// Appends the access session and the NAT events of one report. `exporter`: who sent it to us. Counts by name
// what gives no record. kInvalid where the report breaks a rule of the record.
Status AppendAccounting(const Accounting& report, const AccountingTimes& times, const std::string& exporter,
                        std::vector<record::Record>* out, Counts* counts);

}  // namespace probatio::decode
