#include "decode/dhcp/lease.h"

#include <fmt/format.h>

#include "decode/radius/station.h"
#include "record/canonical.h"

namespace probatio::decode {
namespace {

constexpr std::uint8_t kCircuitId = 1;
constexpr std::uint8_t kRemoteId = 2;
constexpr std::uint8_t kSubscriberId = 6;

std::string PlaceOf(const Lease& lease) {
  const std::string block = lease.prefix.has_value() ? lease.prefix->ToText() : lease.address->ToText();
  return lease.realm.value_or("") + ' ' + block;
}

}  // namespace

// An acknowledgement to the client that held the address before is a renewal. A holder who was forgotten, or
// never seen, begins anew: that is what the source said.
record::SessionEventKind LeaseLog::KindOf(const Lease& lease, const std::string& place) {
  const auto holder = holders_.find(place);
  if (lease.what == Lease::What::kEnded) {
    if (holder != holders_.end()) holders_.erase(holder);
    return record::SessionEventKind::kStop;
  }
  if (holder != holders_.end() && holder->second == lease.client) return record::SessionEventKind::kInterim;
  if (holder != holders_.end()) {
    holder->second = lease.client;
  } else if (holders_.size() < holders_max_) {
    holders_.emplace(place, lease.client);
  }
  return record::SessionEventKind::kStart;
}

Status LeaseLog::Append(const Lease& lease, std::vector<record::Record>* out) {
  if (!lease.address.has_value() && !lease.prefix.has_value()) return Invalid("no address");
  record::AccessSession session;
  session.origin.at = lease.at;
  session.origin.exporter = lease.exporter;
  session.inside_ip = lease.address;
  session.delegated_prefix = lease.prefix;
  session.inside_realm = lease.realm;
  if (!lease.client.empty()) session.session = lease.client;
  session.mac = lease.mac;
  session.circuit_id = lease.circuit_id;
  session.remote_id = lease.remote_id;
  session.subscriber = lease.subscriber_id.has_value() ? lease.subscriber_id : lease.circuit_id;
  if (lease.what == Lease::What::kHeld) session.valid_until = lease.valid_until;
  TRY(record::CheckRecord(session));
  session.event = KindOf(lease, PlaceOf(lease));
  ++counts_["access session events"];
  out->emplace_back(std::move(session));
  return Done{};
}

Status ReadRelayAgentOptions(Bytes options, Lease* lease) {
  while (!options.empty()) {
    if (options.size() < 2 || options[1] > options.size() - 2)
      return Invalid("option 82: length out of bounds");
    const Bytes value = options.subspan(2, options[1]);
    if (!value.empty()) {
      if (options[0] == kCircuitId) lease->circuit_id = TextOf(value);
      if (options[0] == kRemoteId) lease->remote_id = TextOf(value);
      if (options[0] == kSubscriberId) lease->subscriber_id = TextOf(value);
    }
    options = options.subspan(2U + options[1]);
  }
  return Done{};
}

}  // namespace probatio::decode
