#include "seal/token.h"

#include <gtest/gtest.h>

#include "seal/box_key.h"
#include "seal/test_rows.h"

namespace probatio::seal {
namespace {

bool Same(const Key& a, const Key& b) {
  return crypto::Equal(a.reveal(), b.reveal());
}

TEST(Token, OfOneSelectorIsTheSameInsideASegmentAndUnrelatedInAnother) {
  WindowKeys monday(KeyOf(1));
  WindowKeys tuesday(KeyOf(2));
  const Selector account = ForAccount("u-48213");
  EXPECT_EQ(monday.TokenOf(account), monday.TokenOf(account));
  EXPECT_NE(monday.TokenOf(account), tuesday.TokenOf(account));
}

TEST(Token, TellsKindsOfSelectorApart) {
  WindowKeys keys(KeyOf(1));
  EXPECT_NE(keys.TokenOf(ForAccount("a")), keys.TokenOf(ForMessage("a")));
}

TEST(TokenKeys, OpenOneTokenAndNothingElse) {
  WindowKeys keys(KeyOf(1));
  const TokenKeys one = keys.KeysOf(keys.TokenOf(ForAccount("a")));
  const TokenKeys other = keys.KeysOf(keys.TokenOf(ForAccount("b")));
  EXPECT_FALSE(Same(one.block, other.block));
  EXPECT_FALSE(Same(one.salt, other.salt));
  EXPECT_FALSE(Same(one.block, one.salt));
  EXPECT_FALSE(Same(one.block, keys.JournalIndexKey()));
}

TEST(CheckValue, TellsARightKeyFromAWrongOne) {
  EXPECT_EQ(WindowKeys::CheckValue(KeyOf(1)), WindowKeys::CheckValue(KeyOf(1)));
  EXPECT_NE(WindowKeys::CheckValue(KeyOf(1)), WindowKeys::CheckValue(KeyOf(2)));
}

TEST(TokenOfSubject, FollowsTheHandleAlone) {
  EXPECT_EQ(TokenOfSubject({1}), TokenOfSubject({1}));
  EXPECT_NE(TokenOfSubject({1}), TokenOfSubject({2}));
}

TEST(BoxKey, NamesWhatLiesUnderIt) {
  const SegmentId segment = SegmentId::Parse("activity-20241021T000000Z-00000001").value();
  EXPECT_EQ(BlockKey(segment, kTokenEnd, 12),
            "block/activity-20241021T000000Z-00000001/ffffffffffffffffffffffffffffffff/12");
  EXPECT_EQ(LeafIndexKey(segment), "leaves/activity-20241021T000000Z-00000001/index");
  EXPECT_EQ(LeafPageKey(segment, 12), "leaves/activity-20241021T000000Z-00000001/12");
  EXPECT_EQ(WrappedKey(segment), "wrapped/activity-20241021T000000Z-00000001");
  EXPECT_EQ(SubjectKey(record::RecordClass::kIdentity, SubjectHandle{0xAB}),
            "subject/identity/ab000000000000000000000000000000");
}

}  // namespace
}  // namespace probatio::seal
