#include "cli/demo/address_translation.h"

#include <algorithm>

namespace probatio::cli::demo {
namespace {

constexpr std::uint16_t kSessionPortFirst = 1024;
constexpr std::uint16_t kSessionPortLast = 57'343;
constexpr std::uint16_t kBlockPortFirst = 57'344;  // 16 blocks of 512
constexpr std::uint16_t kBlockPorts = 512;
constexpr int kBlocks = 16;
constexpr std::int64_t kRestNs = 2 * kNsPerMinute;

record::NatEvent EventOf(const SubscriberLine& line, record::NatEventKind kind, Instant at) {
  record::NatEvent event;
  event.origin.at.at = at;
  event.event = kind;
  event.inside_ip = line.inside_ip;
  event.inside_realm = line.realm;
  event.public_ip = line.public_ip;
  return event;
}

}  // namespace

bool AddressTranslation::Free(const PublicPort& port, const Period& period) const {
  const auto found = held_.find(port);
  if (found == held_.end()) return true;
  const Period rested{period.begin - kRestNs, period.end + kRestNs};
  return std::none_of(found->second.begin(), found->second.end(),
                      [&](const Period& other) { return other.Overlaps(rested); });
}

void AddressTranslation::HoldPort(const SubscriberLine& line, std::uint16_t port, std::uint8_t proto,
                                  const Period& period) {
  const PublicPort key{line.public_ip, proto, port};
  CHECK(Free(key, period));
  held_[key].push_back(period);
  const auto inside_port = static_cast<std::uint16_t>(dice_.Between(1024, 65'535));
  for (const bool begins : {true, false}) {
    record::NatEvent event = EventOf(
        line, begins ? record::NatEventKind::kNat44SessionCreate : record::NatEventKind::kNat44SessionDelete,
        begins ? period.begin : period.end);
    event.proto = proto;
    event.inside_port = inside_port;
    event.public_port = port;
    events_.push_back(std::move(event));
  }
}

void AddressTranslation::HoldAnyPort(const SubscriberLine& line, std::uint8_t proto, const Period& period) {
  while (true) {
    const auto port = static_cast<std::uint16_t>(dice_.Between(kSessionPortFirst, kSessionPortLast));
    if (!Free({line.public_ip, proto, port}, period)) continue;
    HoldPort(line, port, proto, period);
    return;
  }
}

void AddressTranslation::HoldBlock(const SubscriberLine& line, const Period& period) {
  for (int block = 0; block < kBlocks; ++block) {
    const auto first = static_cast<std::uint16_t>(kBlockPortFirst + block * kBlockPorts);
    const PublicPort key{line.public_ip, 0, first};
    if (!Free(key, period)) continue;
    held_[key].push_back(period);
    for (const bool begins : {true, false}) {
      record::NatEvent event = EventOf(
          line, begins ? record::NatEventKind::kPortBlockAllocate : record::NatEventKind::kPortBlockRelease,
          begins ? period.begin : period.end);
      event.port_first = first;
      event.port_last = static_cast<std::uint16_t>(first + kBlockPorts - 1);
      events_.push_back(std::move(event));
    }
    return;
  }
  HoldAnyPort(line, 6, period);  // the pool of blocks is full: a session instead
}

std::vector<record::NatEvent> AddressTranslation::Events() const {
  std::vector<record::NatEvent> events = events_;
  std::stable_sort(events.begin(), events.end(),
                   [](const auto& a, const auto& b) { return a.origin.at.at < b.origin.at.at; });
  return events;
}

}  // namespace probatio::cli::demo
