// What every box must do, run against each engine. A new engine adds its world to the list at the end of the
// worlds.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "store/memory/memory_box.h"
#include "store/rocksdb/rocks_box.h"

namespace probatio::store {
namespace {

Buffer Value(std::string_view text) {
  return ToBuffer(AsBytes(text));
}

class MemoryWorld {
 public:
  seal::Box& box() { return box_; }

 private:
  MemoryBox box_;
};

// A directory of its own, gone with the test.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = testing::TempDir() + "rocks_box.XXXXXX";
    CHECK(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

class RocksWorld {
 public:
  RocksWorld() : box_(RocksBox::Open(directory_.path(), Access::kReadWrite).value()) {}
  seal::Box& box() { return *box_; }

 private:
  TemporaryDirectory directory_;
  std::unique_ptr<RocksBox> box_;
};

template <class World>
class Box : public testing::Test {
 protected:
  seal::Box& box() { return world_.box(); }
  Status Put(const std::string& key, Buffer value) {
    const seal::BoxEntry entry{key, std::move(value)};
    return box().Write({&entry, 1});
  }

 private:
  World world_;
};
using Worlds = testing::Types<MemoryWorld, RocksWorld>;
TYPED_TEST_SUITE(Box, Worlds);

TYPED_TEST(Box, GivesBackWhatItWasGiven) {
  ASSERT_TRUE(this->Put("block/a", Value("sealed")).ok());
  ASSERT_TRUE(this->Put("block/empty", {}).ok());
  Buffer every_octet(256);
  for (std::size_t i = 0; i < every_octet.size(); ++i) every_octet[i] = static_cast<std::uint8_t>(i);
  ASSERT_TRUE(this->Put("block/octets", every_octet).ok());
  EXPECT_EQ(this->box().Read("block/a").value(), Value("sealed"));
  EXPECT_EQ(this->box().Read("block/empty").value(), Buffer{});
  EXPECT_EQ(this->box().Read("block/octets").value(), every_octet);
}

TYPED_TEST(Box, HasNothingUnderAKeyItWasNotGiven) {
  ASSERT_TRUE(this->Put("block/a", Value("sealed")).ok());
  EXPECT_EQ(this->box().Read("block/").value(), std::nullopt);
  EXPECT_EQ(this->box().Read("block/aa").value(), std::nullopt);
  EXPECT_EQ(this->box().Read("").value(), std::nullopt);
}

TYPED_TEST(Box, KeepsTheLaterOfTwoValues) {
  const std::vector<seal::BoxEntry> twice{{"a", Value("1")}, {"a", Value("2")}};
  ASSERT_TRUE(this->box().Write(twice).ok());
  EXPECT_EQ(this->box().Read("a").value(), Value("2"));
  ASSERT_TRUE(this->Put("a", Value("3")).ok());
  EXPECT_EQ(this->box().Read("a").value(), Value("3"));
}

TYPED_TEST(Box, WritesAllEntriesOrNone) {
  const std::vector<seal::BoxEntry> entries{{"a", Value("1")}, {"", Value("no key")}, {"b", Value("2")}};
  EXPECT_EQ(this->box().Write(entries).error().code(), ErrorCode::kInvalid);
  EXPECT_TRUE(this->box().List("").value().empty());
}

TYPED_TEST(Box, ListsKeysOfAPrefixInOrder) {
  for (const char* key : {"b/2", "b/1", "a/9", "b/10", "b", "c"})
    ASSERT_TRUE(this->Put(key, Value("x")).ok());
  EXPECT_EQ(this->box().List("b/").value(), (std::vector<std::string>{"b/1", "b/10", "b/2"}));
  EXPECT_EQ(this->box().List("").value().size(), 6U);
  EXPECT_TRUE(this->box().List("d").value().empty());
}

TYPED_TEST(Box, ErasesWhatItIsToldToAndNothingElse) {
  for (const char* key : {"a", "b", "c"}) ASSERT_TRUE(this->Put(key, Value("x")).ok());
  const std::vector<std::string> gone{"a", "c", "never there"};
  ASSERT_TRUE(this->box().Erase(gone).ok());
  EXPECT_EQ(this->box().List("").value(), std::vector<std::string>{"b"});
  EXPECT_EQ(this->box().Read("a").value(), std::nullopt);
}

TYPED_TEST(Box, KeepsTheLimitOfKeys) {
  EXPECT_TRUE(this->Put(std::string(seal::kBoxKeyBytesMax, 'k'), Value("x")).ok());
  const Status refused = this->Put(std::string(seal::kBoxKeyBytesMax + 1, 'k'), Value("x"));
  EXPECT_EQ(refused.error().what(), "box: key of 513 bytes, more than 512");
}

TYPED_TEST(Box, KeepsTheLimitOfValues) {
  EXPECT_EQ(this->Put("a", Buffer(seal::kBoxValueBytesMax + 1)).error().what(),
            "box: value of 268435457 bytes, more than 268435456");
  EXPECT_EQ(this->box().Read("a").value(), std::nullopt);
  ASSERT_TRUE(this->Put("a", Buffer(seal::kBoxValueBytesMax, 7)).ok());
  const std::optional<Buffer> read = this->box().Read("a").value();
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->size(), seal::kBoxValueBytesMax);
}

TEST(RocksBox, StillHasEverythingAfterItWasOpenedAgain) {
  const TemporaryDirectory directory;
  const seal::BoxEntry entry{"a", Value("1")};
  ASSERT_TRUE(RocksBox::Open(directory.path(), Access::kReadWrite).value()->Write({&entry, 1}).ok());
  const auto box = RocksBox::Open(directory.path(), Access::kReadWrite).value();
  EXPECT_EQ(box->Read("a").value(), Value("1"));
}

TEST(RocksBox, OpenedReadOnlyReadsAndDoesNotWrite) {
  const TemporaryDirectory directory;
  const seal::BoxEntry entry{"a", Value("1")};
  ASSERT_TRUE(RocksBox::Open(directory.path(), Access::kReadWrite).value()->Write({&entry, 1}).ok());
  const auto box = RocksBox::Open(directory.path(), Access::kReadOnly).value();
  EXPECT_EQ(box->Read("a").value(), Value("1"));
  EXPECT_EQ(box->Write({&entry, 1}).error().code(), ErrorCode::kStorage);
  const std::vector<std::string> keys{"a"};
  EXPECT_EQ(box->Erase(keys).error().code(), ErrorCode::kStorage);
}

TEST(RocksBox, IsHeldByOneWriterOnly) {
  const TemporaryDirectory directory;
  const auto box = RocksBox::Open(directory.path(), Access::kReadWrite).value();
  EXPECT_EQ(RocksBox::Open(directory.path(), Access::kReadWrite).error().code(), ErrorCode::kStorage);
}

TEST(RocksBox, ReadOnlyNeedsADirectoryThatIsThere) {
  const TemporaryDirectory directory;
  const std::string absent = directory.path() + "/absent";
  EXPECT_EQ(RocksBox::Open(absent, Access::kReadOnly).error().code(), ErrorCode::kStorage);
}

// A copy of the directory while the box is open is what a power cut leaves behind: every acknowledged write
// is in it.
TEST(RocksBox, HasEveryAcknowledgedWriteAfterAPowerCut) {
  const TemporaryDirectory directory;
  const TemporaryDirectory after;
  const auto box = RocksBox::Open(directory.path(), Access::kReadWrite).value();
  const seal::BoxEntry entry{"a", Value("1")};
  ASSERT_TRUE(box->Write({&entry, 1}).ok());
  std::filesystem::copy(directory.path(), after.path(), std::filesystem::copy_options::recursive);
  EXPECT_EQ(RocksBox::Open(after.path(), Access::kReadWrite).value()->Read("a").value(), Value("1"));
}

TEST(MemoryBox, CanHideAKeyAndShowItAgain) {
  MemoryBox box;
  const seal::BoxEntry entry{"a", Value("1")};
  ASSERT_TRUE(box.Write({&entry, 1}).ok());
  box.Hide("a");
  EXPECT_EQ(box.Read("a").value(), std::nullopt);
  EXPECT_TRUE(box.List("").value().empty());
  box.Show("a");
  EXPECT_EQ(box.Read("a").value(), Value("1"));
}

TEST(MemoryBox, CanReplaceAValue) {
  MemoryBox box;
  box.Replace("a", Value("2"));
  EXPECT_EQ(box.Read("a").value(), Value("2"));
}

TEST(MemoryBox, CanFailAfterSoManyWritesAndThenChangesNothing) {
  MemoryBox box;
  const seal::BoxEntry entry{"a", Value("1")};
  const std::vector<std::string> keys{"a"};
  box.FailWritesAfter(1);
  EXPECT_TRUE(box.Write({&entry, 1}).ok());
  const seal::BoxEntry second{"a", Value("2")};
  EXPECT_EQ(box.Write({&second, 1}).error().code(), ErrorCode::kStorage);
  EXPECT_EQ(box.Erase(keys).error().code(), ErrorCode::kStorage);
  EXPECT_EQ(box.Read("a").value(), Value("1"));
}

}  // namespace
}  // namespace probatio::store
