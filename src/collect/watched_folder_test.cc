// Files of a folder reach the sink once each, whatever happens to them and to us meanwhile.
#include "collect/watched_folder.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "collect/writer.h"
#include "decode/cut/text_cutters.h"
#include "decode/jsonl/jsonl_decoder.h"

namespace probatio::collect {
namespace {

namespace fs = std::filesystem;

std::string LineOf(const std::string& account) {
  return R"({"class":"activity","event":"login","at":"2024-10-21T08:14:03Z","account":")" + account + "\"}\n";
}

struct ListSink : Sink {
  Status Append(std::span<const record::Record> appended) override {
    for (const record::Record& record : appended)
      accounts.push_back(std::get<record::Activity>(record).account);
    return Done{};
  }
  Status AppendEvents(const record::NatEventBatch&) override { return Done{}; }
  void NoteLost(const Loss&) override {}
  std::vector<std::string> accounts;
};

// A process that reads the folder; dropped as kill -9 drops it.
struct Process {
  Process(const std::string& folder, bool growing, FixedClock& clock, ListSink& sink)
      : source(
            Exporters::Make({{"log-1.example", {IpPrefix::ParseOrAddress("127.0.0.1").value()}, {}}}).value(),
            [](const std::string&) { return std::make_unique<decode::JsonlDecoder>(); }),
        writer({queue,
                {&source},
                sink,
                [this](const Rejected& piece) { put_aside.push_back(piece.reason.what()); },
                [](const std::string&) {},
                [](std::chrono::milliseconds) {},
                [] { return true; }}),
        watched(
            [&] {
              WatchedFolderSettings settings;
              settings.folder = folder;
              settings.glob = "*.jsonl";
              settings.growing = growing;
              settings.positions = folder + ".positions";
              settings.sender = IpAddress::Parse("127.0.0.1").value();
              settings.make_cutter = [] { return std::make_unique<decode::LineCutter>(); };
              settings.check = [](Bytes head) -> Status {
                if (AsText(head).starts_with("PK")) return Invalid("an archive");
                return Done{};
              };
              return settings;
            }(),
            clock, &queue, [this](const std::string& line) { said.push_back(line); }) {
    CHECK(watched.Open().ok());
  }
  void Read() { EXPECT_TRUE(watched.Round().ok()); }
  void Store() {
    queue.Close();
    writer.Run();
  }

  ArrivalQueue queue;
  Source source;
  std::vector<std::string> put_aside;
  std::vector<std::string> said;
  Writer writer;
  WatchedFolder watched;
};

class WatchedFolderTest : public ::testing::Test {
 protected:
  WatchedFolderTest() {
    std::string name = fs::temp_directory_path().string() + "/probatio-watched-XXXXXX";
    CHECK(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
  }
  ~WatchedFolderTest() override {
    fs::remove_all(folder_);
    fs::remove(folder_ + ".positions");
  }
  void Write(const std::string& name, const std::string& text, bool append = false) {
    std::ofstream(folder_ + "/" + name, append ? std::ios::app : std::ios::trunc) << text;
  }
  void Wait(std::int64_t ns) { clock_.Set(clock_.Now() + ns); }
  // One process that reads and stores what is there now, and ends.
  void RunOnce(bool growing) {
    Process process(folder_, growing, clock_, sink_);
    process.Read();
    Wait(kSettleNs);
    process.Read();
    process.Store();
  }
  std::vector<std::string> Sorted() {
    std::sort(sink_.accounts.begin(), sink_.accounts.end());
    return sink_.accounts;
  }
  using Texts = std::vector<std::string>;

  std::string folder_;
  FixedClock clock_{Instant::FromUnixSeconds(1'729'498'443)};
  ListSink sink_;
};

TEST_F(WatchedFolderTest, CompleteFilesAreReadOnceAndMovedWhenTheirRecordsAreDurable) {
  Write("a.jsonl", LineOf("a1") + LineOf("a2"));
  Write("b.jsonl", LineOf("b1"));
  Write("c.txt", LineOf("not ours"));
  Process process(folder_, false, clock_, sink_);
  process.Read();
  EXPECT_EQ(process.queue.bytes(), 0U);  // they might still be written to
  Wait(kSettleNs);
  process.Read();
  EXPECT_TRUE(fs::exists(folder_ + "/a.jsonl"));
  process.writer.Round();
  EXPECT_EQ(Sorted(), (Texts{"a1", "a2", "b1"}));
  process.Read();
  EXPECT_TRUE(fs::exists(folder_ + "/done/a.jsonl"));
  EXPECT_TRUE(fs::exists(folder_ + "/done/b.jsonl"));
  EXPECT_TRUE(fs::exists(folder_ + "/c.txt"));
  EXPECT_EQ(process.watched.counts().finished, 2U);
}

TEST_F(WatchedFolderTest, WhatWasNotDurableIsReadAgainAndWhatWasIsNot) {
  Write("a.jsonl", LineOf("a1"));
  {
    Process killed(folder_, false, clock_, sink_);
    killed.Read();
    Wait(kSettleNs);
    killed.Read();  // in the queue, and gone with the process
    EXPECT_GT(killed.queue.bytes(), 0U);
  }
  RunOnce(false);
  RunOnce(false);
  EXPECT_EQ(Sorted(), Texts{"a1"});
}

TEST_F(WatchedFolderTest, AKillBetweenDurableAndThePlaceReadsThatBatchTwiceAndNothingElse) {
  Write("log.jsonl", LineOf("1") + LineOf("2"));
  RunOnce(true);
  const std::vector<FilePosition> before = ReadPositions(folder_ + ".positions").value();
  Write("log.jsonl", LineOf("3") + LineOf("4"), true);
  RunOnce(true);
  ASSERT_TRUE(WritePositions(folder_ + ".positions", before).ok());  // what a kill there leaves
  Write("log.jsonl", LineOf("5"), true);
  RunOnce(true);
  EXPECT_EQ(Sorted(), (Texts{"1", "2", "3", "3", "4", "4", "5"}));
}

TEST_F(WatchedFolderTest, AGrowingFileIsFollowedLineByLine) {
  Write("log.jsonl", LineOf("1") + LineOf("2").substr(0, 20));
  RunOnce(true);
  EXPECT_EQ(Sorted(), Texts{"1"});  // the second is not whole yet
  Write("log.jsonl", LineOf("2").substr(20) + LineOf("3"), true);
  RunOnce(true);
  RunOnce(true);
  EXPECT_EQ(Sorted(), (Texts{"1", "2", "3"}));
}

TEST_F(WatchedFolderTest, RotationByRenamingLosesAndDoublesNothing) {
  Process process(folder_, true, clock_, sink_);
  Write("log.jsonl", LineOf("1"));
  process.Read();
  fs::rename(folder_ + "/log.jsonl", folder_ + "/log.jsonl.1");
  Write("log.jsonl.1", LineOf("2"), true);  // its writer had it open
  Write("log.jsonl", LineOf("3"));
  process.Read();
  process.writer.Round();
  EXPECT_EQ(Sorted(), (Texts{"1", "2", "3"}));
  Write("log.jsonl.1", "{\"class\":", true);  // and died in the middle of a line
  process.Read();
  Wait(kRotatedWaitNs);
  process.Read();
  process.writer.Round();
  process.Read();
  EXPECT_EQ(process.put_aside.size(), 1U);
  EXPECT_EQ(process.watched.counts().finished, 1U);
}

TEST_F(WatchedFolderTest, RotationByTruncationIsSeenEvenWhenTheFileHasGrownPastItsOldEnd) {
  Process process(folder_, true, clock_, sink_);
  Write("log.jsonl", LineOf("1"));
  process.Read();
  Write("log.jsonl", LineOf("2") + LineOf("3"));  // the same inode
  process.Read();
  process.Read();
  Write("log.jsonl", LineOf("4"));
  process.Read();
  process.Read();
  process.Store();
  EXPECT_EQ(Sorted(), (Texts{"1", "2", "3", "4"}));
  EXPECT_EQ(process.watched.counts().truncated, 2U);
}

TEST_F(WatchedFolderTest, ACopyThatCopytruncateLeavesIsReadFromWhereItsOriginalWas) {
  const std::string many = [] {
    std::string text;
    for (int i = 0; i < 40; ++i) text += LineOf(std::to_string(100 + i));
    return text;
  }();
  Process process(folder_, true, clock_, sink_);
  Write("log.jsonl", many);
  process.Read();
  process.writer.Round();
  Write("log.jsonl", LineOf("last"), true);  // not seen before the rotation
  fs::copy(folder_ + "/log.jsonl", folder_ + "/log-1.jsonl");
  process.Read();  // reads on in both: that far the copy is a double
  process.writer.Round();
  EXPECT_LE(sink_.accounts.size(), 42U);
  EXPECT_GE(sink_.accounts.size(), 41U);
}

TEST_F(WatchedFolderTest, WhatCannotBeReadAtAllStandsAsideWithItsReasonAndTheOthersGoOn) {
  Write("a.jsonl", "PK\x03\x04");
  Write("b.jsonl", LineOf("b1"));
  fs::create_symlink("/etc/hostname", folder_ + "/c.jsonl");
  RunOnce(false);
  EXPECT_EQ(Sorted(), Texts{"b1"});
  EXPECT_TRUE(fs::exists(folder_ + "/failed/a.jsonl"));
  std::string reason;
  std::getline(std::ifstream(folder_ + "/failed/a.jsonl.reason"), reason);
  EXPECT_EQ(reason, "an archive");
  EXPECT_TRUE(fs::is_symlink(folder_ + "/c.jsonl"));
}

TEST_F(WatchedFolderTest, NeverPutsAFileOverAnother) {
  for (const char* const content : {"PK\x03\x04 first", "PK\x03\x04 second", "PK\x03\x04 third"}) {
    Write("a.jsonl", content);
    RunOnce(false);
  }
  const auto first_line = [&](const std::string& name) {
    std::string line;
    std::getline(std::ifstream(folder_ + "/failed/" + name), line);
    return line;
  };
  EXPECT_EQ(first_line("a.jsonl"), "PK\x03\x04 first");
  EXPECT_EQ(first_line("a.jsonl.1"), "PK\x03\x04 second");
  EXPECT_EQ(first_line("a.jsonl.2"), "PK\x03\x04 third");
  EXPECT_EQ(first_line("a.jsonl.2.reason"), "an archive");
  // Nor its reason: this one would be the name of a file that is there.
  std::ofstream(folder_ + "/failed/b.jsonl.reason") << "somebody's";
  Write("b.jsonl", "PK\x03\x04");
  RunOnce(false);
  EXPECT_EQ(first_line("b.jsonl.reason"), "somebody's");
  EXPECT_EQ(first_line("b.jsonl.1.reason"), "an archive");
}

TEST_F(WatchedFolderTest, TwoLogsThatBeginAlikeAreReadBothWhole) {
  std::string banner;
  for (int i = 0; i < 40; ++i)
    banner += LineOf("banner");  // longer than the beginning by which a file is known
  Write("one.jsonl", banner + LineOf("one-1") + LineOf("one-2"));
  RunOnce(true);
  Write("two.jsonl", banner + LineOf("two-1") + LineOf("two-2"));
  RunOnce(true);
  const Texts accounts = Sorted();
  EXPECT_EQ(accounts.size(), 84U);
  for (const char* const account : {"one-1", "one-2", "two-1", "two-2"})
    EXPECT_EQ(std::count(accounts.begin(), accounts.end(), account), 1) << account;
}

TEST_F(WatchedFolderTest, AnInodeThatIsGivenAgainIsNoFileThatWasRead) {
  Write("log.jsonl", LineOf("a") + LineOf("b"));
  RunOnce(true);
  // Written anew in its place while nobody looked: the same inode, and the same beginning as far as it went.
  std::vector<FilePosition> positions = ReadPositions(folder_ + ".positions").value();
  ASSERT_EQ(positions.size(), 1U);
  const std::string same(LineOf("a").substr(0, 10));
  positions[0].file.head_bytes = same.size();
  positions[0].file.head_sum = OctetSum(AsBytes(same));
  ASSERT_TRUE(WritePositions(folder_ + ".positions", positions).ok());
  Write("log.jsonl", LineOf("c") + LineOf("d") + LineOf("e"));
  RunOnce(true);
  EXPECT_EQ(Sorted(), (Texts{"a", "b", "c", "d", "e"}));
}

TEST_F(WatchedFolderTest, PlacesOfFilesThatAreGoneAreForgottenAfterAWeek) {
  const auto places = [&] { return ReadPositions(folder_ + ".positions").value().size(); };
  Write("stays.jsonl", LineOf("1"));
  Write("goes.jsonl", LineOf("2"));
  RunOnce(true);
  ASSERT_EQ(places(), 2U);
  fs::remove(folder_ + "/goes.jsonl");
  Wait(kForgottenAfterNs - kNsPerDay);
  RunOnce(true);
  EXPECT_EQ(places(), 2U);
  Wait(kNsPerDay);
  RunOnce(true);
  EXPECT_EQ(places(), 1U);
  RunOnce(true);
  EXPECT_EQ(Sorted(), (Texts{"1", "2"}));
}

TEST_F(WatchedFolderTest, ReadFilesGoAfterTheirDays) {
  Write("a.jsonl", LineOf("a1"));
  RunOnce(false);
  RunOnce(false);
  EXPECT_TRUE(fs::exists(folder_ + "/done/a.jsonl"));
  clock_.Set(Instant::FromUnixSeconds(std::time(nullptr)) + kFinishedDaysMax * kNsPerDay - kNsPerHour);
  RunOnce(false);
  EXPECT_TRUE(fs::exists(folder_ + "/done/a.jsonl"));
  Wait(2 * kNsPerHour);
  RunOnce(false);
  EXPECT_FALSE(fs::exists(folder_ + "/done/a.jsonl"));
}

TEST(FilePositions, AreReadAsTheyWereWritten) {
  const std::vector<FilePosition> positions{
      {{1, 2, 1'024, ~std::uint64_t{0}}, 77, 5, Instant::FromUnixSeconds(1'729'498'443)},
      {{1, 3, 0, 0}, 0, 0, {}}};
  EXPECT_EQ(ParsePositions(PositionsText(positions)).value(), positions);
  EXPECT_EQ(ParsePositions("probatio-positions/2\n1 2 3 4 5\n").error().what(),
            "positions: line 2: not seven numbers");
  EXPECT_FALSE(ParsePositions("probatio-positions/1\n").ok());
  EXPECT_FALSE(ParsePositions("probatio-positions/2\n1 2 3 4 5 6 7").ok());  // cut off
  EXPECT_TRUE(ParsePositions("probatio-positions/2\n1 2 3 4 5 6 9000000000\n").ok());
  EXPECT_FALSE(ParsePositions("probatio-positions/2\n1 2 3 4 5 6 9000000001\n").ok());
}

}  // namespace
}  // namespace probatio::collect
