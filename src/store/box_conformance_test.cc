// What every box must do, run against each engine. A new engine adds its world to the list at the end of the
// worlds.
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "store/memory/memory_box.h"
#include "store/rocksdb/rocks_box.h"
#include "store/test_directory.h"

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

// Whether there is something under the key or not, and though nobody reads it in the end.
TYPED_TEST(Box, ReadsTheSameAfterAReadWasAnnounced) {
  ASSERT_TRUE(this->Put("block/a", Value("sealed")).ok());
  ASSERT_TRUE(this->box().Stage({{"\1a", Value("staged")}}).ok());
  ASSERT_TRUE(this->box().Settle().ok());
  const std::vector<std::string> keys{"block/a", "\1a", "\1b", "block/absent"};
  for (int again = 0; again < 2; ++again) {
    this->box().Announce(keys);
    EXPECT_EQ(this->box().Read("block/a").value(), Value("sealed"));
    EXPECT_EQ(this->box().Read("\1a").value(), Value("staged"));
    EXPECT_EQ(this->box().Read("\1b").value(), std::nullopt);
    EXPECT_EQ(this->box().Read("block/absent").value(), std::nullopt);
  }
}

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

TYPED_TEST(Box, HasWhatWasStagedInAnyOrderOnceItIsSettled) {
  ASSERT_TRUE(this->Put("\1b", Value("old")).ok());
  ASSERT_TRUE(this->box().Stage({{"\1c", Value("1")}, {"z", Value("2")}, {"\1a", Value("3")}}).ok());
  ASSERT_TRUE(this->box().Stage({{"\1b", Value("4")}, {"\1a", Value("5")}, {"\1a", Value("6")}}).ok());
  ASSERT_TRUE(this->box().Settle().ok());
  EXPECT_EQ(this->box().Read("\1a").value(), Value("6"));
  EXPECT_EQ(this->box().Read("\1b").value(), Value("4"));
  EXPECT_EQ(this->box().Read("\1c").value(), Value("1"));
  EXPECT_EQ(this->box().List("").value(), (std::vector<std::string>{"\1a", "\1b", "\1c", "z"}));
  ASSERT_TRUE(this->Put("\1a", Value("7")).ok());
  EXPECT_EQ(this->box().Read("\1a").value(), Value("7"));
}

TYPED_TEST(Box, SettlesMoreThanItHoldsInMemoryAlsoOutOfOrder) {
  const std::string high = std::string(20, '\1') + "b";
  const std::string low = std::string(20, '\1') + "a";
  ASSERT_TRUE(this->box().Stage({{high, Buffer(kStageBytesMax, 1)}}).ok());
  ASSERT_TRUE(this->box().Stage({{low, Buffer(kStageBytesMax, 2)}}).ok());
  ASSERT_TRUE(this->box().Stage({{high, Value("later")}}).ok());
  ASSERT_TRUE(this->box().Settle().ok());
  EXPECT_EQ(this->box().Read(high).value(), Value("later"));
  EXPECT_EQ(this->box().Read(low).value()->size(), kStageBytesMax);
}

TYPED_TEST(Box, DropsWhatWasStagedAtAnErrorAndLetsTheCallerStartOver) {
  ASSERT_TRUE(this->box().Stage({{"a", Value("1")}}).ok());
  EXPECT_EQ(this->box().Stage({{"", Value("no key")}}).error().code(), ErrorCode::kInvalid);
  ASSERT_TRUE(this->box().Settle().ok());
  EXPECT_TRUE(this->box().List("").value().empty());
  ASSERT_TRUE(this->box().Stage({{"a", Value("2")}}).ok());
  ASSERT_TRUE(this->box().Settle().ok());
  EXPECT_EQ(this->box().Read("a").value(), Value("2"));
}

TYPED_TEST(Box, KeepsTheLimitsOfWhatIsStaged) {
  EXPECT_TRUE(this->box().Stage({{std::string(seal::kBoxKeyBytesMax, 'k'), Value("x")}}).ok());
  EXPECT_FALSE(this->box().Stage({{std::string(seal::kBoxKeyBytesMax + 1, 'k'), Value("x")}}).ok());
  EXPECT_FALSE(this->box().Stage({{"a", Buffer(seal::kBoxValueBytesMax + 1)}}).ok());
}

TYPED_TEST(Box, ErasesAllUnderAPrefixAndNothingElse) {
  ASSERT_TRUE(this->box().Stage({{"\1a", Value("1")}, {"\1b1", Value("2")}, {"\1b\xFF", Value("3")}}).ok());
  ASSERT_TRUE(this->box().Settle().ok());
  for (const char* key : {"\1b2", "\1c", "\xFF", "\xFF\xFF", "\xFE"})
    ASSERT_TRUE(this->Put(key, Value("x")).ok());
  ASSERT_TRUE(this->box().EraseAll("\1b").ok());
  EXPECT_EQ(this->box().List("\1").value(), (std::vector<std::string>{"\1a", "\1c"}));
  ASSERT_TRUE(this->box().EraseAll("\xFF").ok());
  EXPECT_EQ(this->box().List("").value(), (std::vector<std::string>{"\1a", "\1c", "\xFE"}));
  ASSERT_TRUE(this->box().EraseAll("never there").ok());
  EXPECT_EQ(this->box().EraseAll("").error().code(), ErrorCode::kInvalid);
  ASSERT_TRUE(this->Put("\1b1", Value("again")).ok());
  EXPECT_EQ(this->box().Read("\1b1").value(), Value("again"));
}

TYPED_TEST(Box, ServesReadersWhileOneWrites) {
  std::atomic<int> settled = 0;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 3; ++reader) {
    readers.emplace_back([&] {
      while (settled < 20) {
        const int known = settled;
        for (int i = 0; i < known; ++i) {
          const auto read = this->box().Read("\1k" + std::to_string(i));
          if (!read.ok() || read.value() != Value(std::to_string(i))) ++wrong;
        }
      }
    });
  }
  for (int i = 0; i < 20; ++i) {
    const std::string number = std::to_string(i);
    EXPECT_TRUE(this->box().Stage({{"\1k" + number, Value(number)}}).ok());
    EXPECT_TRUE(this->box().Settle().ok());
    ++settled;
  }
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
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
