// Holds: which streams and periods an order keeps from being purged, and for how long already. For one
// thread.
#include <fmt/format.h>
#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST  // see database.cc
#include <soci/soci.h>

#include "casebook/parts.h"

namespace probatio::casebook {
namespace {

// A comma cannot occur in an id.
std::string Join(const std::vector<std::string>& streams) {
  std::string joined;
  for (const std::string& stream : streams) {
    if (!joined.empty()) joined += ',';
    joined += stream;
  }
  return joined;
}

std::vector<std::string> SplitStreams(const std::string& joined) {
  std::vector<std::string> streams;
  std::size_t begin = 0;
  while (begin <= joined.size()) {
    const std::size_t end = std::min(joined.find(',', begin), joined.size());
    streams.push_back(joined.substr(begin, end - begin));
    begin = end + 1;
  }
  return streams;
}

Status CheckHold(const Hold& hold) {
  if (hold.streams.empty()) return Invalid("hold: no streams");
  if (hold.streams.size() > kHoldStreamsMax) {
    return Invalid(
        fmt::format("hold: {} streams, at most {} are allowed", hold.streams.size(), kHoldStreamsMax));
  }
  for (const std::string& stream : hold.streams) TRY_IN("hold: stream", CheckIdText(stream));
  if (!(hold.period.begin < hold.period.end)) return Invalid("hold: the period ends before it begins");
  return Done{};
}

ledger::Entry EntryFor(const std::string& type, const Hold& hold, Instant at) {
  return {type,
          at,
          {{"order", hold.order.text()},
           {"streams", Join(hold.streams)},
           {"begin", hold.period.begin.ToRfc3339()},
           {"end", hold.period.end.ToRfc3339()}}};
}

Result<Hold> FindHold(Casebook& casebook, std::uint64_t id) {
  const std::vector<Hold> holds = TRY(casebook.ListHolds());
  for (const Hold& hold : holds) {
    if (hold.id == id) return hold;
  }
  return NotFound(fmt::format("hold {}: not in the casebook", id));
}

}  // namespace

Result<std::uint64_t> Casebook::PinHold(const Hold& hold, ledger::Ledger& ledger) {
  TRY(CheckHold(hold));
  TRY(parts_->RequireOrder(hold.order));
  const ledger::Entry entry = EntryFor("hold_pinned", hold, hold.pinned_at);
  return parts_->storage.AppendWith(ledger, entry, [&](std::uint64_t index) -> Status {
    const long long id = ToSql(index);
    const std::string streams = Join(hold.streams);
    const long long begin = hold.period.begin.unix_ns();
    const long long end = hold.period.end.unix_ns();
    const long long pinned_at = hold.pinned_at.unix_ns();
    parts_->sql()
        << "INSERT INTO holds (ledger_index, order_id, streams, period_begin, period_end, pinned_at)"
           " VALUES (:index, :order, :streams, :begin, :end, :pinned_at)",
        soci::use(id), soci::use(hold.order.text()), soci::use(streams), soci::use(begin), soci::use(end),
        soci::use(pinned_at);
    return Done{};
  });
}

Status Casebook::ReleaseHold(std::uint64_t id, Instant at, ledger::Ledger& ledger) {
  const Hold hold = TRY(FindHold(*this, id));
  const ledger::Entry entry = EntryFor("hold_released", hold, at);
  TRY(parts_->storage.AppendWith(ledger, entry, [&](std::uint64_t) -> Status {
    const Hold now = TRY(FindHold(*this, id));
    if (now.released_at) return Denied(fmt::format("hold {}: released already", id));
    const long long released_at = at.unix_ns();
    const long long ledger_index = ToSql(id);
    parts_->sql() << "UPDATE holds SET released_at = :at WHERE ledger_index = :index", soci::use(released_at),
        soci::use(ledger_index);
    return Done{};
  }));
  return Done{};
}

Result<std::vector<Hold>> Casebook::ListHolds() {
  return parts_->database->Run([&]() -> Result<std::vector<Hold>> {
    long long id = 0, begin = 0, end = 0, pinned_at = 0, released_at = 0;
    std::string order, streams;
    soci::indicator released = soci::i_null;
    soci::statement select =
        (parts_->sql().prepare
             << "SELECT ledger_index, order_id, streams, period_begin, period_end, pinned_at,"
                " released_at FROM holds ORDER BY ledger_index",
         soci::into(id), soci::into(order), soci::into(streams), soci::into(begin), soci::into(end),
         soci::into(pinned_at), soci::into(released_at, released));
    select.execute();
    std::vector<Hold> holds;
    while (select.fetch()) {
      Hold hold;
      hold.id = static_cast<std::uint64_t>(id);
      hold.order = TRY_IN("casebook: holds.order_id", OrderId::Parse(order));
      hold.streams = SplitStreams(streams);
      hold.period = {Instant::FromUnixNs(begin), Instant::FromUnixNs(end)};
      hold.pinned_at = Instant::FromUnixNs(pinned_at);
      if (released == soci::i_ok) hold.released_at = Instant::FromUnixNs(released_at);
      holds.push_back(std::move(hold));
    }
    return holds;
  });
}

}  // namespace probatio::casebook
