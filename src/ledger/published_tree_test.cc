#include "ledger/published_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/test_corpus.h"
#include "ledger/memory_storage.h"

namespace probatio::ledger {
namespace {

using testing::HasSubstr;

constexpr char kOrigin[] = "probatio.example/platform";

class MemoryFiles : public PublishedFiles {
 public:
  Result<Buffer> Read(const std::string& path, std::size_t bytes_max) const override {
    const auto found = files.find(path);
    if (found == files.end()) return NotFound(path + ": no such file");
    if (found->second.size() > bytes_max) return Invalid(path + ": too large");
    return found->second;
  }
  Status Write(const std::string& path, Bytes bytes) override {
    if (writes_left == 0) return StorageError(path + ": disk full");
    --writes_left;
    const auto found = files.find(path);
    if (found != files.end() && path != kCheckpointPath) {
      EXPECT_EQ(found->second, ToBuffer(bytes)) << path;
    }
    files[path] = ToBuffer(bytes);
    return Done{};
  }

  std::map<std::string, Buffer> files;
  int writes_left = 1'000'000;
};

Entry Event(std::uint64_t number) {
  return {"order_event", Instant::FromUnixSeconds(1'731'422'240), {{"order", "o-" + std::to_string(number)}}};
}

class PublishedTree : public testing::Test {
 protected:
  Ledger Open() { return Ledger::Open(storage_, kOrigin, key_).value(); }
  void Grow(Ledger& ledger, std::uint64_t size) {
    std::vector<Entry> entries;
    for (std::uint64_t i = ledger.size(); i < size; ++i) entries.push_back(Event(i));
    ASSERT_TRUE(ledger.AppendAll(entries).ok());
  }
  void PublishAt(std::uint64_t size) {
    Ledger ledger = Open();
    Grow(ledger, size);
    const Status published = PublishTree(ledger, Publish::kTilesAndEntries, files_);
    ASSERT_TRUE(published.ok()) << published.error().what();
  }
  Status Verify() {
    const auto checkpoint = ReadPublished(files_, VerifierKey(kOrigin, key_.Public()));
    if (!checkpoint.ok()) return checkpoint.error();
    return VerifyTree(files_, checkpoint.value().value(),
                      [](std::uint64_t, const std::string&) -> Status { return Done{}; });
  }

  const crypto::PrivateKey key_ = crypto::PrivateKey::GenerateEd25519();
  MemoryStorage storage_;
  MemoryFiles files_;
};

TEST_F(PublishedTree, PathsAreThoseOfTlogTiles) {
  EXPECT_EQ(TilePath({0, 1'234'067, kTileWidth}), "tile/0/x001/x234/067");
  EXPECT_EQ(TilePath({1, 0, 44}), "tile/1/000.p/44");
  EXPECT_EQ(BundlePath({0, 1'000, 1}), "tile/entries/x001/000.p/1");
}

TEST_F(PublishedTree, ATreeOf300HasTheFilesThatTheLayoutNames) {
  PublishAt(300);
  std::vector<std::string> paths;
  for (const auto& [path, bytes] : files_.files) paths.push_back(path);
  EXPECT_THAT(paths, testing::ElementsAre("checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1",
                                          "tile/entries/000", "tile/entries/001.p/44"));
}

TEST_F(PublishedTree, EverySizeOnTheWayVerifiesAndNothingIsWrittenAnew) {
  for (const std::uint64_t size : {0, 1, 2, 255, 256, 257, 300, 511, 512, 513, 1024, 1500}) {
    PublishAt(size);
    const Status verified = Verify();
    EXPECT_TRUE(verified.ok()) << size << ": " << verified.error().what();
  }
}

TEST_F(PublishedTree, ACrashAtAnyWriteLeavesTheOldTreeWholeAndTheNextCallGoesOn) {
  PublishAt(250);
  const std::map<std::string, Buffer> before = files_.files;
  for (int writes = 0;; ++writes) {
    files_.files = before;
    files_.writes_left = writes;
    Ledger ledger = Open();
    Grow(ledger, 600);
    const bool done = PublishTree(ledger, Publish::kTilesAndEntries, files_).ok();
    EXPECT_TRUE(Verify().ok()) << writes;
    files_.writes_left = 1'000'000;
    ASSERT_TRUE(PublishTree(ledger, Publish::kTilesAndEntries, files_).ok());
    EXPECT_EQ(files_.files.at("tile/0/001").size(), 8192U);
    EXPECT_TRUE(Verify().ok()) << writes;
    if (done) break;
  }
}

TEST_F(PublishedTree, AnyChangedOctetIsFoundAndItsFileNamed) {
  PublishAt(300);
  for (auto& [path, bytes] : files_.files) {
    if (path == "checkpoint") continue;
    for (std::size_t i = 0; i < bytes.size(); i += 13) {
      bytes[i] ^= 1;
      const Status verified = Verify();
      ASSERT_FALSE(verified.ok()) << path << " " << i;
      EXPECT_THAT(verified.error().what(), HasSubstr("tile/")) << i;
      bytes[i] ^= 1;
    }
  }
  EXPECT_TRUE(Verify().ok());
}

TEST_F(PublishedTree, AMissingACutAndALengthenedFileAreNamed) {
  PublishAt(300);
  const std::map<std::string, Buffer> whole = files_.files;
  for (const auto& [path, bytes] : whole) {
    if (path == "checkpoint") continue;
    files_.files.erase(path);
    EXPECT_THAT(Verify().error().what(), HasSubstr(path));
    files_.files[path] = Buffer(bytes.begin(), bytes.end() - 1);
    EXPECT_THAT(Verify().error().what(), HasSubstr(path));
    files_.files[path] = bytes;
    files_.files[path].push_back(0);
    EXPECT_THAT(Verify().error().what(), HasSubstr(path));
    files_.files = whole;
  }
}

TEST_F(PublishedTree, TwoEntriesInTheOtherOrderAreFound) {
  PublishAt(2);
  auto entries = ParseBundle(files_.files["tile/entries/000.p/2"], 2).value();
  std::swap(entries[0], entries[1]);
  files_.files["tile/entries/000.p/2"] = BundleBytes(entries);
  EXPECT_EQ(Verify().error().what(),
            "tile/entries/000.p/2: entry 0 is not the one whose hash stands in tile/0/000.p/2");
}

TEST_F(PublishedTree, ALedgerPutBackIsRefusedAndRestoredFromWhatWasPublished) {
  PublishAt(100);
  const MemoryStorage backup = storage_;
  PublishAt(700);
  storage_ = backup;
  Ledger ledger = Open();
  const Status published = PublishTree(ledger, Publish::kTilesAndEntries, files_);
  EXPECT_EQ(published.error().code(), ErrorCode::kStorage);
  EXPECT_THAT(published.error().what(), HasSubstr("100 entries, but 700 were published"));
  EXPECT_EQ(RestoreFrom(files_, ledger).value(), 600U);
  EXPECT_EQ(Open().size(), 700U);
  EXPECT_TRUE(PublishTree(ledger, Publish::kTilesAndEntries, files_).ok());
  EXPECT_EQ(RestoreFrom(files_, ledger).value(), 0U);
}

TEST_F(PublishedTree, AForkIsNeitherPublishedNorRestored) {
  PublishAt(100);
  const MemoryStorage backup = storage_;
  PublishAt(300);
  storage_ = backup;
  Ledger ledger = Open();
  ASSERT_TRUE(ledger.Append(Event(9999)).ok());
  EXPECT_EQ(RestoreFrom(files_, ledger).error().what(),
            "ledger: entry 100 here is not the one that was published");
  EXPECT_EQ(ledger.size(), 101U);
  Grow(ledger, 400);
  const Status published = PublishTree(ledger, Publish::kTilesAndEntries, files_);
  EXPECT_EQ(published.error().what(),
            "ledger: is not the one that was published: another tree of 300 entries");
}

TEST_F(PublishedTree, TilesAloneSayNothingOfTheEntries) {
  Ledger ledger = Open();
  Grow(ledger, 300);
  ASSERT_TRUE(PublishTree(ledger, Publish::kTilesAlone, files_).ok());
  for (const auto& [path, bytes] : files_.files) EXPECT_THAT(path, Not(HasSubstr("entries")));
}

TEST_F(PublishedTree, ABundleIsReadOnlyWhenItIsExactlyTheEntriesItShouldHold) {
  const std::vector<std::string> entries = {"a", "", std::string(65'535, 'x')};
  const Buffer bytes = BundleBytes(entries);
  EXPECT_EQ(ParseBundle(bytes, 3).value(), entries);
  EXPECT_FALSE(ParseBundle(bytes, 2).ok());
  EXPECT_FALSE(ParseBundle(bytes, 4).ok());
}

// Trees that others published: the tiles hold together and lead to the root of their checkpoint.
TEST_F(PublishedTree, ATreeOfOthersVerifies) {
  SKIP_WITHOUT_CORPUS("merkle/sunlight_mirror");
  const std::string folder =
      "merkle/sunlight_mirror/000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706/";
  for (const char* path :
       {"tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/44"})
    files_.files[path] = ReadCorpus(folder + path);
  crypto::MerkleTree tree;
  for (const TileId& tile : TilesSince(0, 0, 300)) {
    const auto hashes = ParseTile(files_.files[TilePath(tile)], tile.width);
    ASSERT_TRUE(hashes.ok()) << hashes.error().what();
    for (const crypto::Digest& hash : hashes.value()) tree.Append(hash);
  }
  EXPECT_EQ(ToBase64(tree.Root()), "gw31yQrqZZCcEOPrzX+bpy3nJ6QgngTKn8G1m0i62uU=");
  EXPECT_EQ(TileBytes(tree, {1, 0, 1}), files_.files["tile/1/000.p/1"]);
}

}  // namespace
}  // namespace probatio::ledger
