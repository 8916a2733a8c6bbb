#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "keep/journal_disk.h"
#include "keep/journal_format.h"

namespace probatio::keep {
namespace {

namespace fs = std::filesystem;
using Texts = std::vector<std::string_view>;
using Batches = std::vector<Buffer>;

std::vector<JournalBatch> Batched(const Texts& texts) {
  std::vector<JournalBatch> batches;
  for (const std::string_view text : texts) batches.push_back({AsBytes(text), crypto::Sha256(AsBytes(text))});
  return batches;
}

// As the file writes it.
Buffer GroupOf(const Texts& texts) {
  Buffer group = GroupHeaderBytes(Batched(texts)).value();
  for (const JournalBatch& batch : Batched(texts)) {
    const Buffer length = BatchLengthBytes(batch);
    group.insert(group.end(), length.begin(), length.end());
    group.insert(group.end(), batch.bytes.begin(), batch.bytes.end());
  }
  return group;
}

// Fails one write or sync, or is full after some bytes.
class FaultyDisk : public Disk {
 public:
  std::int64_t Write(int file, Bytes bytes) override {
    if (room_bytes == 0) return Fail(ENOSPC);
    const std::int64_t written = Disk::Write(file, bytes.first(std::min(bytes.size(), room_bytes)));
    room_bytes -= static_cast<std::size_t>(written);
    return written;
  }
  int Sync(int file) override { return syncs_until_failure-- == 0 ? Fail(sync_failure) : Disk::Sync(file); }
  std::int64_t Read(int file, std::span<std::uint8_t> into) override {
    if (reads_until_failure-- == 0) return Fail(EIO);
    return Disk::Read(file, into.first(std::min<std::size_t>(into.size(), 7)));  // always short
  }
  int Open(const std::string& path, OpenFor use) override {
    return open_fails ? Fail(EACCES) : Disk::Open(path, use);
  }
  int SyncFolder(const std::string& folder) override {
    synced.push_back(folder);
    return folder == unsynced ? Fail(EIO) : Disk::SyncFolder(folder);
  }
  int Truncate(int file, std::int64_t length) override {
    return truncate_fails ? Fail(EIO) : Disk::Truncate(file, length);
  }

  std::size_t room_bytes = SIZE_MAX;
  int syncs_until_failure = -1;
  int sync_failure = EIO;
  int reads_until_failure = -1;
  bool open_fails = false;
  std::string unsynced;
  std::vector<std::string> synced;  // folders
  bool truncate_fails = false;

 private:
  static int Fail(int reason) {
    errno = reason;
    return -1;
  }
};

class JournalFileTest : public ::testing::Test {
 protected:
  JournalFileTest() {
    std::string pattern = (fs::temp_directory_path() / "journal_test_XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    journals_ = DiskJournalsOn(folder_ + "/journals", disk_);
  }
  ~JournalFileTest() override { fs::remove_all(folder_); }

  std::string Path() const { return folder_ + "/journals/00c0ffee.journal"; }
  static Buffer Text(std::string_view text) { return ToBuffer(AsBytes(text)); }
  Buffer FileBytes() const {
    std::ifstream file(Path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

  std::string folder_;
  FaultyDisk disk_;
  std::unique_ptr<Journals> journals_;
};

TEST_F(JournalFileTest, GivesBackWhatItWasGivenInOrder) {
  const auto file = journals_->Create("00c0ffee").value();
  ASSERT_TRUE(file->Append(Batched({"one", "two"})).ok());
  ASSERT_TRUE(file->Append({}).ok());
  ASSERT_TRUE(file->Append(Batched({"three"})).ok());
  EXPECT_EQ(journals_->Read("00c0ffee").value(), (Batches{Text("one"), Text("two"), Text("three")}));
  EXPECT_EQ(journals_->List().value(), std::vector<std::string>{"00c0ffee"});
  EXPECT_EQ(fs::status(Path()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(JournalFileTest, ARunHasOneFileAndItGoesWhenRemoved) {
  EXPECT_TRUE(journals_->List().value().empty());
  ASSERT_TRUE(journals_->Create("00c0ffee").ok());
  EXPECT_EQ(journals_->Create("00c0ffee").error().code(), ErrorCode::kStorage);
  EXPECT_TRUE(journals_->Read("00c0ffee").value().empty());
  ASSERT_TRUE(journals_->Remove("00c0ffee").ok());
  EXPECT_TRUE(journals_->Remove("00c0ffee").ok());
  EXPECT_EQ(journals_->Read("00c0ffee").error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(journals_->Create("../outside").error().code(), ErrorCode::kInvalid);
}

TEST_F(JournalFileTest, AFullDiskLeavesTheFileAsItWasAndTheNextAppendGoesOn) {
  const auto file = journals_->Create("00c0ffee").value();
  ASSERT_TRUE(file->Append(Batched({"kept"})).ok());
  const Buffer before = FileBytes();
  disk_.room_bytes = 20;  // a short write, then no space
  const Status full = file->Append(Batched({"not kept"}));
  ASSERT_EQ(full.error().code(), ErrorCode::kStorage);
  EXPECT_NE(full.error().what().find("journal: no space left"), std::string::npos);
  EXPECT_EQ(FileBytes(), before);
  disk_.room_bytes = SIZE_MAX;
  ASSERT_TRUE(file->Append(Batched({"later"})).ok());
  EXPECT_EQ(journals_->Read("00c0ffee").value(), (Batches{Text("kept"), Text("later")}));
}

TEST_F(JournalFileTest, AfterAFailedSyncItAcknowledgesNothingMore) {
  const auto file = journals_->Create("00c0ffee").value();
  const Buffer before = FileBytes();
  disk_.syncs_until_failure = 0;
  EXPECT_EQ(file->Append(Batched({"not kept"})).error().code(), ErrorCode::kStorage);
  EXPECT_EQ(FileBytes(), before);
  // The next sync succeeds, and would say nothing about the pages that the last one dropped.
  const Status next = file->Append(Batched({"nor this"}));
  ASSERT_EQ(next.error().code(), ErrorCode::kStorage);
  EXPECT_NE(next.error().what().find(Path() + ": not usable after a failed sync"), std::string::npos);
  EXPECT_EQ(FileBytes(), before);
}

TEST_F(JournalFileTest, ASyncThatFoundTheDiskFullIsTriedAgain) {
  const auto file = journals_->Create("00c0ffee").value();
  disk_.syncs_until_failure = 0;
  disk_.sync_failure = ENOSPC;  // where space is set aside only when pages are written
  EXPECT_FALSE(file->Append(Batched({"not kept"})).ok());
  EXPECT_TRUE(file->Append(Batched({"kept"})).ok());
  EXPECT_EQ(journals_->Read("00c0ffee").value(), Batches{Text("kept")});
}

TEST_F(JournalFileTest, ItsNameIsDurableInItsFolderAndTheFolderInItsOwn) {
  ASSERT_TRUE(journals_->Create("00c0ffee").ok());
  EXPECT_EQ(disk_.synced, (std::vector<std::string>{folder_ + "/journals", folder_}));
  disk_.unsynced = folder_;
  EXPECT_EQ(journals_->Create("00c0ffe2").error().code(), ErrorCode::kStorage);
  EXPECT_EQ(journals_->List().value(), std::vector<std::string>{"00c0ffee"});
}

TEST_F(JournalFileTest, WhatIsReadAfterAKillIsMadeDurableBeforeAnybodyVouchesForIt) {
  ASSERT_TRUE(journals_->Create("00c0ffee").value()->Append(Batched({"one"})).ok());
  disk_.syncs_until_failure = 0;
  EXPECT_EQ(journals_->Read("00c0ffee").error().code(), ErrorCode::kStorage);
}

TEST_F(JournalFileTest, AReadThatFailsIsNeverAnEmptyOrAShorterJournal) {
  ASSERT_TRUE(journals_->Create("00c0ffee").value()->Append(Batched({"one"})).ok());
  const auto reads = static_cast<int>((FileBytes().size() + 6) / 7);
  for (int n = 0; n < reads; ++n) {
    disk_.reads_until_failure = n;
    const auto read = journals_->Read("00c0ffee");
    ASSERT_EQ(read.error().code(), ErrorCode::kStorage) << n;
    EXPECT_NE(read.error().what().find(Path() + ": cannot read"), std::string::npos);
  }
  disk_.reads_until_failure = -1;
  disk_.open_fails = true;
  EXPECT_EQ(journals_->Read("00c0ffee").error().code(), ErrorCode::kStorage);
  disk_.open_fails = false;
  EXPECT_EQ(journals_->Read("00c0ffee").value(), Batches{Text("one")});
}

TEST_F(JournalFileTest, AfterAFailedRepairTheFileTakesNothingMore) {
  const auto file = journals_->Create("00c0ffee").value();
  disk_.syncs_until_failure = 0;
  disk_.truncate_fails = true;
  EXPECT_FALSE(file->Append(Batched({"not kept"})).ok());
  disk_.truncate_fails = false;
  EXPECT_EQ(file->Append(Batched({"nor this"})).error().code(), ErrorCode::kStorage);
}

TEST_F(JournalFileTest, AFileThatCannotBeMadeLeavesNothingBehind) {
  disk_.syncs_until_failure = 0;
  EXPECT_EQ(journals_->Create("00c0ffee").error().code(), ErrorCode::kStorage);
  EXPECT_TRUE(journals_->List().value().empty());
}

TEST_F(JournalFileTest, DamageNamesFileAndOffset) {
  const auto file = journals_->Create("00c0ffee").value();
  ASSERT_TRUE(file->Append(Batched({"one"})).ok());
  ASSERT_TRUE(file->Append(Batched({"two"})).ok());
  Buffer bytes = FileBytes();
  bytes[JournalHeaderBytes().size() + 50] ^= 1U;
  std::ofstream(Path(), std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  const auto read = journals_->Read("00c0ffee");
  ASSERT_EQ(read.error().code(), ErrorCode::kStorage);
  EXPECT_EQ(read.error().what(), "journal: " + Path() + ": damaged at offset 19");
}

Buffer TwoGroups() {
  Buffer bytes = JournalHeaderBytes();
  for (const std::string_view text : {"first", "second"}) {
    const Buffer group = GroupOf({text});
    bytes.insert(bytes.end(), group.begin(), group.end());
  }
  return bytes;
}

TEST(ParseJournal, CutsATornTailWhereverItWasTorn) {
  const Buffer whole = TwoGroups();
  const std::size_t second = whole.size() - GroupOf({"second"}).size();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto parsed = ParseJournal(Bytes(whole).first(size));
    ASSERT_TRUE(parsed.ok()) << size << parsed.error().what();
    EXPECT_EQ(parsed.value().size(), size >= second ? 1U : 0U);
  }
}

TEST(ParseJournal, EveryAlteredByteOfTheFirstGroupIsDamageAndOfTheLastATail) {
  const Buffer whole = TwoGroups();
  const std::size_t second = whole.size() - GroupOf({"second"}).size();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    Buffer bytes = whole;
    bytes[at] ^= 0x40U;
    const auto parsed = ParseJournal(bytes);
    if (at < second) {
      EXPECT_EQ(parsed.error().code(), ErrorCode::kStorage) << at;
    } else {
      ASSERT_TRUE(parsed.ok()) << at;
      EXPECT_EQ(parsed.value().size(), 1U);
    }
  }
}

TEST(ParseJournal, AZeroedTailWasNeverAcknowledged) {
  Buffer bytes = TwoGroups();
  bytes.resize(bytes.size() + 4096);
  EXPECT_EQ(ParseJournal(bytes).value().size(), 2U);
}

// Waits for the child; its exit code.
int ExitOf(pid_t child) {
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(DiskJournals, ARunIsAliveForEveryProcessUntilItsFileIsLetGo) {
  std::string folder = fs::temp_directory_path().string() + "/probatio-alive-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const std::unique_ptr<Journals> journals = DiskJournals(folder);
  EXPECT_FALSE(journals->IsAlive("0a1b2c3d").value());
  // The run of another process, which is killed.
  std::array<int, 2> ready{};
  ASSERT_EQ(::pipe(ready.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto file = journals->Create("0a1b2c3d");
    const bool told = file.ok() && ::write(ready[1], "x", 1) == 1;
    if (told) ::pause();
    ::_exit(1);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_TRUE(journals->IsAlive("0a1b2c3d").value());
  EXPECT_TRUE(journals->Read("0a1b2c3d").value().empty());  // to look is no harm
  EXPECT_TRUE(journals->IsAlive("0a1b2c3d").value());
  ::kill(child, SIGKILL);
  EXPECT_EQ(ExitOf(child), -1);
  EXPECT_FALSE(journals->IsAlive("0a1b2c3d").value());
  // One of our own.
  std::unique_ptr<JournalFile> own = journals->Create("1a1b2c3d").value();
  EXPECT_TRUE(journals->IsAlive("1a1b2c3d").value());
  own.reset();
  EXPECT_FALSE(journals->IsAlive("1a1b2c3d").value());
  ::close(ready[0]);
  ::close(ready[1]);
  fs::remove_all(folder);
}

TEST(ParseJournal, AGroupIsHeldAgainstTheDigestsOfItsBatches) {
  Buffer bytes = JournalHeaderBytes();
  std::vector<JournalBatch> batches = Batched({"one"});
  batches.front().digest[0] ^= 1U;
  const Buffer header = GroupHeaderBytes(batches).value();
  const Buffer length = BatchLengthBytes(batches.front());
  for (const Bytes piece : {Bytes(header), Bytes(length), batches.front().bytes}) {
    bytes.insert(bytes.end(), piece.begin(), piece.end());
  }
  EXPECT_TRUE(ParseJournal(bytes).value().empty());
}

TEST(GroupHeader, HoldsWhatALimitAllowsAndNotAByteMore) {
  const auto code = [](const std::vector<std::size_t>& sizes) {
    const Buffer zeros(seal::kBatchBytesMax + 1);
    std::vector<JournalBatch> batches;
    for (const std::size_t size : sizes) batches.push_back({Bytes(zeros).first(size), {}});
    const auto header = GroupHeaderBytes(batches);
    return header.ok() ? ErrorCode{} : header.error().code();
  };
  EXPECT_EQ(code({0}), ErrorCode::kInvalid);
  const std::size_t rest = kJournalAppendBytesMax - seal::kBatchBytesMax - 8;
  EXPECT_EQ(code({seal::kBatchBytesMax, rest}), ErrorCode{});
  EXPECT_EQ(code({seal::kBatchBytesMax, rest + 1}), ErrorCode::kInvalid);
  EXPECT_EQ(code({seal::kBatchBytesMax + 1}), ErrorCode::kInvalid);
}

}  // namespace
}  // namespace probatio::keep
