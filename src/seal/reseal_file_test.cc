#include "seal/reseal_file.h"

#include <gtest/gtest.h>

#include "crypto/system_random.h"
#include "seal/test_rows.h"

namespace probatio::seal {
namespace {

TEST(ResealFile, HoldsTheRequestAndThePartsOfEachSegment) {
  const Buffer bytes = ResealFileBytes("request", {{{1, 2}, {}}, {}}).value();
  const ResealFile file = ParseResealFile(bytes).value();
  EXPECT_EQ(file.request, "request");
  ASSERT_EQ(file.sources.size(), 2U);
  ASSERT_EQ(file.sources[0].size(), 2U);
  EXPECT_EQ(ToBuffer(file.sources[0][0]), (Buffer{1, 2}));
  EXPECT_TRUE(file.sources[0][1].empty());
}

TEST(ResealFile, NamesAtMostSoManySegments) {
  EXPECT_TRUE(ResealFileBytes("", std::vector<std::vector<Buffer>>(kResealSourcesMax)).ok());
  EXPECT_FALSE(ResealFileBytes("", std::vector<std::vector<Buffer>>(kResealSourcesMax + 1)).ok());
}

TEST(ResealFile, IsRefusedWhenOneBitFlippedOrItsEndIsMissing) {
  const Buffer bytes = ResealFileBytes("request", {{{1, 2}}}).value();
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    Buffer flipped = bytes;
    flipped[at] ^= 1U;
    EXPECT_FALSE(ParseResealFile(flipped).ok()) << at;
    EXPECT_FALSE(ParseResealFile(Bytes(bytes).first(at)).ok()) << at;
  }
  EXPECT_FALSE(ParseResealed(bytes).ok());  // nor is one of the two files the other
}

ResealedSegment EmptySegment() {
  ResealedSegment segment;
  const Window window = WindowOf(Stream::kActivity, Instant());
  segment.id = MakeSegmentId(window, "00c0ffee");
  SegmentBuilder builder(segment.id, window, Key(Buffer(32, 1)));
  crypto::SystemRandom random;
  SegmentImage image = builder.Build(random);
  segment.sealed = {std::move(image.leaves), std::move(image.blocks)};
  return segment;
}

TEST(Resealed, BringsSegmentsAndSignaturesBack) {
  Resealed resealed;
  resealed.request.fill(7);
  resealed.rows_read = 3;
  resealed.segments.push_back(EmptySegment());
  const Buffer body = ResealedBody(resealed).value();
  const std::vector<ResealSignature> signatures{{{1}, {2, 3}}};
  const Resealed read = ParseResealed(ResealedBytes(body, signatures).value()).value();
  EXPECT_EQ(read.request, resealed.request);
  EXPECT_EQ(read.rows_read, 3U);
  EXPECT_EQ(read.segments.at(0).id, resealed.segments[0].id);
  EXPECT_EQ(read.segments.at(0).sealed.leaves, resealed.segments[0].sealed.leaves);
  EXPECT_EQ(read.signatures.at(0).signature, (Buffer{2, 3}));
  EXPECT_EQ(read.body, crypto::Sha256(body));
}

TEST(Resealed, BringsAtMostSoManySegments) {
  Resealed resealed;
  for (std::size_t i = 0; i < kResealedSegmentsMax; ++i) resealed.segments.push_back(EmptySegment());
  EXPECT_TRUE(ResealedBody(resealed).ok());
  resealed.segments.push_back(EmptySegment());
  EXPECT_FALSE(ResealedBody(resealed).ok());
}

TEST(Resealed, HasAtMostSoManySignatures) {
  const Buffer body = ResealedBody({}).value();
  EXPECT_TRUE(ResealedBytes(body, std::vector<ResealSignature>(kResealSignaturesMax)).ok());
  EXPECT_FALSE(ResealedBytes(body, std::vector<ResealSignature>(kResealSignaturesMax + 1)).ok());
}

TEST(SealedSegment, TakesExactlyAsManyPartsAsItsLeavesNeed) {
  const std::vector<Buffer> parts = PartsOf(EmptySegment().sealed);
  std::vector<Bytes> views(parts.begin(), parts.end());
  EXPECT_TRUE(SealedFrom(views, 1).ok());
  EXPECT_FALSE(SealedFrom(views, 0).ok());
  EXPECT_FALSE(SealedFrom(views, 2).ok());
  EXPECT_FALSE(SealedFrom(views, kSegmentLeavesMax + 1).ok());
}

}  // namespace
}  // namespace probatio::seal
