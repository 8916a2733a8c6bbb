// The invented world of the founding case: a platform's accounts and activities, an operator's NAT events as
// real IPFIX bytes, access sessions and subscribers, and the truth that the answers are checked against.
// Everything follows from the seed. Addresses are from RFC 5737 and RFC 6598, telephone numbers from the
// fiction ranges, people invented.
#pragma once

#include <string>
#include <vector>

#include "record/record.h"

namespace probatio::cli::demo {

inline constexpr char kDisputedMessage[] = "m-20241021-0007";
inline constexpr int kScaleMax = 100;

struct WorldSize {
  int scale = 1;
  std::uint64_t seed = 20241112;

  int accounts() const { return 2'000 * scale; }
  int activities() const { return 50'000 * scale; }
  int nat_events() const { return 200'000 * scale; }
};

// Who held the disputed connections, as only the generator knows.
struct Truth {
  std::string account;
  std::string phone;
  std::string subscriber;
  std::string surname;
  std::string first_name;
  struct Connection {
    std::string event;
    Instant at;
    IpAddress ip;
    std::uint16_t port = 0;
  };
  std::vector<Connection> connections;
};

struct World {
  std::vector<record::Record>
      accounts;  // account and identity records of the platform, contract ends included
  std::vector<record::Record> activities;   // ascending by instant
  std::vector<record::NatEvent> nat;        // ascending by instant
  std::vector<record::Record> sessions;     // access sessions of the operator, ascending
  std::vector<record::Record> subscribers;  // identity records of the operator
  Truth truth;
};

World MakeWorld(const WorldSize& size);

// Writes platform/accounts.jsonl, platform/activities.jsonl, operator/nat.ipfix, operator/sessions.jsonl,
// operator/subscribers.jsonl and truth.json below `folder`.
Status WriteWorld(const World& world, const std::string& folder);

}  // namespace probatio::cli::demo
