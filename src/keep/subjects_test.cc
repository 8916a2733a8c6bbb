#include "keep/subjects.h"

#include <gtest/gtest.h>

#include "keep/test_world.h"

namespace probatio::keep {
namespace {

using record::RecordClass;

class SubjectsTest : public ::testing::Test {
 protected:
  TestWorld world_;
  Subjects subjects_ = world_.MakeSubjects();
};

TEST_F(SubjectsTest, AHolderHasOneHandleForEachClassAndKeepsIt) {
  EXPECT_FALSE(subjects_.Find(seal::Stream::kIdentity, "acc-1").value().wrapped);
  const seal::SubjectPublic made = subjects_.Get(seal::Stream::kIdentity, "acc-1").value();
  Subjects reopened = world_.MakeSubjects();
  EXPECT_EQ(reopened.Get(seal::Stream::kIdentity, "acc-1").value().handle, made.handle);
  EXPECT_EQ(reopened.Get(seal::Stream::kIdentity, "acc-1").value().key, made.key);
  EXPECT_EQ(reopened.Find(seal::Stream::kIdentity, "acc-1").value().handle, made.handle);
  EXPECT_TRUE(reopened.Find(seal::Stream::kIdentity, "acc-1").value().wrapped);
  EXPECT_NE(reopened.Get(seal::Stream::kAccount, "acc-1").value().handle, made.handle);
  EXPECT_EQ(crypto::BoxPublicOf(world_.subject_keys.at(made.handle)), made.key);
}

TEST_F(SubjectsTest, ManyAreMadeInOneWriteAndARepeatedHolderOnce) {
  const std::vector<std::string> holders{"acc-1", "acc-2", "acc-1"};
  const std::vector<seal::SubjectPublic> made = subjects_.GetAll(seal::Stream::kAccount, holders).value();
  ASSERT_EQ(made.size(), 3U);
  EXPECT_EQ(made[0].handle, made[2].handle);
  EXPECT_NE(made[0].handle, made[1].handle);
  EXPECT_EQ(world_.fault.writes, 1);
  EXPECT_EQ(world_.subject_keys.size(), 2U);
  ASSERT_TRUE(subjects_.GetAll(seal::Stream::kAccount, holders).ok());
  EXPECT_EQ(world_.fault.writes, 1);
}

TEST_F(SubjectsTest, ANewSubjectThatIsNotDurableIsNotReturned) {
  world_.fault = {FaultKind::kOnce, 0, 0};
  EXPECT_EQ(subjects_.Get(seal::Stream::kIdentity, "acc-1").error().code(), ErrorCode::kStorage);
  EXPECT_FALSE(subjects_.Find(seal::Stream::kIdentity, "acc-1").value().wrapped);
}

TEST_F(SubjectsTest, AKeyThatTheBoxPutInThePlaceOfAnotherIsRefused) {
  const seal::SubjectPublic made = subjects_.Get(seal::Stream::kIdentity, "acc-1").value();
  SubjectEntry thief;
  thief.key = crypto::MakeBoxKeyPair(world_.random).public_key;
  thief.wrapped = Buffer(64, 1);
  world_.box.entries[seal::SubjectKey(RecordClass::kIdentity, made.handle)] = SubjectEntryBytes(thief);
  EXPECT_EQ(subjects_.Get(seal::Stream::kIdentity, "acc-1").error().code(), ErrorCode::kCrypto);
}

// The reader goes on from the handle to the segments' leaves, so that hiding the entry cannot make a holder
// unknown.
TEST_F(SubjectsTest, AWithheldEntryDoesNotChangeTheHandle) {
  const seal::SubjectPublic made = subjects_.Get(seal::Stream::kIdentity, "acc-1").value();
  world_.box.entries.erase(seal::SubjectKey(RecordClass::kIdentity, made.handle));
  EXPECT_EQ(subjects_.Find(seal::Stream::kIdentity, "acc-1").value().handle, made.handle);
  EXPECT_FALSE(subjects_.Find(seal::Stream::kIdentity, "acc-1").value().wrapped);
}

TEST_F(SubjectsTest, NothingInTheBoxNamesTheHolder) {
  ASSERT_TRUE(subjects_.Get(seal::Stream::kIdentity, "acc-of-nobody").ok());
  for (const auto& [key, value] : world_.box.entries) {
    EXPECT_EQ(key.find("nobody"), std::string::npos);
    EXPECT_EQ(AsText(value).find("nobody"), std::string_view::npos);
  }
}

TEST_F(SubjectsTest, AHolderStandsWithinItsLimits) {
  EXPECT_EQ(subjects_.Get(seal::Stream::kIdentity, "").error().code(), ErrorCode::kInvalid);
  EXPECT_TRUE(subjects_.Get(seal::Stream::kIdentity, std::string(record::kTextBytesMax, 'a')).ok());
  EXPECT_FALSE(subjects_.Get(seal::Stream::kIdentity, std::string(record::kTextBytesMax + 1, 'a')).ok());
}

TEST(SubjectEntry, RoundTripsWithinItsLimits) {
  crypto::SeededRandom random(1);
  SubjectEntry entry;
  entry.key = crypto::MakeBoxKeyPair(random).public_key;
  entry.wrapped = Buffer(kSubjectWrappedBytesMax, 7);
  const SubjectEntry back = ParseSubjectEntry(SubjectEntryBytes(entry)).value();
  EXPECT_EQ(back.key, entry.key);
  EXPECT_EQ(back.wrapped, entry.wrapped);
  entry.wrapped.push_back(7);
  EXPECT_FALSE(ParseSubjectEntry(SubjectEntryBytes(entry)).ok());
  entry.wrapped.clear();
  EXPECT_FALSE(ParseSubjectEntry(SubjectEntryBytes(entry)).ok());
  EXPECT_FALSE(ParseSubjectEntry(Buffer(65, 1)).ok());  // no room for a wrapped key
  Buffer low_order(66, 0);
  low_order[0] = 1;
  EXPECT_FALSE(ParseSubjectEntry(low_order).ok());  // a public key of low order
}

}  // namespace
}  // namespace probatio::keep
