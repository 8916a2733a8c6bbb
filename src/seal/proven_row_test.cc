#include "seal/proven_row.h"

#include <gtest/gtest.h>

#include "seal/test_rows.h"

namespace probatio::seal {
namespace {

struct World {
  World() {
    for (std::uint16_t i = 0; i < 100; ++i) {
      EXPECT_TRUE(builder.Add(SessionAt(i, static_cast<std::uint16_t>(i * 600))).ok());
    }
    image = builder.Build(random);
    const TokenKeys keys = builder.keys().KeysOf(image.leaves[7].token);
    block = OpenBlock(builder.id(), image.leaves[7], keys, image.blocks[6]).value();
    proof = ProveRow(block, block.rows.size() - 1, ProveLeaf(image.leaves, 7));
  }
  const record::Record& row() const { return block.rows.back(); }

  crypto::SeededRandom random{1};
  SegmentBuilder builder = BuilderFor(SessionAt(0, 1));
  SegmentImage image;
  OpenedBlock block;
  RowProof proof;
};

TEST(ProvenRow, LeadsEveryFaceToTheSegmentRoot) {
  const World world;
  EXPECT_EQ(world.proof.segment_root, world.image.root);
  EXPECT_EQ(world.proof.faces.size(), 3U);
  for (const FaceOpening& face : world.proof.faces)
    EXPECT_EQ(What(VerifyFace(world.row(), face, world.proof)), "ok");
}

TEST(ProvenRow, OfEveryRowHolds) {
  World world;
  for (std::size_t leaf = 1; leaf < world.image.leaves.size(); ++leaf) {
    const TokenKeys keys = world.builder.keys().KeysOf(world.image.leaves[leaf].token);
    const OpenedBlock block =
        OpenBlock(world.builder.id(), world.image.leaves[leaf], keys, world.image.blocks[leaf - 1]).value();
    for (std::size_t row = 0; row < block.rows.size(); ++row) {
      const RowProof proof = ProveRow(block, row, ProveLeaf(world.image.leaves, leaf));
      for (const FaceOpening& face : proof.faces) EXPECT_TRUE(VerifyFace(block.rows[row], face, proof).ok());
    }
  }
}

TEST(ProvenRow, OfAFaceStandsWithoutTheOthers) {
  const World world;
  const Buffer bytes = record::FaceBytes(world.row(), record::Face::kWhat);
  const record::Record what_alone = record::ParseFaceBytes(bytes).value();
  EXPECT_TRUE(VerifyFace(what_alone, world.proof.faces[0], world.proof).ok());
  EXPECT_EQ(What(VerifyFace(what_alone, world.proof.faces[1], world.proof)),
            "face who: commitment is not the face's");
}

TEST(VerifyFace, NamesTheStepThatFails) {
  const World world;
  const FaceOpening& face = world.proof.faces[0];
  const auto with = [&](auto change) {
    FaceOpening opening = face;
    RowProof proof = world.proof;
    change(opening, proof);
    return What(VerifyFace(world.row(), opening, proof));
  };
  EXPECT_EQ(with([](FaceOpening& f, RowProof&) { f.salt[0] ^= 1; }),
            "face what: commitment is not the face's");
  EXPECT_EQ(with([](FaceOpening& f, RowProof&) { f.face = record::Face::kEmails; }),
            "face emails: the record's kind has no such face");
  EXPECT_EQ(with([](FaceOpening& f, RowProof&) { f.path[0][0][0] ^= 1; }),
            "face what: wide proof: does not lead to the root");
  EXPECT_EQ(with([](FaceOpening&, RowProof& p) { p.row += 1; }),
            "face what: row and commitment count do not fit the record's kind");
  EXPECT_EQ(with([](FaceOpening&, RowProof& p) { p.commitment_count += 1; }),
            "face what: row and commitment count do not fit the record's kind");
  EXPECT_EQ(with([](FaceOpening&, RowProof& p) { p.leaf.sealed_digest[0] ^= 1; }),
            "face what: segment: inclusion proof: does not lead to the root");
  EXPECT_EQ(with([](FaceOpening&, RowProof& p) { p.segment_root[0] ^= 1; }),
            "face what: segment: inclusion proof: does not lead to the root");
}

TEST(VerifyFace, RefusesAnAlteredRecord) {
  const World world;
  auto altered = std::get<record::NatEvent>(world.row());
  altered.public_port = 1;
  EXPECT_EQ(Code(VerifyFace(altered, world.proof.faces[0], world.proof)), ErrorCode::kCrypto);
  EXPECT_TRUE(VerifyFace(altered, world.proof.faces[1], world.proof).ok());  // the port is not part of "who"
}

}  // namespace
}  // namespace probatio::seal
