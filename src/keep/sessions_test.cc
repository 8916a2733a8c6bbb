// The rule of docs/formats/window.md, "Sessions": who held a public tuple at an instant is found in the
// window of the instant, the one after, and the segments with loose rows; a plain search of every event finds
// nobody else.
#include <gtest/gtest.h>

#include <random>

#include "keep/test_holdings.h"
#include "resolve/resolver.h"

namespace probatio::keep {
namespace {

using record::NatEvent;
using record::NatEventKind;

constexpr std::uint16_t kPorts = 4;
const Instant kBegin = At("2026-11-24T00:00:00Z");

NatEvent EventAt(NatEventKind kind, Instant at, std::uint16_t port, std::uint32_t subscriber) {
  NatEvent event;
  event.origin.at.at = at;
  event.event = kind;
  event.proto = 6;
  event.inside_ip = IpAddress::V4(0x64400000U + subscriber);
  event.public_ip = IpAddress::Parse("203.0.113.9").value();
  event.public_port = static_cast<std::uint16_t>(40'000 + port);
  return event;
}

// Sessions one after another on each port, most short, some longer than a window, a few longer than an hour.
// Now and then an event is lost on the way.
std::vector<record::Record> RandomEvents(std::mt19937& dice) {
  const auto below = [&](std::int64_t count) {
    return static_cast<std::int64_t>(dice() % static_cast<unsigned>(count));
  };
  std::vector<record::Record> events;
  for (std::uint16_t port = 0; port < kPorts; ++port) {
    Instant at = kBegin + below(900) * kNsPerSecond;
    while (at < kBegin + 8 * kNsPerHour) {
      const std::int64_t minutes = below(4) == 0 ? 20 + below(150) : below(10);
      const Instant end = at + minutes * kNsPerMinute + below(60'000) * kNsPerMs;
      const auto subscriber = static_cast<std::uint32_t>(1 + below(50));
      if (below(20) != 0)
        events.emplace_back(EventAt(NatEventKind::kNat44SessionCreate, at, port, subscriber));
      if (below(20) != 0)
        events.emplace_back(EventAt(NatEventKind::kNat44SessionDelete, end, port, subscriber));
      at = end + (1 + below(600)) * kNsPerSecond;
    }
  }
  std::stable_sort(events.begin(), events.end(), [](const record::Record& a, const record::Record& b) {
    return record::OriginOf(a).at.at < record::OriginOf(b).at.at;
  });
  return events;
}

using Names = std::set<std::string>;

Names HoldersOf(const std::vector<NatEvent>& events, const order::Tuple& tuple, bool* whole = nullptr) {
  const resolve::Holders holders = resolve::HoldersAt(events, tuple, resolve::Limits{});
  Names names;
  for (const resolve::Holder& holder : holders.at_instant) {
    if (whole != nullptr) *whole = *whole && holder.whole;
  }
  for (const resolve::Holder& holder : holders.at_instant) {
    names.insert(events[holder.events.front()].inside_ip->ToText());
  }
  return names;
}

std::vector<NatEvent> AsEvents(const std::vector<record::Record>& records) {
  std::vector<NatEvent> events;
  for (const record::Record& record : records) events.push_back(std::get<NatEvent>(record));
  return events;
}

class Sessions : public testing::Test {
 protected:
  Sessions() { world_.clock.Set(kBegin + kNsPerDay); }

  // Runs one after another over the same events, each over its share of them; the last may die.
  void Keep(const std::vector<record::Record>& events, std::size_t runs, bool last_dies,
            std::size_t rows_in_memory, bool as_batches = false) {
    for (std::size_t run = 0; run < runs; ++run) {
      const std::size_t first = events.size() * run / runs;
      const std::size_t end = events.size() * (run + 1) / runs;
      ledger::Ledger ledger = world_.OpenLedger();
      Subjects subjects = world_.MakeSubjects();
      Run::Parts parts = world_.Parts(ledger, subjects);
      parts.nat_limits.rows_in_memory = rows_in_memory;
      const std::unique_ptr<keep::Run> open = keep::Run::Open(std::move(parts)).value();
      for (std::size_t at = first; at < end;) {
        const std::size_t count = std::min<std::size_t>(100, end - at);
        const std::span<const record::Record> part = std::span(events).subspan(at, count);
        ASSERT_TRUE((as_batches ? AppendAsBatch(part, *open) : open->Append(part)).ok());
        at += count;
      }
      if (last_dies && run + 1 == runs) break;
      ASSERT_TRUE(open->Close().ok());
      spilled_ += open->counts().spilled;
    }
    Recover();
  }

  // As a collector does: each run hands what is open to the next. Some die: before, in the middle of the
  // hand-over, with the next run or without it; some meet an error and the collector goes on.
  void KeepHandingOver(const std::vector<record::Record>& events, std::size_t runs, std::mt19937& dice) {
    Process process(world_);
    for (std::size_t run = 0; run < runs; ++run) {
      const auto share = std::span(events).subspan(
          events.size() * run / runs, events.size() * (run + 1) / runs - events.size() * run / runs);
      for (std::span<const record::Record> rest = share; !rest.empty();) {
        const auto part = rest.first(std::min<std::size_t>(50, rest.size()));
        world_.clock.Set(record::OriginOf(part.back()).at.at + 30 * kNsPerSecond);
        ASSERT_TRUE(process.run->Append(part).ok());
        rest = rest.subspan(part.size());
      }
      if (run + 1 == runs) break;
      const auto kind = std::array{FaultKind::kNone, FaultKind::kNone, FaultKind::kCrashBefore,
                                   FaultKind::kCrashAfter, FaultKind::kOnce}[dice() % 5];
      world_.fault = {kind, static_cast<int>(dice() % 12), 0};
      std::unique_ptr<keep::Run> next;
      Result<std::unique_ptr<keep::Run>> opened = process.OpenRun();
      if (opened.ok()) next = std::move(opened).value();
      const bool closed = next != nullptr && process.run->Close(next.get()).ok();
      const bool died = !closed && kind != FaultKind::kOnce;
      world_.Restart();
      handed_over_ += closed ? next->counts().taken_over : 0;
      if (closed || (next != nullptr && !process.run->lives())) process.run = std::move(next);
      next.reset();
      if (died) process.Restart();
    }
    if (dice() % 2 == 0) {
      ASSERT_TRUE(process.run->Close().ok());
    }
    process.run.reset();
    Recover();
  }

  // A collector's process: what it has in memory is gone with it.
  struct Process {
    explicit Process(TestWorld& in) : world(in) { Restart(); }
    void Restart() {
      run.reset();
      subjects.reset();
      ledger = std::make_unique<ledger::Ledger>(world.OpenLedger());
      subjects.emplace(world.MakeSubjects());
      Manifest manifest = Manifest::FromLedger(*ledger).value();
      CHECK(CloseCrashedSegments(*ledger, manifest, world.journals, world.clock).ok());
      run = OpenRun().value();
    }
    Result<std::unique_ptr<keep::Run>> OpenRun() { return keep::Run::Open(world.Parts(*ledger, *subjects)); }

    TestWorld& world;
    std::unique_ptr<ledger::Ledger> ledger;
    std::optional<Subjects> subjects;
    std::unique_ptr<keep::Run> run;
  };

  void Recover() {
    ledger::Ledger ledger = world_.OpenLedger();
    manifest_ = Manifest::FromLedger(ledger).value();
    ASSERT_TRUE(CloseCrashedSegments(ledger, *manifest_, world_.journals, world_.clock).ok());
  }

  static Status AppendAsBatch(std::span<const record::Record> events, keep::Run& run) {
    record::NatEventBatch batch;
    for (const record::Record& event : events) CHECK(batch.Add(std::get<NatEvent>(event)));
    return run.AppendEvents(batch);
  }

  // What a question about this instant opens: first what is near, and all when an end is not in that.
  Names Answer(const order::Tuple& tuple) {
    bool whole = true;
    const std::vector<NatEvent> found = Opened(tuple, true, &whole);
    const Names nearby = HoldersOf(found, tuple, &whole);
    return whole ? nearby : HoldersOf(Opened(tuple, false), tuple);
  }

  std::vector<NatEvent> Opened(const order::Tuple& tuple, bool nearby, bool* whole = nullptr) {
    const Period asked{tuple.at, tuple.at + 1};
    std::vector<NatEvent> rows;
    for (const seal::SegmentInfo& info : manifest_->All()) {
      if (nearby && !seal::MayConcern(info, asked)) continue;
      ++opened_;
      const record::Record like =
          EventAt(NatEventKind::kCreate, tuple.at, static_cast<std::uint16_t>(tuple.port - 40'000), 1);
      const bool closed = info.state == seal::SegmentState::kClosed;
      const std::vector<record::Record> held =
          closed ? RowsOfClosed(world_, info).value() : RowsOfCrashed(world_, info, like).value();
      for (const record::Record& row : held) {
        const auto& event = std::get<NatEvent>(row);
        if (nearby && closed && seal::IsCarriedFromFar(event, info.window, asked)) continue;
        rows.push_back(event);
        const bool all =
            event.public_port != tuple.port || !seal::MayEndElsewhere(event, info.window, closed, asked);
        if (whole != nullptr) *whole = *whole && all;
      }
    }
    return rows;
  }

  void ExpectTheSameAnswers(const std::vector<record::Record>& events, std::mt19937& dice) {
    const std::vector<NatEvent> all = AsEvents(events);
    for (int question = 0; question < 60; ++question) {
      order::Tuple tuple;
      tuple.ip = IpAddress::Parse("203.0.113.9").value();
      tuple.port = static_cast<std::uint16_t>(40'000 + dice() % kPorts);
      tuple.proto = 6;
      tuple.at = kBegin + static_cast<std::int64_t>(dice() % (8 * 3600)) * kNsPerSecond;
      EXPECT_EQ(Answer(tuple), HoldersOf(all, tuple)) << tuple.at.ToRfc3339() << " " << tuple.port;
    }
  }

  TestWorld world_;
  std::optional<Manifest> manifest_;
  std::uint64_t spilled_ = 0;
  std::uint64_t handed_over_ = 0;
  int opened_ = 0;
};

class SessionsOverSeeds : public Sessions, public testing::WithParamInterface<int> {};

TEST_P(SessionsOverSeeds, AreFoundAsAPlainSearchFindsThem) {
  std::mt19937 dice(static_cast<unsigned>(GetParam()));
  const std::vector<record::Record> events = RandomEvents(dice);
  const std::size_t runs = 1 + dice() % 3;
  const bool dies = dice() % 2 == 0;
  const std::size_t in_memory = dice() % 2 == 0 ? 50 : kNatRowsInMemoryMax;
  SCOPED_TRACE(testing::Message() << "seed " << GetParam() << ", runs " << runs << ", dies " << dies);
  Keep(events, runs, dies, in_memory, GetParam() % 2 == 0);
  ExpectTheSameAnswers(events, dice);
}
INSTANTIATE_TEST_SUITE_P(Seeds, SessionsOverSeeds, testing::Range(1, 41));

class SessionsHandedOver : public Sessions, public testing::WithParamInterface<int> {};

TEST_P(SessionsHandedOver, AreFoundAsAPlainSearchFindsThem) {
  std::mt19937 dice(static_cast<unsigned>(GetParam()));
  const std::vector<record::Record> events = RandomEvents(dice);
  const std::size_t runs = 2 + dice() % 30;
  SCOPED_TRACE(testing::Message() << "seed " << GetParam() << ", runs " << runs);
  KeepHandingOver(events, runs, dice);
  ExpectTheSameAnswers(events, dice);
}
INSTANTIATE_TEST_SUITE_P(Seeds, SessionsHandedOver, testing::Range(1, 61));

TEST_F(Sessions, OfOneRunWithoutLossOpenTwoWindows) {
  std::vector<record::Record> events;
  for (int i = 0; i < 60; ++i) {  // one after another, none longer than a window
    const Instant at = kBegin + i * 5 * kNsPerMinute;
    events.emplace_back(EventAt(NatEventKind::kNat44SessionCreate, at, 0, 1));
    events.emplace_back(EventAt(NatEventKind::kNat44SessionDelete, at + 4 * kNsPerMinute, 0, 1));
  }
  Keep(events, 1, false, kNatRowsInMemoryMax);
  order::Tuple tuple;
  tuple.ip = IpAddress::Parse("203.0.113.9").value();
  tuple.port = 40'000;
  tuple.proto = 6;
  tuple.at = kBegin + 2 * kNsPerHour + kNsPerMinute;
  EXPECT_EQ(Answer(tuple), Names{"100.64.0.1"});
  EXPECT_EQ(opened_, 2);
}

TEST_F(Sessions, AreTheSameBlocksWithAndWithoutASpill) {
  std::mt19937 dice(5);
  const std::vector<record::Record> events = RandomEvents(dice);
  const auto bytes = [&](std::size_t rows_in_memory) {
    TestWorld world;
    world.clock.Set(kBegin + kNsPerDay);
    ledger::Ledger ledger = world.OpenLedger();
    Subjects subjects = world.MakeSubjects();
    Run::Parts parts = world.Parts(ledger, subjects);
    parts.nat_limits.rows_in_memory = rows_in_memory;
    const std::unique_ptr<keep::Run> run = keep::Run::Open(std::move(parts)).value();
    for (std::size_t at = 0; at < events.size(); at += 20) {
      EXPECT_TRUE(
          run->Append(std::span(events).subspan(at, std::min<std::size_t>(20, events.size() - at))).ok());
    }
    const RunCounts counts = run->Close().value();
    EXPECT_EQ(counts.spilled > 0, rows_in_memory < 100);
    std::size_t size = 0;
    for (const auto& [key, value] : world.box.entries) size += value.size();
    return size;
  };
  EXPECT_EQ(bytes(30), bytes(kNatRowsInMemoryMax));
}

}  // namespace
}  // namespace probatio::keep
