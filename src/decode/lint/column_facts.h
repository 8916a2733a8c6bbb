// What the values of a log's columns show, and what each column is taken for. Pure; for the .cc files of this
// folder.
#pragma once

#include <set>

#include "base/ip_address.h"
#include "decode/lint/log_columns.h"

namespace probatio::decode {

enum class Role : std::uint8_t { kAddress, kPort, kTime, kAccount, kMessage, kEvent };

struct ColumnFacts {
  std::string name;
  std::set<Role> roles;
  std::uint64_t said = 0;  // rows in which it says something

  std::set<IpAddress> addresses;  // at most 2 are kept
  std::uint64_t address_values = 0;
  std::uint64_t public_addresses = 0;  // rows with one
  std::set<std::uint16_t> ports;       // at most 3 are kept
  std::uint64_t port_values = 0;
  std::uint64_t pairs = 0;  // address and port in one
  std::uint64_t zero_ports = 0;

  std::uint64_t times = 0;
  std::uint64_t zoned_times = 0;
  std::uint64_t backward_times = 0;
  std::int64_t step_ns = 0;  // the finest digits that are written
};

// In the order in which columns first come; with a role for the first column alone that fits it best.
std::vector<ColumnFacts> FactsOf(const LogColumns& log, const Mapping* mapping);

// Not one that an operator gives to a customer for the internet: private, shared (RFC 6598), loopback,
// link-local, unique local, unspecified.
bool IsInside(const IpAddress& address);

}  // namespace probatio::decode
