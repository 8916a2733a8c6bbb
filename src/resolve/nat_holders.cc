// Who may have held a public tuple at an instant, and over which shift of the instant that stays so. Rules:
// docs/operate/resolve.md, sections "Who held it" and "How far the clock may be off".
#include <algorithm>

#include "resolve/nat_holdings.h"
#include "resolve/time_bounds.h"

namespace probatio::resolve {
namespace {

using record::NatEvent;

// Whom a holding belongs to. Ports and protocols do not make a holder; a realm does: private ranges overlap.
struct Name {
  std::optional<IpAddress> inside_ip;
  std::optional<std::string> realm;
  std::optional<std::string> subscriber;
};

Name NameOf(std::span<const NatEvent> events, const Holding& holding) {
  Name name;
  for (const std::size_t index : holding.events) {
    const NatEvent& event = events[index];
    if (!name.inside_ip.has_value()) name.inside_ip = event.inside_ip;
    if (!name.realm.has_value()) name.realm = event.inside_realm;
    if (!name.subscriber.has_value()) name.subscriber = event.subscriber;
  }
  return name;
}

// A holding that names nobody is nobody else's: two of them stay two.
bool SameHolder(const Name& a, const Name& b) {
  if (!a.inside_ip.has_value() && !a.subscriber.has_value()) return false;
  if (a.inside_ip != b.inside_ip || a.realm != b.realm) return false;
  const bool both_named = a.subscriber.has_value() && b.subscriber.has_value();
  if (!a.inside_ip.has_value() && !both_named) return false;
  return !both_named || a.subscriber == b.subscriber;
}

struct Group {
  Name name;
  std::vector<const Holding*> holdings;
};

std::vector<Group> GroupByHolder(std::span<const NatEvent> events,
                                 const std::vector<const Holding*>& holdings) {
  std::vector<Group> groups;
  for (const Holding* holding : holdings) {
    const Name name = NameOf(events, *holding);
    const auto same = [&](const Group& group) { return SameHolder(group.name, name); };
    auto group = std::find_if(groups.begin(), groups.end(), same);
    if (group == groups.end()) group = groups.insert(groups.end(), Group{name, {}});
    if (!group->name.subscriber.has_value()) group->name.subscriber = name.subscriber;
    group->holdings.push_back(holding);
  }
  return groups;
}

// Rule "a binding speaks last": it names an address that a pool may share, so it is heard only when no
// session and no block may have held the port.
std::vector<const Holding*> Heard(const std::vector<Holding>& holdings, const Period& asked) {
  const auto precise = [](const Holding& holding) { return holding.source != NatSource::kBinding; };
  const bool port_named = std::any_of(holdings.begin(), holdings.end(), [&](const Holding& holding) {
    return precise(holding) && holding.possible.Overlaps(asked);
  });
  std::vector<const Holding*> heard;
  for (const Holding& holding : holdings) {
    if (precise(holding) || !port_named) heard.push_back(&holding);
  }
  return heard;
}

void AddOnce(std::vector<std::string>& rules, const std::string& rule) {
  if (std::find(rules.begin(), rules.end(), rule) == rules.end()) rules.push_back(rule);
}

bool CertainThroughout(const Holding& holding, const Period& asked) {
  return holding.certain.begin <= asked.begin && asked.end <= holding.certain.end;
}

std::optional<Holder> HolderAt(const Group& group, const Period& asked) {
  Holder holder;
  bool certain = false;
  bool both_ends = true;
  for (const Holding* holding : group.holdings) {
    if (!holding->possible.Overlaps(asked)) continue;
    holder.events.insert(holder.events.end(), holding->events.begin(), holding->events.end());
    for (const std::string& rule : holding->rules) AddOnce(holder.rules, rule);
    if (holding->source == NatSource::kBinding) AddOnce(holder.rules, "an address binding names no port");
    certain = certain || CertainThroughout(*holding, asked);
    both_ends = both_ends && holding->rules.empty();
  }
  if (holder.events.empty()) return std::nullopt;
  holder.whole = both_ends;
  if (!certain && both_ends) AddOnce(holder.rules, "held for part of the instant's stated error only");
  std::sort(holder.events.begin(), holder.events.end());
  return holder;
}

// Shifts of the asked instant, [from, to), under which a group may have held the tuple.
struct Shifts {
  std::int64_t from = 0;
  std::int64_t to = 0;
};

std::vector<Shifts> ShiftsOf(const Group& group, const Period& asked) {
  std::vector<Shifts> all;
  for (const Holding* holding : group.holdings) {
    // Overlap at shift s: possible.begin < asked.end + s and asked.begin + s < possible.end.
    const Instant last_asked = Plus(asked.end, -1);
    all.push_back(
        {Difference(holding->possible.begin, last_asked), Difference(holding->possible.end, asked.begin)});
  }
  std::sort(all.begin(), all.end(), [](const Shifts& a, const Shifts& b) { return a.from < b.from; });
  std::vector<Shifts> merged;
  for (const Shifts& shifts : all) {
    if (!merged.empty() && shifts.from <= merged.back().to) {
      merged.back().to = std::max(merged.back().to, shifts.to);
    } else {
      merged.push_back(shifts);
    }
  }
  return merged;
}

void Narrow(OffsetProfile& profile, std::optional<std::int64_t> from, std::optional<std::int64_t> to) {
  if (from.has_value())
    profile.unchanged_from_ns = std::max(*from, profile.unchanged_from_ns.value_or(*from));
  if (to.has_value()) profile.unchanged_to_ns = std::min(*to, profile.unchanged_to_ns.value_or(*to));
}

// The answer changes where somebody begins or ceases to be possible. A change farther away than events were
// looked for is no knowledge, and is left out.
OffsetProfile ProfileOf(const std::vector<Group>& groups, const Period& asked, std::int64_t searched_ns) {
  OffsetProfile profile;
  for (const Group& group : groups) {
    for (const Shifts& shifts : ShiftsOf(group, asked)) {
      if (shifts.from <= 0 && 0 < shifts.to) {
        Narrow(profile, shifts.from, shifts.to - 1);
      } else if (0 < shifts.from) {
        Narrow(profile, std::nullopt, shifts.from - 1);
      } else {
        Narrow(profile, shifts.to, std::nullopt);
      }
    }
  }
  if (profile.unchanged_from_ns.value_or(0) < -searched_ns) profile.unchanged_from_ns.reset();
  if (profile.unchanged_to_ns.value_or(0) > searched_ns) profile.unchanged_to_ns.reset();
  return profile;
}

}  // namespace

Holders HoldersAt(std::span<const NatEvent> events, const order::Tuple& tuple, const Limits& limits) {
  const Period asked = Asked(tuple);
  const std::vector<Holding> holdings = HoldingsOf(events, tuple, limits);
  const std::vector<Group> groups = GroupByHolder(events, Heard(holdings, asked));
  Holders holders;
  for (const Group& group : groups) {
    std::optional<Holder> holder = HolderAt(group, asked);
    if (holder.has_value()) holders.at_instant.push_back(std::move(*holder));
  }
  holders.offsets = ProfileOf(groups, asked, limits.offset_reach_ns);
  return holders;
}

}  // namespace probatio::resolve
