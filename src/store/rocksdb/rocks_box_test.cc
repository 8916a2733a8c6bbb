// What only the box on disk can do wrong: refuse the wrong directory, fail in the middle, leave bytes behind.
#include "store/rocksdb/rocks_box.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>

#include "store/test_directory.h"

namespace probatio::store {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

Buffer Value(std::string_view text) {
  return ToBuffer(AsBytes(text));
}
std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}
void WriteFile(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}
std::string ErrorAtOpen(const std::string& path, Access access = Access::kReadWrite) {
  const auto box = RocksBox::Open(path, access);
  if (box.ok()) return "opened";
  EXPECT_EQ(box.error().code(), ErrorCode::kStorage);
  return box.error().what();
}
bool AnyFileHolds(const std::string& directory, const std::string& text) {
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file() && ReadFile(entry.path()).find(text) != std::string::npos) return true;
  }
  return false;
}

// ---- Refusals

TEST(OpenRocksBox, RefusesADirectoryThatIsNotOursAndLeavesItAsItWas) {
  const TemporaryDirectory directory;
  WriteFile(directory.path() + "/letter.txt", "dear court");
  EXPECT_EQ(ErrorAtOpen(directory.path()),
            "store: " + directory.path() +
                ": not a store of probatio: there are files in it, and no STORE: name the store's directory, "
                "or an empty one for a new store");
  EXPECT_THAT(ErrorAtOpen(directory.path(), Access::kReadOnly), HasSubstr("not a store of probatio"));
  EXPECT_EQ(std::distance(fs::directory_iterator(directory.path()), fs::directory_iterator()), 1);
}

TEST(OpenRocksBox, RefusesANewerFormatAndADamagedMarker) {
  const TemporaryDirectory directory;
  const std::string marker = directory.path() + "/STORE";
  ASSERT_EQ(ErrorAtOpen(directory.path()), "opened");
  EXPECT_EQ(ReadFile(marker), "probatio store\nformat 1\n");
  WriteFile(marker, "probatio store\nformat 2\n");
  EXPECT_EQ(ErrorAtOpen(directory.path()), "store: " + marker +
                                               ": format 2, and this program knows up to 1: open it with "
                                               "the newer probatio that made it");
  for (const char* text : {"", "probatio", "probatio store\nformat x\n", "probatio store\nformat 0\n",
                           "probatio store\nformat 1", "probatio store\nformat -1\n"}) {
    WriteFile(marker, text);
    EXPECT_THAT(ErrorAtOpen(directory.path()), HasSubstr("STORE: damaged: restore it from a backup")) << text;
  }
}

TEST(OpenRocksBox, GoesOnWhereAStartWasCutOff) {
  const TemporaryDirectory directory;
  WriteFile(directory.path() + "/STORE.new", "proba");
  EXPECT_EQ(ErrorAtOpen(directory.path()), "opened");
}

TEST(OpenRocksBox, RefusesAStoreThatIsHeldAndNamesTheLock) {
  const TemporaryDirectory directory;
  const auto box = RocksBox::Open(directory.path(), Access::kReadWrite).value();
  EXPECT_EQ(ErrorAtOpen(directory.path()),
            "store: " + directory.path() +
                "/LOCK: held by another process: wait for it or end it; do not delete the file");
}

TEST(OpenRocksBox, RefusesWhatIsNoDirectoryAndWhatIsNotThere) {
  const TemporaryDirectory directory;
  const std::string file = directory.path() + "/file";
  WriteFile(file, "");
  EXPECT_THAT(ErrorAtOpen(file), HasSubstr("/file: not a directory: name the store's directory"));
  EXPECT_THAT(ErrorAtOpen(file + "/below"), HasSubstr("/file/below"));
  EXPECT_THAT(ErrorAtOpen(directory.path() + "/no/such"), HasSubstr("/no/such: cannot create"));
  EXPECT_THAT(ErrorAtOpen(directory.path() + "/absent", Access::kReadOnly), HasSubstr("/absent: not there"));
}

TEST(OpenRocksBox, SaysThatItHasNoPermission) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const TemporaryDirectory directory;
  fs::permissions(directory.path(), fs::perms::none);
  EXPECT_THAT(ErrorAtOpen(directory.path()), HasSubstr("no permission to read: run as the user who owns it"));
  fs::permissions(directory.path(), fs::perms::owner_all);
}

// ---- Erasing

TEST(RocksBox, LeavesNoByteOfWhatAPurgeErasedInAnyFile) {
  const TemporaryDirectory directory;
  const auto box = RocksBox::Open(directory.path(), Access::kReadWrite).value();
  const std::string mine = std::string(1, '\1') + "0123456789abc";
  const std::string other = std::string(1, '\1') + "0123456789abd";
  ASSERT_TRUE(
      box->Stage({{mine + "1", Value("staged-and-purged")}, {other + "1", Value("another-segment")}}).ok());
  ASSERT_TRUE(box->Settle().ok());
  const std::vector<seal::BoxEntry> logged{{mine + "2", Value("logged-and-purged")}, {"w", Value("wrapped")}};
  ASSERT_TRUE(box->Write(logged).ok());
  ASSERT_TRUE(AnyFileHolds(directory.path(), "staged-and-purged"));
  ASSERT_TRUE(AnyFileHolds(directory.path(), "logged-and-purged"));
  ASSERT_TRUE(box->EraseAll(mine).ok());
  EXPECT_FALSE(AnyFileHolds(directory.path(), "staged-and-purged"));
  EXPECT_FALSE(AnyFileHolds(directory.path(), "logged-and-purged"));
  EXPECT_EQ(box->Read(other + "1").value(), Value("another-segment"));
  EXPECT_EQ(box->Read("w").value(), Value("wrapped"));
}

TEST(RocksBox, ForgetsWhatWasStagedAndNotSettledWhenItIsOpenedAgain) {
  const TemporaryDirectory directory;
  {
    const auto box = RocksBox::Open(directory.path(), Access::kReadWrite).value();
    ASSERT_TRUE(box->Stage({{"\1a", Buffer(kStageBytesMax, 1)}}).ok());  // so much goes to a file at once
    ASSERT_FALSE(fs::is_empty(directory.path() + "/staging"));
  }
  const auto box = RocksBox::Open(directory.path(), Access::kReadWrite).value();
  EXPECT_TRUE(box->List("").value().empty());
  EXPECT_TRUE(fs::is_empty(directory.path() + "/staging"));
}

// ---- Faults

// Fails one act of the disk, and all after it, as a disk does that is full or gone.
class FailingDisk : public DiskFaults {
 public:
  explicit FailingDisk(int reason = EIO) : reason_(reason) {}
  void FailFrom(int act) {
    acts_ = 0;
    first_ = act;
  }
  bool failed() const { return acts_ > first_; }
  int Before(DiskAct act, const std::string&) override {
    if (act == DiskAct::kRead && !reads_too) return 0;
    return acts_++ >= first_ ? reason_ : 0;
  }
  bool reads_too = false;

 private:
  int reason_;
  std::atomic<int> acts_ = 0;
  std::atomic<int> first_ = 1 << 30;
};

using Act = std::function<Status(seal::Box&)>;
using Entries = std::map<std::string, Buffer>;

Entries AllOf(const seal::Box& box) {
  Entries entries;
  const std::vector<std::string> keys = box.List("").value();
  for (const std::string& key : keys) entries[key] = box.Read(key).value().value();
  return entries;
}

// Whatever act of the disk fails: after the failure and a new start all that was acknowledged before is
// there, and of the new either all or nothing (`half` allows less). Returns in how many places it was made to
// fail.
using Allowed = std::function<bool(const Entries&)>;
int FailEverywhere(const Act& act, const Entries& before, const Entries& after,
                   const Allowed& half = nullptr) {
  for (int n = 0;; ++n) {
    const TemporaryDirectory directory;
    FailingDisk disk;
    bool acknowledged = false;
    {
      const auto box = RocksBox::Open(directory.path(), Access::kReadWrite, &disk).value();
      std::vector<seal::BoxEntry> entries;
      for (const auto& [key, value] : before) entries.push_back({key, value});
      CHECK(box->Stage(entries).ok() && box->Settle().ok());
      const seal::BoxEntry logged = entries.front();
      CHECK(box->Write({&logged, 1}).ok());  // one of them also in the log
      disk.FailFrom(n);
      acknowledged = act(*box).ok();
      if (!disk.failed()) {
        EXPECT_TRUE(acknowledged);
        return n;
      }
      // The disk stays broken until the process has ended.
    }
    const auto box = RocksBox::Open(directory.path(), Access::kReadWrite).value();
    const Entries found = AllOf(*box);
    const bool allowed = found == before || (half && half(found));
    EXPECT_TRUE(found == after || (!acknowledged && allowed)) << "failed at act " << n;
    if (testing::Test::HasFailure() || n > 200) return -1;
  }
}

const Entries kBefore{{"\1a", Value("1")}, {"\1b", Value("2")}, {"w", Value("3")}};

TEST(RocksBoxUnderFaults, WritesAllOrNothing) {
  const Act write = [](seal::Box& box) {
    const std::vector<seal::BoxEntry> entries{{"\1a", Value("new")}, {"x", Value("new")}};
    return box.Write(entries);
  };
  EXPECT_GT(
      FailEverywhere(write, kBefore,
                     {{"\1a", Value("new")}, {"\1b", Value("2")}, {"w", Value("3")}, {"x", Value("new")}}),
      1);
}

TEST(RocksBoxUnderFaults, SettlesAllOrNothing) {
  const Act settle = [](seal::Box& box) -> Status {
    TRY(box.Stage({{"\1a", Value("new")}, {"\1c", Value("new")}, {"x", Value("new")}}));
    return box.Settle();
  };
  const Entries after{{"\1a", Value("new")},
                      {"\1b", Value("2")},
                      {"\1c", Value("new")},
                      {"w", Value("3")},
                      {"x", Value("new")}};
  EXPECT_GT(FailEverywhere(settle, kBefore, after), 5);
}

TEST(RocksBoxUnderFaults, ErasesWhatItAcknowledgedAndHarmsNothingElse) {
  const Act erase = [](seal::Box& box) { return box.EraseAll("\1"); };
  const Allowed some_left = [](const Entries& found) {
    const bool known = std::all_of(found.begin(), found.end(),
                                   [](const auto& entry) { return kBefore.at(entry.first) == entry.second; });
    return known && found.count("w") == 1;
  };
  EXPECT_GT(FailEverywhere(erase, kBefore, {{"w", Value("3")}}, some_left), 3);
}

TEST(RocksBoxUnderFaults, SaysThatTheDiskIsFullAndWhatToDo) {
  const TemporaryDirectory directory;
  FailingDisk disk(ENOSPC);
  const auto box = RocksBox::Open(directory.path(), Access::kReadWrite, &disk).value();
  disk.FailFrom(0);
  const seal::BoxEntry entry{"a", Value("1")};
  EXPECT_EQ(box->Write({&entry, 1}).error().what(),
            "store: no space left: " + directory.path() +
                ": free some space and start again; nothing acknowledged is lost");
  Status settled = box->Stage({entry});
  if (settled.ok()) settled = box->Settle();
  EXPECT_THAT(settled.error().what(), HasSubstr("store: no space left: "));
}

std::string TableOf(const std::string& directory) {
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.path().extension() == ".sst") return entry.path();
  }
  return "";
}

TEST(RocksBoxUnderFaults, NamesTheFileThatWasDamagedAndSaysWhatToDo) {
  const TemporaryDirectory directory;
  {
    const auto box = RocksBox::Open(directory.path(), Access::kReadWrite).value();
    ASSERT_TRUE(box->Stage({{"\1a", Value("sealed-bytes")}}).ok());
    ASSERT_TRUE(box->Settle().ok());
  }
  const std::string table = TableOf(directory.path());
  std::string octets = ReadFile(table);
  octets[octets.find("sealed-bytes")] ^= 1;
  WriteFile(table, octets);
  const auto box = RocksBox::Open(directory.path(), Access::kReadWrite).value();
  const auto read = box->Read("\1a");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code(), ErrorCode::kStorage);
  EXPECT_THAT(read.error().what(), HasSubstr(fs::path(table).filename().string()));
  EXPECT_THAT(read.error().what(), HasSubstr("damaged: Corruption: block checksum mismatch"));
  EXPECT_THAT(read.error().what(),
              HasSubstr("restore that file from a backup, then run `probatio window verify`"));
}

TEST(RocksBoxUnderFaults, NamesATruncatedOrMissingTable) {
  for (const bool missing : {false, true}) {
    const TemporaryDirectory directory;
    {
      const auto box = RocksBox::Open(directory.path(), Access::kReadWrite).value();
      ASSERT_TRUE(box->Stage({{"\1a", Value("sealed-bytes")}}).ok());
      ASSERT_TRUE(box->Settle().ok());
    }
    const std::string table = TableOf(directory.path());
    missing ? (void)fs::remove(table) : fs::resize_file(table, fs::file_size(table) / 2);
    EXPECT_THAT(ErrorAtOpen(directory.path()), HasSubstr(fs::path(table).filename().string()));
  }
}

TEST(RocksBoxUnderFaults, NamesTheFileThatCannotBeRead) {
  const TemporaryDirectory directory;
  {
    const auto box = RocksBox::Open(directory.path(), Access::kReadWrite).value();
    ASSERT_TRUE(box->Stage({{"\1a", Value("sealed-bytes")}}).ok());
    ASSERT_TRUE(box->Settle().ok());
  }
  FailingDisk disk;
  disk.reads_too = true;
  const auto box = RocksBox::Open(directory.path(), Access::kReadWrite, &disk).value();
  disk.FailFrom(0);
  const auto read = box->Read("\1a");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code(), ErrorCode::kStorage);
  EXPECT_THAT(read.error().what(), HasSubstr(fs::path(TableOf(directory.path())).filename().string()));
}

// An announcement asks the disk for nothing that could fail or be waited for, and hides no error of the read.
TEST(RocksBoxUnderFaults, AnnouncesWithoutAReadAndTellsTheFaultWhenItIsRead) {
  const TemporaryDirectory directory;
  {
    const auto box = RocksBox::Open(directory.path(), Access::kReadWrite).value();
    ASSERT_TRUE(box->Stage({{"\1a", Value("sealed-bytes")}}).ok());
    ASSERT_TRUE(box->Settle().ok());
  }
  FailingDisk disk;
  disk.reads_too = true;
  const auto box = RocksBox::Open(directory.path(), Access::kReadWrite, &disk).value();
  const std::vector<std::string> keys{"\1a"};
  disk.FailFrom(0);
  box->Announce(keys);
  EXPECT_FALSE(disk.failed());
  EXPECT_EQ(box->Read("\1a").error().code(), ErrorCode::kStorage);
}

}  // namespace
}  // namespace probatio::store
