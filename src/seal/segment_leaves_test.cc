#include "seal/segment_leaves.h"

#include <gtest/gtest.h>

#include "seal/box_key.h"
#include "seal/test_leaves.h"
#include "seal/test_rows.h"

namespace probatio::seal {
namespace {

class OneBox : public Box {
 public:
  Status Write(std::span<const BoxEntry> entries) override {
    for (const BoxEntry& entry : entries) values[entry.key] = entry.value;
    return Done{};
  }
  Result<std::optional<Buffer>> Read(const std::string& key) const override {
    ++reads;
    const auto found = values.find(key);
    return found == values.end() ? std::optional<Buffer>() : found->second;
  }
  Status Stage(std::vector<BoxEntry> entries) override { return Write(entries); }
  Status Settle() override { return Done{}; }
  Status Erase(std::span<const std::string>) override { return Done{}; }
  Status EraseAll(const std::string&) override { return Done{}; }
  Result<std::vector<std::string>> List(const std::string&) const override {
    return std::vector<std::string>();
  }

  std::map<std::string, Buffer> values;
  mutable int reads = 0;
};

// A closed segment of so many leaves, as the ledger and the box know it.
struct World {
  explicit World(std::size_t count, std::uint32_t blocks_max = 4, std::uint64_t seed = 1)
      : leaves(ChainOf(count, blocks_max, seed)) {
    info.window = WindowOf(Stream::kNatSession, At("2024-10-21T08:15:00Z"));
    info.id = MakeSegmentId(info.window, "00000001");
    info.state = SegmentState::kClosed;
    info.root = SegmentRoot(leaves);
    info.leaf_count = leaves.size();
    Put(PagesOf(leaves));
  }
  void Put(const LeafPages& pages) {
    Index() = pages.index;
    for (std::size_t i = 0; i < pages.pages.size(); ++i) Page(i) = pages.pages[i];
  }
  Buffer& Index() { return box.values[LeafIndexKey(info.id)]; }
  Buffer& Page(std::size_t page) { return box.values[LeafPageKey(info.id, page)]; }
  std::size_t pages() const { return (leaves.size() + kLeavesPerPage - 1) / kLeavesPerPage; }

  Result<SegmentLeaves> Open() {
    cache = LeafCache();
    return SegmentLeaves::Open(box, info, &cache);
  }
  Result<std::vector<FoundLeaf>> Find(const Token& token) {
    const SegmentLeaves opened = TRY(Open());
    return opened.Find(token);
  }
  // What a reader of everything says first.
  std::string Verdict() {
    const Result<SegmentLeaves> opened = Open();
    if (!opened.ok()) return What(opened);
    for (std::size_t page = 0; page < opened.value().pages(); ++page) {
      const auto held = opened.value().Page(page);
      if (!held.ok()) return What(held);
    }
    return "whole";
  }
  std::string Said(const std::string& what) const {
    return "store incomplete: segment nat_session-20241021T081500Z-00000001: " + what;
  }

  std::vector<BlockLeaf> leaves;
  SegmentInfo info;
  OneBox box;
  LeafCache cache;
};

// Every token that is there and one on each side of it: by pages as over all leaves.
void ExpectSameAsOverAllLeaves(World* world) {
  const SegmentLeaves opened = world->Open().value();
  std::vector<Token> asked{LeafNumber(1).token, LeafNumber(2).token};
  for (const BlockLeaf& leaf : world->leaves) {
    asked.push_back(leaf.token);
    asked.push_back(leaf.token);
    asked.back()[15] ^= 1;
    if (leaf.token != kTokenSentinel) asked.push_back(leaf.token), asked.back()[0] = 0x80;
  }
  for (const Token& token : asked) {
    const LeafRange range = FindToken(world->leaves, token);
    const std::vector<FoundLeaf> found = opened.Find(token).value();
    ASSERT_EQ(found.size(), range.end - range.first) << ToHex(token);
    for (std::size_t i = 0; i < found.size(); ++i) {
      ASSERT_EQ(found[i].index, range.first + i);
      ASSERT_EQ(found[i].leaf, world->leaves[range.first + i]);
    }
  }
}

TEST(SegmentLeaves, FindByPagesWhatIsThereOverAllLeaves) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const std::size_t count = 1 + seed * 97 % 700;
    World world(count, seed % 3 == 0 ? 300 : static_cast<std::uint32_t>(1 + seed % 5), seed);
    ExpectSameAsOverAllLeaves(&world);
  }
}

TEST(SegmentLeaves, OfAnEmptySegmentAreTheSentinelAlone) {
  World world(1);
  EXPECT_EQ(world.Verdict(), "whole");
  EXPECT_TRUE(world.Find(LeafNumber(7).token).value().empty());
}

TEST(SegmentLeaves, ProveALeafFromItsPageAndTheIndexAlone) {
  for (const std::size_t count : {1U, 2U, 32U, 33U, 65U, 160U, 1'000U}) {
    World world(count);
    std::vector<crypto::Digest> hashes;
    for (const BlockLeaf& leaf : world.leaves) hashes.push_back(LeafHash(leaf));
    const SegmentLeaves opened = world.Open().value();
    for (std::size_t i = 0; i < count; i += 13) {
      const LeafProof proof = opened.Prove({world.leaves[i], i}).value();
      ASSERT_EQ(proof.path, crypto::InclusionProof(hashes, i)) << i << " of " << count;
      EXPECT_EQ(proof.root, world.info.root);
      EXPECT_EQ(proof.count, count);
    }
    EXPECT_LE(world.box.reads, static_cast<int>(1 + world.pages()));  // each page once
  }
}

TEST(SegmentLeaves, AreReadOnePageForALookUpAndNoneForTheNext) {
  World world(1'000, 1);
  LeafCache cache;
  const Token token = world.leaves[500].token;
  EXPECT_EQ(SegmentLeaves::Open(world.box, world.info, &cache).value().Find(token).value().size(), 1U);
  EXPECT_EQ(world.box.reads, 2);  // index and page
  EXPECT_EQ(SegmentLeaves::Open(world.box, world.info, &cache).value().Find(token).value().size(), 1U);
  EXPECT_EQ(world.box.reads, 2);
}

TEST(SegmentLeaves, OfOneTokenAreFollowedOverThePagesToTheLast) {
  World world(600, 400, 3);
  const Token token = world.leaves[200].token;
  const LeafRange range = FindToken(world.leaves, token);
  ASSERT_GT(range.end - range.first, kLeavesPerPage);
  EXPECT_EQ(world.Find(token).value().size(), range.end - range.first);
  world.box.values.erase(LeafPageKey(world.info.id, range.first / kLeavesPerPage + 1));
  EXPECT_EQ(Code(world.Find(token)), ErrorCode::kStorage);
}

TEST(SegmentLeaves, SayWhichPageIsMissing) {
  World world(400, 1);
  const std::map<std::string, Buffer> honest = world.box.values;
  for (std::size_t page = 0; page < world.pages(); ++page) {
    world.box.values.erase(LeafPageKey(world.info.id, page));
    EXPECT_EQ(world.Verdict(), world.Said("leaf page " + std::to_string(page) + " is missing"));
    EXPECT_EQ(What(world.Find(world.leaves[page * kLeavesPerPage].token)), world.Verdict());
    world.box.values = honest;
  }
  world.box.values.erase(LeafIndexKey(world.info.id));
  EXPECT_EQ(world.Verdict(), world.Said("its leaf index is missing"));
}

TEST(SegmentLeaves, FindPagesSwappedTruncatedAndOfAnotherSegment) {
  World world(400, 1);
  const World other(400, 1, 9);
  const std::map<std::string, Buffer> honest = world.box.values;
  std::swap(world.Page(1), world.Page(2));
  EXPECT_EQ(world.Verdict(), world.Said("leaf page 1 was replaced"));
  world.box.values = honest;
  world.Page(1) = other.box.values.at(LeafPageKey(world.info.id, 1));
  EXPECT_EQ(world.Verdict(), world.Said("leaf page 1 was replaced"));
  world.box.values = honest;
  world.Page(3).resize(world.Page(3).size() - kPackedLeafBytes);
  EXPECT_EQ(world.Verdict(), world.Said("leaf page 3 was replaced"));
  world.Page(3).pop_back();
  EXPECT_EQ(world.Verdict().find(world.Said("leaf page 3: leaf page: ")), 0U);
  world.box.values = honest;
  world.Index() = other.box.values.at(LeafIndexKey(world.info.id));
  EXPECT_EQ(world.Verdict(), world.Said("its leaf index is not that of the root in the ledger"));
}

// Each octet of index and pages: whoever reads everything notices, and no look-up gets fewer leaves.
TEST(SegmentLeaves, OrAnErrorForEveryFlippedOctet) {
  World world(300, 2);
  const std::map<std::string, Buffer> honest = world.box.values;
  for (const auto& [key, value] : honest) {
    for (std::size_t at = 0; at < value.size(); at += 1 + at % 7) {
      world.box.values[key][at] ^= 1;
      EXPECT_EQ(world.Verdict().find("store incomplete: segment "), 0U) << key << " at " << at;
      world.box.values[key][at] ^= 1;
    }
  }
  EXPECT_EQ(world.Verdict(), "whole");
}

// The first places in the index are not under the root: moved, they lead to a page that does not span the
// token.
TEST(SegmentLeaves, NeverTakeAMissFromAnIndexThatLies) {
  World world(640, 2);
  const std::vector<LeafIndexEntry> honest = ParseLeafIndex(world.Index()).value();
  for (std::size_t page = 1; page < honest.size(); ++page) {
    for (const std::size_t leaf : {page * kLeavesPerPage - 5, page * kLeavesPerPage + 5}) {
      std::vector<LeafIndexEntry> lying = honest;
      lying[page].first = PlaceOf(world.leaves[leaf]);
      world.Index() = LeafIndexBytes(lying);
      EXPECT_NE(world.Verdict(), "whole");
      for (const BlockLeaf& there : world.leaves) {
        const Result<std::vector<FoundLeaf>> found = world.Find(there.token);
        const LeafRange range = FindToken(world.leaves, there.token);
        EXPECT_TRUE(!found.ok() || found.value().size() == range.end - range.first);
      }
    }
  }
}

// A shorter chain with a root of its own is not what the ledger counts.
TEST(SegmentLeaves, NoticeThatTheLastPageIsWithheld) {
  World world(400, 1);
  std::vector<LeafIndexEntry> fewer = ParseLeafIndex(world.Index()).value();
  fewer.pop_back();
  world.Index() = LeafIndexBytes(fewer);
  EXPECT_EQ(world.Verdict(), world.Said("its leaf index is not that of the root in the ledger"));
  std::vector<crypto::Digest> roots;
  for (const LeafIndexEntry& page : fewer) roots.push_back(page.root);
  world.info.root = crypto::MerkleRoot(roots);
  EXPECT_EQ(world.Verdict(), world.Said("its leaf index is not that of the leaf count in the ledger"));
  world.info.leaf_count = fewer.size() * kLeavesPerPage;
  EXPECT_EQ(world.Verdict(), world.Said("leaf page 11 is not the end of the chain"));
}

// A collector that closed a broken chain under a true root is found out too.
TEST(SegmentLeaves, NoticeAChainThatBreaksBetweenTwoPages) {
  World world(300, 1);
  std::vector<LeafIndexEntry> index = ParseLeafIndex(world.Index()).value();
  std::vector<BlockLeaf> first(world.leaves.begin(), world.leaves.begin() + kLeavesPerPage);
  first.back().next = world.leaves[kLeavesPerPage + 1].token;  // skips the first token of page 1
  world.Page(0) = LeafPageBytes(first);
  index[0].root = SegmentRoot(first);
  std::vector<crypto::Digest> roots;
  for (const LeafIndexEntry& page : index) roots.push_back(page.root);
  world.info.root = crypto::MerkleRoot(roots);
  world.Index() = LeafIndexBytes(index);
  EXPECT_EQ(world.Verdict(), world.Said("leaf page 0 is not followed by what the index says"));
  first.back().next = kTokenEnd;
  world.Page(0) = LeafPageBytes(first);
  index[0].root = roots[0] = SegmentRoot(first);
  world.info.root = crypto::MerkleRoot(roots);
  world.Index() = LeafIndexBytes(index);
  EXPECT_EQ(world.Verdict(), world.Said("leaf page 0 ends the chain"));
}

TEST(LeafCache, KeepsToItsBytesAndLetsTheOldestGo) {
  World world(1'000, 1);
  LeafCache all;
  SegmentLeaves reader = SegmentLeaves::Open(world.box, world.info, &all).value();
  const std::size_t of_index = all.bytes();
  ASSERT_TRUE(reader.Page(0).ok());
  const std::size_t of_page = all.bytes() - of_index;

  LeafCache three(of_index + 2 * of_page);
  reader = SegmentLeaves::Open(world.box, world.info, &three).value();
  ASSERT_TRUE(reader.Page(0).ok() && reader.Page(1).ok());
  EXPECT_EQ(three.bytes(), of_index + 2 * of_page);
  ASSERT_NE(three.Page(world.info.root, 0), nullptr);  // used: page 1 is now the oldest after the index
  ASSERT_NE(three.Index(world.info.root), nullptr);
  ASSERT_TRUE(reader.Page(2).ok());
  EXPECT_EQ(three.Page(world.info.root, 1), nullptr);
  EXPECT_NE(three.Page(world.info.root, 0), nullptr);
  EXPECT_LE(three.bytes(), of_index + 2 * of_page);

  LeafCache none(0);
  EXPECT_TRUE(SegmentLeaves::Open(world.box, world.info, &none).value().Page(3).ok());
  EXPECT_EQ(none.bytes(), 0U);
}

// The limit itself: one leaf more cannot be closed, and no reader would take it.
TEST(SegmentLeaves, HoldTheLargestSegment) {
  std::vector<BlockLeaf> most(kSegmentLeavesMax);
  for (std::size_t i = 0; i < most.size(); ++i) {
    most[i] = LeafNumber(i);
    most[i].next = i + 1 < most.size() ? LeafNumber(i + 1).token : kTokenEnd;
  }
  const LeafPages pages = PagesOf(most);
  EXPECT_EQ(pages.pages.size(), kLeafPagesMax);
  EXPECT_TRUE(ParseLeafIndex(pages.index).ok());
  most.back().next = LeafNumber(most.size()).token;
  most.push_back(LeafNumber(most.size()));
  most.back().next = kTokenEnd;
  EXPECT_DEATH(static_cast<void>(PagesOf(most)), "kSegmentLeavesMax");
}

}  // namespace
}  // namespace probatio::seal
