// What was purged is outside retention, never "store incomplete"; and the outer layer comes off before the
// custodians are asked.
#include <gtest/gtest.h>

#include <algorithm>

#include "custody/test_world.h"

namespace probatio::custody {
namespace {

using test::World;

bool SaysOutsideRetention(const resolve::Found& found) {
  return std::any_of(found.gaps.begin(), found.gaps.end(),
                     [](const resolve::Gap& gap) { return gap.kind == resolve::GapKind::kOutsideRetention; });
}

SealedReader ReaderOf(World& world, FindSubject find_subject,
                      std::function<Result<Buffer>(const seal::SegmentInfo&, Bytes)> open_outer) {
  return SealedReader({world.box, world.directory, world.journals, world.retention, world.ledger,
                       world.custodians, world.clock, world.random, std::move(find_subject),
                       [&world](const OrderId&) { return Result<order::Life>(world.life); },
                       std::move(open_outer)});
}

Result<KnownSubject> NobodyYet(seal::Stream, std::string_view) {
  return KnownSubject{};
}

TEST(PurgedSegment, IsAGapOutsideRetentionAndNobodyIsAsked) {
  World world;
  world.Add(test::PlatformDay());
  world.directory.segments.front().state = seal::SegmentState::kPurged;
  world.box.values.clear();
  const auto found = world.Read({test::ForMessage()});
  ASSERT_TRUE(found.ok()) << found.error().what();
  EXPECT_TRUE(found.value().rows.empty());
  EXPECT_TRUE(SaysOutsideRetention(found.value()));
  EXPECT_EQ(world.custodians.exchanges, 0);
}

TEST(PurgedSubject, IsAGapOutsideRetentionAndNotAnIncompleteStore) {
  World world;
  world.Add({test::IdentityOf("u-77", "Lefevre")});
  const auto find = [](seal::Stream, std::string_view) {
    KnownSubject known;
    known.handle.fill(9);
    known.purged = true;
    return Result<KnownSubject>(std::move(known));
  };
  SealedReader reader = ReaderOf(world, find, {});
  const auto found = reader.Read(world.approved.Grant(), {test::ForNamedAccount({seal::Stream::kIdentity})});
  ASSERT_TRUE(found.ok()) << found.error().what();
  EXPECT_TRUE(found.value().rows.empty());
  EXPECT_TRUE(SaysOutsideRetention(found.value()));
}

TEST(OuterLayer, ComesOffBeforeTheCustodiansAreAsked) {
  World world;
  const SegmentId id = world.Add(test::PlatformDay());
  seal::SegmentInfo& info = world.directory.segments.front();
  const Buffer inner = world.box.values.at(seal::WrappedKey(id));
  const Buffer outer(200, 4);
  world.box.values[seal::WrappedKey(id)] = outer;
  info.wrapped_digest = crypto::Sha256(outer);
  SealedReader reader =
      ReaderOf(world, NobodyYet, [&](const seal::SegmentInfo& of, Bytes seen) -> Result<Buffer> {
        EXPECT_EQ(of.id, id);
        EXPECT_EQ(ToBuffer(seen), outer);
        return inner;
      });
  const auto found = reader.Read(world.approved.Grant(), {test::ForMessage()});
  ASSERT_TRUE(found.ok()) << found.error().what();
  EXPECT_EQ(found.value().rows.size(), 1U);
}

TEST(OuterLayer, ThatDoesNotOpenIsAnErrorAndNoAnswer) {
  World world;
  world.Add(test::PlatformDay());
  SealedReader reader = ReaderOf(world, NobodyYet, [](const seal::SegmentInfo&, Bytes) -> Result<Buffer> {
    return StorageError("vault: the erasure key is in no folder");
  });
  const auto found = reader.Read(world.approved.Grant(), {test::ForMessage()});
  EXPECT_EQ(found.error().code(), ErrorCode::kStorage);
  EXPECT_EQ(world.custodians.exchanges, 0);
}

}  // namespace
}  // namespace probatio::custody
