// From a socket to the sink: what is taken, what is refused, what is durable before it is answered.
#include <gtest/gtest.h>

#include <thread>

#include "collect/udp_listener.h"
#include "collect/writer.h"
#include "decode/flow/exporter_for_tests.h"
#include "decode/flow/flow_decoder.h"

namespace probatio::collect {
namespace {

const IpAddress kCgn = IpAddress::Parse("127.0.0.1").value();
const FixedClock kClock(Instant::FromUnixSeconds(decode::kTestExportTime));

struct FakeSink : Sink {
  Status Append(std::span<const record::Record> appended) override {
    if (refusals > 0) {
      --refusals;
      return Error(ErrorCode::kStorage, "no space left");
    }
    records.insert(records.end(), appended.begin(), appended.end());
    return Done{};
  }
  Status AppendEvents(const record::NatEventBatch& events) override {
    std::vector<record::Record> appended;
    for (const record::NatEventRow& row : events.rows) appended.emplace_back(events.EventOf(row));
    return Append(appended);
  }
  void NoteLost(const Loss& loss) override {
    lost += loss.records;
    losses.push_back(loss);
  }

  std::vector<record::Record> records;
  std::uint64_t lost = 0;
  std::vector<Loss> losses;
  int refusals = 0;
};

Exporters Only(const char* network, decode::SourceClock clock = {}) {
  return Exporters::Make({{"cgn-1.example", {IpPrefix::ParseOrAddress(network).value()}, std::move(clock)}})
      .value();
}
Source FlowSource(Exporters exporters) {
  return {std::move(exporters),
          [](const std::string& name) { return std::make_unique<decode::FlowDecoder>(name); }};
}

struct World {
  explicit World(Exporters exporters = Only("127.0.0.1")) : source(FlowSource(std::move(exporters))) {}

  ArrivalQueue queue;
  FakeSink sink;
  Source source;
  std::vector<std::string> put_aside;
  std::vector<std::string> said;
  int patience = 1'000;
  int kept_aside = 0;
  std::function<void()> on_kept_aside = [] {};
  Writer writer{{queue,
                 {&source},
                 sink,
                 [this](const Rejected& piece) { put_aside.push_back(piece.reason.what()); },
                 [this](const std::string& line) { said.push_back(line); },
                 [](std::chrono::milliseconds) {},
                 [this] { return patience-- <= 0; },
                 [this] {
                   ++kept_aside;
                   on_kept_aside();
                 }}};

  void Arrive(const std::vector<Buffer>& pieces, const IpAddress& from = kCgn) {
    ArrivalBatch batch(0, kClock.Now());
    for (const Buffer& piece : pieces) batch.Add(piece, from, 2055);
    ASSERT_TRUE(queue.TryPush(std::move(batch)));
  }
};

Buffer Session(std::uint32_t sequence) {
  return decode::MessageBytes({decode::SetBytes(2, decode::SessionTemplate()),
                               decode::SetBytes(256, decode::Hex(decode::kSessionHex))},
                              sequence);
}

TEST(Collect, StoresWhatExportersOfTheListSend) {
  World world;
  world.Arrive({Session(0), Session(1)});
  world.Arrive({Session(0)}, IpAddress::Parse("198.51.100.66").value());
  EXPECT_TRUE(world.writer.Round());
  EXPECT_EQ(world.sink.records.size(), 2U);
  EXPECT_EQ(record::OriginOf(world.sink.records[0]).exporter, "cgn-1.example");
  EXPECT_EQ(world.source.counts().strangers, 1U);
  EXPECT_EQ(world.writer.counts().appended, 2U);
}

TEST(Collect, PutsAsideWhatItCannotReadAndGoesOn) {
  World world;
  world.Arrive({decode::Hex("ffff"), Session(0)});
  world.writer.Round();
  EXPECT_EQ(world.sink.records.size(), 1U);
  EXPECT_EQ(world.put_aside,
            std::vector<std::string>{"message header at offset 0: version 65535, neither 9 nor 10"});
}

TEST(Collect, TellsWhatTheExportersNumbersSayWasLost) {
  World world;
  world.Arrive({Session(0), Session(7)});
  world.writer.Round();
  EXPECT_EQ(world.sink.lost, 6U);
  EXPECT_EQ(world.writer.counts().lost, 6U);
}

TEST(Collect, CorrectsAClockThatIsKnownToBeWrong) {
  decode::SourceClock clock;
  clock.offset = {-90 * kNsPerSecond};
  World world(Only("127.0.0.1", clock));
  world.Arrive({Session(0)});
  world.writer.Round();
  const record::Origin& origin = record::OriginOf(world.sink.records.at(0));
  EXPECT_EQ(origin.at.at.ToRfc3339(), "2024-10-21T08:12:33.250Z");
  EXPECT_EQ(origin.at.offset.ns, -90 * kNsPerSecond);
}

TEST(Collect, AnswersOnlyWhatIsDurable) {
  World world;
  world.sink.refusals = 3;
  std::size_t stored_when_answered = 0;
  ArrivalBatch batch(0, kClock.Now());
  batch.Add(Session(0), kCgn, 2055);
  batch.on_durable = [&] { stored_when_answered = world.sink.records.size(); };
  ASSERT_TRUE(world.queue.TryPush(std::move(batch)));
  world.writer.Round();
  EXPECT_EQ(stored_when_answered, 1U);
  EXPECT_EQ(world.writer.counts().retries, 3U);
  EXPECT_EQ(world.said.size(), 3U);
}

TEST(Collect, AnswersOnlyWhenWhatItCouldNotReadIsKeptAside) {
  World world;
  bool answered = false;
  world.on_kept_aside = [&] { EXPECT_FALSE(answered); };
  ArrivalBatch batch(0, kClock.Now());
  batch.Add(AsBytes("no message at all"), kCgn, 2055);
  batch.on_durable = [&] { answered = true; };
  ASSERT_TRUE(world.queue.TryPush(std::move(batch)));
  world.writer.Round();
  EXPECT_TRUE(answered);
  EXPECT_EQ(world.kept_aside, 1);
}

TEST(Collect, GivesUpOnlyWhenToldAndThenAnswersNothing) {
  World world;
  world.sink.refusals = 1'000;
  world.patience = 2;
  bool answered = false;
  ArrivalBatch batch(0, kClock.Now());
  batch.Add(Session(0), kCgn, 2055);
  batch.on_durable = [&] { answered = true; };
  ASSERT_TRUE(world.queue.TryPush(std::move(batch)));
  world.writer.Round();
  EXPECT_FALSE(answered);
  EXPECT_EQ(world.said.back(), "stopped with 1 records that could not be stored");
}

TEST(Collect, WhatIsGivenUpIsALossOfItsTime) {
  World world;
  world.sink.refusals = 1'000;
  world.patience = 2;
  world.Arrive({Session(0), Session(1)});
  world.writer.Round();
  ASSERT_EQ(world.sink.losses.size(), 1U);
  const Loss& loss = world.sink.losses[0];
  EXPECT_EQ(loss.records, 2U);
  EXPECT_EQ(loss.carries, Carries::kNatEvents);
  EXPECT_EQ(loss.period.begin.ToRfc3339(), "2024-10-21T08:14:03.250Z");
  EXPECT_EQ(loss.period.end, loss.period.begin + 1);
  EXPECT_EQ(world.writer.counts().lost, 2U);
}

TEST(Collect, WhatIsGivenUpOfAFileIsReadAgainByTheNextRunAndNoLoss) {
  World world;
  world.sink.refusals = 1'000;
  world.patience = 2;
  ArrivalBatch batch(0, kClock.Now());
  batch.of_file = true;
  batch.Add(Session(0), kCgn, 2055);
  ASSERT_TRUE(world.queue.TryPush(std::move(batch)));
  world.Arrive({Session(1)});  // over the network, in the same round
  world.writer.Round();
  ASSERT_EQ(world.sink.losses.size(), 1U);
  EXPECT_EQ(world.sink.losses[0].records, 1U);
}

TEST(Collect, NothingAfterWhatWasGivenUpIsAnswered) {
  World world;
  world.sink.refusals = 1;
  world.patience = 0;
  std::string answered;
  for (const char* const name : {"first ", "second "}) {
    ArrivalBatch batch(0, kClock.Now());
    batch.Add(Session(0), kCgn, 2055);
    batch.on_durable = [&answered, name] { answered += name; };
    ASSERT_TRUE(world.queue.TryPush(std::move(batch)));
    world.writer.Round();
  }
  EXPECT_EQ(world.sink.refusals, 0);
  EXPECT_EQ(world.sink.records.size(), 1U);  // the second could be stored
  EXPECT_EQ(answered, "");                   // but a position beyond it would skip the first
}

TEST(Collect, DisplacesTheSessionThatWasSilentLongest) {
  World world(Only("127.0.0.0/8"));
  ArrivalBatch batch(0, kClock.Now());
  for (std::size_t port = 0; port <= kSessionsMax; ++port)
    batch.Add(Session(0), kCgn, static_cast<std::uint16_t>(port));
  ASSERT_TRUE(world.queue.TryPush(std::move(batch)));
  world.writer.Round();
  EXPECT_EQ(world.source.counts().sessions_displaced, 1U);
  EXPECT_EQ(world.sink.records.size(), kSessionsMax + 1);
}

TEST(Collect, ASessionThatSpokeAgainIsNotTheOneSilentLongest) {
  World world;
  const Buffer data = decode::MessageBytes({decode::SetBytes(256, decode::Hex(decode::kSessionHex))}, 1);
  ArrivalBatch batch(0, kClock.Now());
  for (std::size_t port = 0; port < kSessionsMax; ++port)
    batch.Add(Session(0), kCgn, static_cast<std::uint16_t>(port));
  batch.Add(data, kCgn, 0);                                               // the first speaks again,
  batch.Add(Session(0), kCgn, static_cast<std::uint16_t>(kSessionsMax));  // a new one comes,
  batch.Add(data, kCgn, 0);                                               // and its templates still count
  ASSERT_TRUE(world.queue.TryPush(std::move(batch)));
  world.writer.Round();
  EXPECT_EQ(world.source.counts().sessions_displaced, 1U);
  EXPECT_EQ(world.sink.records.size(), kSessionsMax + 3);
}

TEST(Collect, AConnectionsTemplatesEndWithIt) {
  World world;
  const Buffer data = decode::MessageBytes({decode::SetBytes(256, decode::Hex(decode::kSessionHex))}, 1);
  ArrivalBatch batch(0, kClock.Now());
  batch.Add(Session(0), kCgn, 2055, 1);
  batch.Add(data, kCgn, 2055, 2);  // another connection: its template never came
  batch.Add(data, kCgn, 2055, 1);
  batch.AddEnded({kCgn, 2055, 1});
  batch.AddEnded({kCgn, 2055, 2});
  ASSERT_TRUE(world.queue.TryPush(std::move(batch)));
  world.writer.Round();
  ArrivalBatch later(0, kClock.Now());
  later.Add(data, kCgn, 2055, 3);
  ASSERT_TRUE(world.queue.TryPush(std::move(later)));
  world.writer.Round();
  EXPECT_EQ(world.sink.records.size(), 2U);
  EXPECT_EQ(world.sink.lost, 1U) << "what waited on the second connection";
  EXPECT_EQ(world.source.DecoderCounts().at("cgn-1.example").at("sets without template"), 2U);
}

TEST(Collect, WhatStillWaitsForItsTemplateAtTheEndIsLost) {
  World world;
  world.Arrive({decode::MessageBytes({decode::SetBytes(256, decode::Hex(decode::kSessionHex))})});
  world.queue.Close();
  world.writer.Run();
  world.writer.EndSessions();
  EXPECT_TRUE(world.sink.records.empty());
  EXPECT_EQ(world.sink.lost, 1U);
}

TEST(Collect, WhatTheKernelDroppedIsALossOfThatListener) {
  World world;
  ArrivalBatch batch(0, kClock.Now());
  batch.AddDropped({{kClock.Now(), kClock.Now() + kNsPerSecond}, 9});
  ASSERT_TRUE(world.queue.TryPush(std::move(batch)));
  world.writer.Round();
  EXPECT_EQ(world.sink.lost, 9U);
}

TEST(Collect, ReadsOnAfterARestart) {
  World before;
  before.Arrive({Session(0)});
  before.writer.Round();
  const Buffer state = before.source.SaveState(kClock.Now());

  World after;
  ASSERT_TRUE(after.source.RestoreState(state, kClock.Now() + kNsPerMinute).ok());
  after.Arrive({decode::MessageBytes({decode::SetBytes(256, decode::Hex(decode::kSessionHex))}, 1)});
  after.writer.Round();
  EXPECT_EQ(after.sink.records.size(), 1U);
}

TEST(Collect, RefusesAStateThatIsDamagedOrOldAndSaysWhy) {
  World before;
  before.Arrive({Session(0)});
  before.writer.Round();
  const Buffer state = before.source.SaveState(kClock.Now());
  World after;
  const auto refusal = [&](Bytes bytes, Instant now) {
    const Status restored = after.source.RestoreState(bytes, now);
    return restored.ok() ? std::string("restored") : std::string(restored.error().what());
  };
  EXPECT_EQ(refusal(state, kClock.Now() + kStateAgeMaxNs + 1),
            "state of a source: written too long ago: templates may mean something else by now");
  for (std::size_t size = 0; size < state.size(); ++size)
    EXPECT_NE(refusal(Bytes(state).first(size), kClock.Now()), "restored") << size;
  Buffer longer = state;
  longer.push_back(0);
  EXPECT_EQ(refusal(longer, kClock.Now()), "state of a source: octets after its end");
  EXPECT_EQ(refusal(state, kClock.Now() + kStateAgeMaxNs), "restored");
}

TEST(Collect, ReadsASocketUntilItIsStoppedAndLosesNothingOfWhatItRead) {
  World world;
  net::UdpSocket socket = net::UdpSocket::Bind(net::ParseEndpoint("127.0.0.1:0").value(), 1U << 20).value();
  UdpListener listener(0, std::move(socket), kClock, &world.queue);
  std::atomic<bool> stop = false;
  std::thread reading([&] { EXPECT_TRUE(listener.Run(stop).ok()); });
  std::thread writing([&] { world.writer.Run(); });

  constexpr std::size_t kSent = 500;
  net::UdpSocket exporter = net::UdpSocket::Bind(net::ParseEndpoint("127.0.0.1:0").value(), 1U << 20).value();
  for (std::uint32_t i = 0; i < kSent; ++i) ASSERT_TRUE(exporter.SendTo(listener.local(), Session(i)).ok());
  while (listener.datagrams() + listener.kernel_drops() < kSent) std::this_thread::yield();
  stop = true;
  reading.join();
  world.queue.Close();
  writing.join();
  EXPECT_EQ(world.sink.records.size(), listener.datagrams());
  EXPECT_EQ(world.queue.bytes(), 0U);
}

}  // namespace
}  // namespace probatio::collect
