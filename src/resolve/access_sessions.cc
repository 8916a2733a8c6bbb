// Accounting events as sessions. An address serves one session at a time, so another session's beginning
// bounds one whose own end was lost; a stop that was seen is always believed first.
#include "resolve/access_sessions.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "resolve/time_bounds.h"

namespace probatio::resolve {
namespace {

using record::AccessSession;
using record::SessionEventKind;

struct Seen {
  const AccessSession* event = nullptr;
  std::vector<std::size_t> reports;
};

bool IsNasWide(const AccessSession& event) {
  return event.event == SessionEventKind::kOn || event.event == SessionEventKind::kOff;
}

// At one instant: ends first, so that an address handed over within one step of the clock changes hands.
int Rank(SessionEventKind kind) {
  switch (kind) {
    case SessionEventKind::kOff:
    case SessionEventKind::kStop:
      return 0;
    case SessionEventKind::kOn:
      return 1;
    case SessionEventKind::kStart:
      return 2;
    case SessionEventKind::kInterim:
      return 3;
  }
  return 3;
}

// Retransmissions repeat a report with a new delay: equal NAS, session, status and time are one event (RFC
// 2866 5.2).
std::vector<Seen> SeenEvents(std::span<const AccessSession> events) {
  using Key = std::tuple<Instant, int, std::optional<std::string>, std::optional<std::string>,
                         std::optional<std::string>, SessionEventKind>;
  std::map<Key, std::vector<std::size_t>> equal;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const AccessSession& event = events[i];
    equal[{event.origin.at.at, Rank(event.event), event.nas, event.session, event.subscriber, event.event}]
        .push_back(i);
  }
  std::vector<Seen> seen;
  for (const auto& [key, indices] : equal) seen.push_back({&events[indices.front()], indices});
  return seen;
}

struct Session {
  std::string subscriber;
  std::optional<std::string> nas;
  std::vector<std::size_t> reports;
  Bounds first;
  Bounds last;
  bool start_seen = false;
  bool stop_seen = false;
  std::size_t first_event = 0;  // places among the seen events
  std::size_t last_event = 0;
};

class Pairing {
 public:
  Pairing(std::vector<Seen> seen, std::int64_t age_max_ns) : seen_(std::move(seen)), age_max_ns_(age_max_ns) {
    for (std::size_t i = 0; i < seen_.size(); ++i) {
      if (!IsNasWide(*seen_[i].event)) Take(i);
    }
  }

  const std::vector<Session>& sessions() const { return sessions_; }

  // When the session may have had the address, and the rules that say so.
  Period PossibleOf(const Session& session, std::vector<std::string>& rules) const {
    return {BeginOf(session, rules), EndOf(session, rules)};
  }

 private:
  using Key = std::pair<std::optional<std::string>, std::optional<std::string>>;

  void Take(std::size_t i) {
    const AccessSession& event = *seen_[i].event;
    const Key key{event.nas, event.session};
    if (event.event == SessionEventKind::kStart && CompletesLoneStop(key, i)) return;
    const auto open = open_.find(key);
    if (event.event == SessionEventKind::kStart || open == open_.end() ||
        !Fits(sessions_[open->second], event)) {
      open_[key] = sessions_.size();
      sessions_.push_back(Begin(i));
    } else {
      Continue(sessions_[open->second], i);
    }
    if (event.event == SessionEventKind::kStop) {
      last_stopped_[key] = open_[key];
      open_.erase(key);
    }
  }

  // A session that began and ended within one step of the clock: its stop was taken first (see Rank).
  bool CompletesLoneStop(const Key& key, std::size_t i) {
    const auto stopped = last_stopped_.find(key);
    if (stopped == last_stopped_.end()) return false;
    Session& session = sessions_[stopped->second];
    const bool lone = session.first_event == session.last_event && !session.start_seen;
    if (!lone || seen_[session.last_event].event->origin.at.at != seen_[i].event->origin.at.at) return false;
    session.start_seen = true;
    session.reports.insert(session.reports.end(), seen_[i].reports.begin(), seen_[i].reports.end());
    return true;
  }

  // Session ids begin again after a restart of the NAS: another subscriber under the same id is another
  // session.
  static bool Fits(const Session& session, const AccessSession& event) {
    return session.subscriber.empty() || !event.subscriber.has_value() ||
           session.subscriber == *event.subscriber;
  }

  Session Begin(std::size_t i) const {
    const AccessSession& event = *seen_[i].event;
    Session session;
    session.subscriber = event.subscriber.value_or("");
    session.nas = event.nas;
    session.reports = seen_[i].reports;
    session.first = session.last = BoundsOf(event.origin.at);
    session.start_seen = event.event == SessionEventKind::kStart;
    session.stop_seen = event.event == SessionEventKind::kStop;
    session.first_event = session.last_event = i;
    return session;
  }

  void Continue(Session& session, std::size_t i) const {
    const AccessSession& event = *seen_[i].event;
    if (session.subscriber.empty()) session.subscriber = event.subscriber.value_or("");
    session.reports.insert(session.reports.end(), seen_[i].reports.begin(), seen_[i].reports.end());
    session.last = BoundsOf(event.origin.at);
    session.stop_seen = event.event == SessionEventKind::kStop;
    session.last_event = i;
  }

  Instant BeginOf(const Session& session, std::vector<std::string>& rules) const {
    if (session.start_seen) return session.first.earliest;
    rules.emplace_back("its start was not seen");
    const Instant oldest = Plus(session.first.earliest, -age_max_ns_);
    if (session.first_event == 0) return oldest;
    // Whoever had the address before had it until his last event at least.
    return std::max(oldest, BoundsOf(seen_[session.first_event - 1].event->origin.at).earliest);
  }

  Instant EndOf(const Session& session, std::vector<std::string>& rules) const {
    if (session.stop_seen) return session.last.latest;
    for (std::size_t i = session.last_event + 1; i < seen_.size(); ++i) {
      const AccessSession& later = *seen_[i].event;
      if (later.event == SessionEventKind::kStart) {
        rules.emplace_back("closed by the next start on the same address");
        return BoundsOf(later.origin.at).latest;
      }
      if (IsNasWide(later) && later.nas == session.nas) {
        rules.emplace_back("closed by a restart of the nas");
        return BoundsOf(later.origin.at).latest;
      }
    }
    rules.emplace_back("no stop was seen");
    return Plus(session.last.latest, age_max_ns_);
  }

  std::vector<Seen> seen_;
  std::int64_t age_max_ns_;
  std::map<Key, std::size_t> open_;  // sessions that may go on
  std::map<Key, std::size_t> last_stopped_;
  std::vector<Session> sessions_;
};

AccessHolder& HolderNamed(std::vector<AccessHolder>& holders, const std::string& subscriber) {
  const auto same = [&](const AccessHolder& holder) {
    return !subscriber.empty() && holder.subscriber == subscriber;
  };
  const auto found = std::find_if(holders.begin(), holders.end(), same);
  if (found != holders.end()) return *found;
  return holders.emplace_back(AccessHolder{subscriber, {}, {}});
}

}  // namespace

std::vector<AccessHolder> SubscribersAt(std::span<const AccessSession> events, const Period& asked,
                                        std::int64_t age_max_ns) {
  const Pairing pairing(SeenEvents(events), age_max_ns);
  std::vector<AccessHolder> holders;
  for (const Session& session : pairing.sessions()) {
    std::vector<std::string> rules;
    if (!pairing.PossibleOf(session, rules).Overlaps(asked)) continue;
    AccessHolder& holder = HolderNamed(holders, session.subscriber);
    holder.events.insert(holder.events.end(), session.reports.begin(), session.reports.end());
    for (const std::string& rule : rules) {
      if (std::find(holder.rules.begin(), holder.rules.end(), rule) == holder.rules.end())
        holder.rules.push_back(rule);
    }
  }
  for (AccessHolder& holder : holders) std::sort(holder.events.begin(), holder.events.end());
  return holders;
}

}  // namespace probatio::resolve
