#include "seal/block.h"

#include <gtest/gtest.h>

#include "seal/block_form.h"
#include "seal/test_rows.h"

namespace probatio::seal {
namespace {

// A segment of three sessions in three port buckets, and what is needed to open it.
struct World {
  World() {
    for (const std::uint16_t port : std::initializer_list<std::uint16_t>{1'000, 2'000, 51'234})
      EXPECT_TRUE(builder.Add(SessionAt(port, port)).ok());
    image = builder.Build(random);
  }
  TokenKeys KeysFor(const Token& token) { return builder.keys().KeysOf(token); }
  Result<OpenedBlock> Open(std::size_t leaf, Bytes sealed) {
    return OpenBlock(builder.id(), image.leaves[leaf], KeysFor(image.leaves[leaf].token), sealed);
  }

  crypto::SeededRandom random{1};
  SegmentBuilder builder = BuilderFor(SessionAt(0, 1));
  SegmentImage image;
};

TEST(OpenBlock, GivesRowsSaltsAndTheCommitmentsOfTheLeaf) {
  World world;
  for (std::size_t i = 1; i < world.image.leaves.size(); ++i) {
    const OpenedBlock block = world.Open(i, world.image.blocks[i - 1]).value();
    ASSERT_FALSE(block.rows.empty());
    EXPECT_EQ(block.salts.size(), 3 * block.rows.size());
    EXPECT_EQ(WideRoot(block.commitments), world.image.leaves[i].faces_root);
  }
}

TEST(UnsealBlock, FindsRowsWithoutCommittingToThem) {
  World world;
  BlockLeaf leaf = world.image.leaves[1];
  const TokenKeys keys = world.KeysFor(leaf.token);
  const UnsealedBlock block = UnsealBlock(world.builder.id(), leaf, keys, world.image.blocks[0]).value();
  const OpenedBlock whole = block.Commit().value();
  const std::vector<PlacedRow> all = block.Find({}).value();
  ASSERT_EQ(all.size(), whole.rows.size());
  EXPECT_EQ(all[0].record, whole.rows[0]);
  const auto port = *std::get<record::NatEvent>(whole.rows[0]).public_port;
  EXPECT_EQ(block.Find({port}).value().size(), 1U);
  EXPECT_TRUE(block.Find({static_cast<std::uint16_t>(port + 1)}).value().empty());
}

TEST(OpenBlock, FindsEveryFlippedOctetOfTheSealedBytes) {
  World world;
  Buffer sealed = world.image.blocks[0];
  for (std::uint8_t& octet : sealed) {
    octet ^= 1;
    EXPECT_EQ(What(world.Open(1, sealed)), "block: sealed digest is not the leaf's");
    octet ^= 1;
  }
  EXPECT_TRUE(world.Open(1, sealed).ok());
}

TEST(OpenBlock, FindsAFlippedOctetEvenWhenTheLeafWasMadeToFit) {
  World world;
  Buffer sealed = world.image.blocks[0];
  for (std::uint8_t& octet : sealed) {
    octet ^= 1;
    world.image.leaves[1].sealed_digest = crypto::Sha256(sealed);
    EXPECT_EQ(What(world.Open(1, sealed)), "block: sealed bytes: wrong key, or altered");
    octet ^= 1;
  }
}

TEST(OpenBlock, RefusesTheBlockOfAnotherToken) {
  World world;
  EXPECT_EQ(What(world.Open(1, world.image.blocks[1])), "block: sealed digest is not the leaf's");
  EXPECT_EQ(What(world.Open(2, world.image.blocks[0])), "block: sealed digest is not the leaf's");
}

TEST(OpenBlock, RefusesAWrongKeyAndAnotherSegment) {
  World world;
  const BlockLeaf& leaf = world.image.leaves[1];
  EXPECT_EQ(Code(OpenBlock(world.builder.id(), leaf, world.KeysFor(kTokenEnd), world.image.blocks[0])),
            ErrorCode::kCrypto);
  const SegmentId other = SegmentId::Parse("nat_session-20241021T081500Z-00000002").value();
  EXPECT_EQ(Code(OpenBlock(other, leaf, world.KeysFor(leaf.token), world.image.blocks[0])),
            ErrorCode::kCrypto);
}

TEST(OpenBlock, OpensOnlyInItsOwnPlace) {
  World world;
  const BlockLeaf own = world.image.leaves[1];
  const auto with = [&](auto change) {
    BlockLeaf leaf = own;
    change(leaf);
    return Code(OpenBlock(world.builder.id(), leaf, world.KeysFor(own.token), world.image.blocks[0]));
  };
  EXPECT_EQ(with([](BlockLeaf&) {}), ErrorCode{});
  EXPECT_EQ(with([](BlockLeaf& leaf) { leaf.token[0] ^= 1; }), ErrorCode::kCrypto);
  EXPECT_EQ(with([](BlockLeaf& leaf) { leaf.position = 1; }), ErrorCode::kCrypto);
  EXPECT_EQ(with([](BlockLeaf& leaf) { leaf.last = false; }), ErrorCode::kCrypto);
  EXPECT_EQ(with([](BlockLeaf& leaf) { leaf.next = kTokenEnd; }), ErrorCode::kCrypto);
  EXPECT_EQ(with([](BlockLeaf& leaf) { leaf.faces_root[0] ^= 1; }), ErrorCode::kCrypto);
}

TEST(OpenBlock, RefusesRowsThatAreNotThoseCommittedTo) {
  World world;
  BlockLeaf leaf = world.image.leaves[1];
  leaf.faces_root = WideRoot(CommitRows(std::vector<record::Record>{SessionAt(0, 1)}, KeyOf(9)));
  const TokenKeys keys = world.KeysFor(leaf.token);
  const Secret plain = WindowPlain(EncodeRows(std::vector<record::Record>{SessionAt(0, 2)}), false);
  const Buffer sealed =
      crypto::Seal(keys.block, plain.reveal(), BlockAssociatedData(world.builder.id(), leaf), world.random);
  leaf.sealed_digest = crypto::Sha256(sealed);
  EXPECT_EQ(What(OpenBlock(world.builder.id(), leaf, keys, sealed)), "block: faces root is not the leaf's");
  // Looking does not commit: only who asks for the proof finds out.
  EXPECT_TRUE(UnsealBlock(world.builder.id(), leaf, keys, sealed).value().Find({}).ok());
}

TEST(BlockPlain, IsPaddedToAPowerOfTwoAndItsPaddingChecked) {
  const Buffer rows(600, 7);
  EXPECT_EQ(WindowPlain(rows, false).reveal().size(), 604U);
  EXPECT_EQ(WindowPlain(rows, true).reveal().size(), 1024U);
  EXPECT_EQ(WindowPlain(Buffer(3), true).reveal().size(), kPaddedBytesMin);
  Buffer plain = ToBuffer(WindowPlain(rows, true).reveal());
  EXPECT_EQ(ToBuffer(RowsOfPlain(plain).value()), rows);
  plain.back() = 1;
  EXPECT_EQ(What(RowsOfPlain(plain)), "padding that is not zero");
}

TEST(CheckChain, FindsALeafRemovedAnywhere) {
  World world;
  ASSERT_EQ(What(CheckChain(world.image.leaves)), "ok");
  for (std::size_t i = 0; i < world.image.leaves.size(); ++i) {
    std::vector<BlockLeaf> fewer = world.image.leaves;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(Code(CheckChain(fewer)), ErrorCode::kCrypto) << i;
  }
}

TEST(CheckChain, NamesTheLeafWhereTheChainBreaks) {
  World world;
  std::vector<BlockLeaf> swapped = world.image.leaves;
  std::swap(swapped[1], swapped[2]);
  EXPECT_EQ(What(CheckChain(swapped)), "leaf 1: chain is broken");
  const std::vector<BlockLeaf> cut(world.image.leaves.begin(), world.image.leaves.end() - 1);
  EXPECT_EQ(What(CheckChain(cut)), "leaf 2: chain is broken, the end is missing");
  EXPECT_EQ(What(CheckChain({})), "leaf 0: chain is broken");
}

}  // namespace
}  // namespace probatio::seal
