// NAT rows stand for records: whatever is computed from rows is what the records themselves would give.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "seal/nat_batch_row.h"
#include "seal/nat_commit.h"
#include "seal/nat_event_row.h"
#include "seal/nat_sort.h"
#include "seal/open_nat_sessions.h"
#include "seal/test_rows.h"

namespace probatio::seal {
namespace {

using record::NatEvent;
using record::NatEventKind;

template <class T>
void Sometimes(std::mt19937& dice, std::optional<T>* field, T value) {
  field->reset();
  if (dice() % 2 == 0) *field = value;
}

// Any event a source may send, likely or not.
NatEvent AnyEvent(std::mt19937& dice) {
  const auto number = [&](unsigned below) { return static_cast<std::uint16_t>(dice() % below); };
  NatEvent event;
  event.event = static_cast<NatEventKind>(1 + number(17));
  event.origin.at = {Instant::FromUnixNs(static_cast<std::int64_t>(dice()) * 1'000'003 - kNsPerDay),
                     number(2) == 0 ? 1 : kNsPerMs, number(2) * kNsPerSecond,
                     static_cast<ClockSource>(1 + number(4)),
                     ClockOffset{number(3) == 0 ? -kNsPerSecond : 0}};
  event.origin.exporter = number(3) == 0 ? "" : "cgn-" + std::to_string(number(3));
  Sometimes(dice, &event.origin.domain, std::uint32_t{number(9)});
  Sometimes(dice, &event.origin.seq, std::uint64_t{dice()});
  Sometimes(dice, &event.proto, static_cast<std::uint8_t>(number(256)));
  if (number(3) != 0) event.inside_ip = IpAddress::V4(0x64400000U + number(9));
  if (number(5) == 0) event.inside_ip = IpAddress::Parse("2001:db8::7").value();
  Sometimes(dice, &event.inside_port, number(65'536 - 1));
  if (number(3) == 0) event.inside_realm = std::string(number(300), 'r') + "vrf";
  event.public_ip =
      number(4) == 0 ? IpAddress::Parse("2001:db8::1").value() : IpAddress::V4(0xCB007100U + number(9));
  Sometimes(dice, &event.public_port, number(9));
  Sometimes(dice, &event.port_first, number(65'535));
  Sometimes(dice, &event.port_last, number(65'535));
  Sometimes(dice, &event.port_step, number(9));
  if (number(3) == 0) event.subscriber = "L-" + std::string(number(400), '0');
  if (record::NatureOf(event.event) == record::Nature::kBegins && number(2) == 0) {
    event.end_at = event.origin.at.at + dice();
    Sometimes(dice, &event.end_seq, std::uint64_t{dice()});
  }
  return event;
}

TEST(NatRow, IsTheEventAgain) {
  std::mt19937 dice(20'241'112);
  NatTables tables;
  NatRowMaker maker(&tables);
  for (int i = 0; i < 5000; ++i) {
    const NatEvent event = AnyEvent(dice);
    EXPECT_EQ(EventOf(maker.RowOf(event), tables), event) << i;
    EXPECT_TRUE(maker.KnownRow(event).has_value());
  }
}

TEST(NatRowMaker, KnowsNoTextThatItHasNotMet) {
  NatTables tables;
  NatRowMaker maker(&tables);
  NatEvent event = SessionAt(0, 40'000);
  EXPECT_FALSE(maker.KnownRow(event).has_value());
  maker.RowOf(event);
  event.origin.at.at = event.origin.at.at + kNsPerHour;
  EXPECT_TRUE(maker.KnownRow(event).has_value());
  for (std::optional<std::string>* text : {&event.inside_realm, &event.subscriber}) {
    NatEvent other = event;
    *text = "never met";
    EXPECT_FALSE(maker.KnownRow(event).has_value());
    event = other;
  }
}

TEST(NatCommitter, CommitsAsTheRecordsThemselves) {
  std::mt19937 dice(1);
  NatTables tables;
  NatRowMaker maker(&tables);
  NatCommitter committer(tables);
  std::vector<NatRow> rows;
  std::vector<record::Record> records;
  for (int i = 0; i < 3000; ++i) {
    records.push_back(AnyEvent(dice));
    rows.push_back(maker.RowOf(std::get<NatEvent>(records.back())));
  }
  EXPECT_EQ(committer.Commit(rows, KeyOf(7), 4096), CommitRows(records, KeyOf(7), 4096));
}

TEST(SortNatRows, PutsRowsInTheOneOrder) {
  std::mt19937 dice(2);
  for (const std::size_t count : {0U, 1U, 255U, 256U, 5000U}) {
    NatTables tables;
    NatRowMaker maker(&tables);
    std::vector<NatRow> rows;
    for (std::size_t i = 0; i < count; ++i) rows.push_back(maker.RowOf(AnyEvent(dice)));
    std::vector<NatRow> expected = rows;
    std::sort(expected.begin(), expected.end(), NatRowBefore);
    SortNatRows(&rows);
    const auto same = [](const NatRow& a, const NatRow& b) {
      return !NatRowBefore(a, b) && !NatRowBefore(b, a);
    };
    EXPECT_TRUE(std::equal(rows.begin(), rows.end(), expected.begin(), expected.end(), same)) << count;
  }
}

TEST(GroupNatRows, PutsATokensRowsTogetherInTheOrderInWhichTheyCame) {
  std::mt19937 dice(4);
  NatTables tables;
  NatRowMaker maker(&tables);
  for (const Stream stream : {Stream::kNatSession, Stream::kNatBlock}) {
    std::vector<NatRow> rows;
    for (std::uint64_t i = 0; i < 3000; ++i) {
      NatRow row = maker.RowOf(AnyEvent(dice));
      row.port = static_cast<std::uint16_t>(dice());
      row.seq = i;
      rows.push_back(row);
    }
    std::vector<NatRow> room;
    GroupNatRows(stream, &rows, &room);
    for (std::size_t i = 1; i < rows.size(); ++i) {
      const std::uint64_t before = GroupKeyOf(rows[i - 1], stream);
      const std::uint64_t key = GroupKeyOf(rows[i], stream);
      EXPECT_TRUE(before < key || (before == key && rows[i - 1].seq < rows[i].seq)) << i;
    }
  }
}

TEST(NatBatchRowMaker, MakesTheRowsOfTheEventsThemselves) {
  std::mt19937 dice(5);
  NatTables tables;
  NatBatchRowMaker batch_maker(&tables);
  record::NatEventBatch batch;
  for (int round = 0; round < 3;
       ++round) {  // numbers last from batch to batch, lists only where they are kept
    std::vector<NatEvent> events;
    if (round == 2) batch.Clear();
    batch.ClearRows();
    for (int i = 0; i < 2000; ++i) {
      NatEvent event = AnyEvent(dice);
      event.end_at.reset();
      event.end_seq.reset();
      event.inside_ip = IpAddress::V4(static_cast<std::uint32_t>(dice() % 5000));
      ASSERT_TRUE(batch.Add(event));
      events.push_back(event);
    }
    batch_maker.Begin(batch);
    for (std::size_t i = 0; i < events.size(); ++i) {
      EXPECT_EQ(EventOf(batch_maker.RowOf(batch.rows[i]), tables), events[i]) << i;
    }
  }
}

class OpenSessions : public testing::Test {
 protected:
  static NatEvent Create(std::int64_t ms, std::uint16_t port) { return SessionAt(ms, port); }
  static NatEvent Delete(std::int64_t ms, std::uint16_t port) {
    NatEvent event = SessionAt(ms, port);
    event.event = NatEventKind::kNat44SessionDelete;
    return event;
  }
  void Begin(const NatEvent& event) { EXPECT_TRUE(open_.Begin(maker_.RowOf(event))); }
  std::optional<NatEvent> End(const NatEvent& event) {
    const std::optional<NatRow> row = open_.End(maker_.RowOf(event));
    if (!row.has_value()) return std::nullopt;
    return EventOf(*row, tables_);
  }

  NatTables tables_;
  NatRowMaker maker_{&tables_};
  OpenNatSessions open_{&tables_};
};

TEST_F(OpenSessions, ADeleteThatSaysTheSameBecomesOneRowWithItsCreate) {
  Begin(Create(0, 40'000));
  NatEvent expected = Create(0, 40'000);
  expected.end_at = Delete(900, 40'000).origin.at.at;
  expected.end_seq = Delete(900, 40'000).origin.seq;
  EXPECT_EQ(End(Delete(900, 40'000)), expected);
  EXPECT_EQ(open_.size(), 0U);
  EXPECT_EQ(End(Delete(901, 40'000)), std::nullopt) << "each create has one delete";
}

TEST_F(OpenSessions, ADeleteThatSaysAnythingElseIsLeftAlone) {
  Begin(Create(500, 40'000));
  NatEvent other = Delete(900, 40'001);
  EXPECT_EQ(End(other), std::nullopt);
  other = Delete(900, 40'000);
  other.inside_ip = IpAddress::V4(0x0A000002);
  EXPECT_EQ(End(other), std::nullopt);
  other = Delete(900, 40'000);
  other.subscriber.reset();
  EXPECT_EQ(End(other), std::nullopt);
  other = Delete(900, 40'000);
  other.origin.exporter = "cgn-2.example";
  EXPECT_EQ(End(other), std::nullopt);
  other = Delete(900, 40'000);
  other.origin.at.error_ns = 1;
  EXPECT_EQ(End(other), std::nullopt);
  EXPECT_EQ(End(Delete(499, 40'000)), std::nullopt) << "before it began";
  EXPECT_TRUE(End(Delete(900, 40'000)).has_value());
}

TEST_F(OpenSessions, SeveralCreatesOfOneTupleEndFirstComeFirstServed) {
  Begin(Create(20, 40'000));
  Begin(Create(10, 40'000));
  EXPECT_EQ(End(Delete(100, 40'000))->origin.seq, 10U);
  EXPECT_EQ(End(Delete(100, 40'000))->origin.seq, 20U);
}

TEST_F(OpenSessions, ACreateThatTooManyLikeItPrecedeDoesNotWait) {
  for (std::size_t i = 0; i < kWaitingNeighboursMax; ++i) Begin(Create(static_cast<std::int64_t>(i), 40'000));
  EXPECT_FALSE(open_.Begin(maker_.RowOf(Create(9'999, 40'000))));
  EXPECT_EQ(open_.size(), kWaitingNeighboursMax);
  EXPECT_TRUE(End(Delete(10'000, 40'000)).has_value());
  Begin(Create(9'999, 40'000));
}

TEST_F(OpenSessions, LosesNothingOverManySessions) {
  std::mt19937 dice(3);
  std::multiset<std::pair<std::uint16_t, std::int64_t>> expected;  // port, create
  for (std::int64_t ms = 0; ms < 20'000; ++ms) {
    const auto port = static_cast<std::uint16_t>(dice() % 2000);
    const auto first = expected.lower_bound({port, 0});
    const bool is_open = first != expected.end() && first->first == port;
    if (dice() % 2 == 0) {
      Begin(Create(ms, port));
      expected.insert({port, ms});
      continue;
    }
    const std::optional<NatEvent> session = End(Delete(ms, port));
    ASSERT_EQ(session.has_value(), is_open);
    if (!is_open) continue;
    EXPECT_EQ(session->origin.seq, static_cast<std::uint64_t>(first->second));
    expected.erase(first);
  }
  EXPECT_EQ(open_.size(), expected.size());
  const std::size_t half = expected.size() / 2;
  const std::vector<WaitingNat> early = open_.TakeEarliest(half);
  const std::vector<WaitingNat> late = open_.TakeAll();
  ASSERT_EQ(early.size(), half);
  ASSERT_EQ(early.size() + late.size(), expected.size());
  EXPECT_LE(early.back().at_ns, late.front().at_ns);
}

}  // namespace
}  // namespace probatio::seal
