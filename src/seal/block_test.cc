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

TEST(Leaf, ReadsBackFromItsBytes) {
  World world;
  for (const BlockLeaf& leaf : world.image.leaves) EXPECT_EQ(ParseLeaf(LeafBytes(leaf)).value(), leaf);
  Buffer bytes = LeafBytes(world.image.leaves[0]);
  bytes[20] = 2;
  EXPECT_EQ(What(ParseLeaf(bytes)), "leaf: last mark at offset 20 is neither 0 nor 1");
  bytes.pop_back();
  EXPECT_EQ(What(ParseLeaf(bytes)), "leaf: not 101 bytes");
}

TEST(ParseLeaves, FindsALeafRemovedAnywhere) {
  World world;
  ASSERT_EQ(ParseLeaves(LeavesBytes(world.image.leaves)).value(), world.image.leaves);
  for (std::size_t i = 0; i < world.image.leaves.size(); ++i) {
    std::vector<BlockLeaf> fewer = world.image.leaves;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(Code(ParseLeaves(LeavesBytes(fewer))), ErrorCode::kCrypto) << i;
  }
}

TEST(ParseLeaves, NamesTheLeafWhereTheChainBreaks) {
  World world;
  std::vector<BlockLeaf> swapped = world.image.leaves;
  std::swap(swapped[1], swapped[2]);
  EXPECT_EQ(What(ParseLeaves(LeavesBytes(swapped))), "leaf 1: chain is broken");
  std::vector<BlockLeaf> cut(world.image.leaves.begin(), world.image.leaves.end() - 1);
  EXPECT_EQ(What(ParseLeaves(LeavesBytes(cut))), "leaf 2: chain is broken, the end is missing");
  EXPECT_EQ(What(ParseLeaves({})), "leaves: 0 bytes, not a multiple of 101");
}

// The digests inside a leaf are beyond the chain: there the segment root differs.
TEST(ParseLeaves, OrTheSegmentRootFindsEveryFlippedOctet) {
  World world;
  Buffer bytes = LeavesBytes(world.image.leaves);
  for (std::uint8_t& octet : bytes) {
    octet ^= 1;
    const Result<std::vector<BlockLeaf>> leaves = ParseLeaves(bytes);
    if (leaves.ok()) {
      EXPECT_NE(SegmentRoot(leaves.value()), world.image.root);
    }
    octet ^= 1;
  }
}

// A chain of `count` leaves with tokens 1, 2, 3, ...
std::vector<BlockLeaf> ChainOf(std::size_t count) {
  std::vector<BlockLeaf> leaves(count);
  for (std::size_t i = 0; i < count; ++i) {
    leaves[i].last = true;
    const auto put = [](std::size_t number, Token* token) {
      for (std::size_t k = 0; k < 8; ++k) (*token)[15 - k] = static_cast<std::uint8_t>(number >> 8 * k);
    };
    put(i, &leaves[i].token);
    if (i + 1 < count) {
      put(i + 1, &leaves[i].next);
    } else {
      leaves[i].next = kTokenEnd;
    }
  }
  return leaves;
}

TEST(ParseLeaves, KeepsTheLimitOfASegment) {
  EXPECT_TRUE(ParseLeaves(LeavesBytes(ChainOf(kSegmentLeavesMax))).ok());
  EXPECT_EQ(What(ParseLeaves(Buffer((kSegmentLeavesMax + 1) * kBlockLeafBytes))),
            "leaves: 2097153, more than 2097152");
}

TEST(FindToken, GivesTheBlocksOfATokenThatIsThere) {
  World world;
  for (std::size_t i = 1; i < world.image.leaves.size(); ++i) {
    const LeafRange hit = FindToken(world.image.leaves, world.image.leaves[i].token);
    EXPECT_EQ(hit.first, i);
    EXPECT_EQ(hit.end, i + 1);
  }
}

TEST(FindToken, MissesATokenThatExactlyOneLeafSpans) {
  World world;
  const std::vector<BlockLeaf>& leaves = world.image.leaves;
  for (std::uint16_t bucket = 10; bucket < 20; ++bucket) {
    const Selector absent =
        ForPublicTuple(IpAddress::V4(0xCB007107), static_cast<std::uint16_t>(bucket * kPortsPerBucket));
    const Token token = world.builder.keys().TokenOf(absent);
    const LeafRange miss = FindToken(leaves, token);
    ASSERT_EQ(miss.first, miss.end);
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      const bool spans = leaves[i].token < token && token < leaves[i].next;
      EXPECT_EQ(spans, i + 1 == miss.first);
    }
  }
}

}  // namespace
}  // namespace probatio::seal
