// A disk that fails one read under a look-up, whichever it is. Nobody is told "none" where a read failed, and
// what failed once is not remembered as missing.
#include <gtest/gtest.h>

#include "custody/test_world.h"

namespace probatio::custody::test {
namespace {

struct Reads {
  int fails_at = -1;
  mutable int count = 0;

  Status Next(const std::string& file) const {
    if (count++ != fails_at) return Done{};
    return StorageError("store: " + file + ": input/output error: check the disk");
  }
};

class FailingBox : public OpenBox {
 public:
  explicit FailingBox(const Reads& reads) : reads_(reads) {}
  Result<std::optional<Buffer>> Read(const std::string& key) const override {
    TRY(reads_.Next("box"));
    return OpenBox::Read(key);
  }

 private:
  const Reads& reads_;
};

class FailingJournals : public TestJournals {
 public:
  explicit FailingJournals(const Reads& reads) : reads_(reads) {}
  Result<std::vector<Buffer>> Batches(const SegmentId& segment) const override {
    TRY(reads_.Next("journal"));
    return TestJournals::Batches(segment);
  }

 private:
  const Reads& reads_;
};

class FailingStorage : public ledger::MemoryStorage {
 public:
  explicit FailingStorage(const Reads& reads) : reads_(reads) {}
  Result<ledger::Head> ReadHead() const override {
    TRY(reads_.Next("ledger"));
    return MemoryStorage::ReadHead();
  }
  Result<std::vector<std::string>> Read(std::uint64_t first, std::uint64_t count) const override {
    TRY(reads_.Next("ledger"));
    return MemoryStorage::Read(first, count);
  }

 private:
  const Reads& reads_;
};

// Hits in closed and in dead segments, of windows and of subjects, and a port that nobody held.
class ReadError : public ::testing::Test {
 protected:
  ReadError() {
    const auto create = record::NatEventKind::kNat44SessionCreate;
    world_.Add(PlatformDay());
    world_.Add({NatAt("2024-10-21T08:01:00Z", create, 51'234)});
    world_.Add({NatAt("2024-10-21T08:16:00Z", create, 51'234)}, {"00000002", true});
    world_.Add({IdentityOf("u-77", "Lefèvre")});
    world_.Add({IdentityOf("u-77", "Martin")}, {"00000002", true});
    world_.Add({NatAt("2024-10-21T07:46:00Z", create, 23'000)});  // a miss of the tuple that is asked about
    box_.values = world_.box.values;
    journals_.batches = world_.journals.batches;
    storage_.entries = world_.storage.entries;
    storage_.leaves = world_.storage.leaves;
    storage_.head = world_.storage.head;
    ledger_ = ledger::Ledger::Open(storage_, "probatio.example/test", crypto::PrivateKey::GenerateEd25519());
    world_.custodians.anchors.ledger_key = ledger_->value().verifier_key();
  }
  SealedReader Reader() {
    const auto find_subject = [this](seal::Stream stream, std::string_view holder) {
      KnownSubject known;
      known.handle = world_.subjects.at({stream, std::string(holder)}).handle;
      const auto entry = box_.Read(seal::SubjectKey(seal::ClassOf(stream), known.handle));
      if (!entry.ok()) return Result<KnownSubject>(entry.error());
      known.wrapped = entry.value();
      return Result<KnownSubject>(std::move(known));
    };
    const auto life_of = [this](const OrderId&) { return Result<order::Life>(world_.life); };
    return SealedReader({box_, world_.directory, journals_, world_.retention, ledger_->value(),
                         world_.custodians, world_.clock, world_.random, find_subject, life_of});
  }

  World world_;
  Reads reads_;
  FailingBox box_{reads_};
  FailingJournals journals_{reads_};
  FailingStorage storage_{reads_};
  std::optional<Result<ledger::Ledger>> ledger_;
};

TEST_F(ReadError, UnderALookUpIsNeverAMiss) {
  const std::vector<resolve::LookUp> asked{ForMessage(), ForTuple(),
                                           ForNamedAccount({seal::Stream::kIdentity})};
  const order::Grant grant = world_.approved.Grant();
  SealedReader fresh = Reader();
  reads_.count = 0;
  const auto whole = fresh.Read(grant, asked);
  ASSERT_TRUE(whole.ok()) << whole.error().what();
  ASSERT_EQ(whole.value().rows.size(), 5U);
  const int reads = reads_.count;
  EXPECT_GT(reads, 15);
  for (int n = 0; n < reads; ++n) {
    SCOPED_TRACE(n);
    SealedReader reader = Reader();
    reads_.count = 0;
    reads_.fails_at = n;
    const auto hurt = reader.Read(grant, asked);
    ASSERT_FALSE(hurt.ok());
    EXPECT_EQ(hurt.error().code(), ErrorCode::kStorage) << hurt.error().what();
    EXPECT_NE(hurt.error().what().find("input/output error: check the disk"), std::string::npos);
    reads_.fails_at = -1;
    const auto again = reader.Read(grant, asked);
    ASSERT_TRUE(again.ok()) << again.error().what();
    EXPECT_EQ(again.value().rows.size(), whole.value().rows.size());
    EXPECT_EQ(again.value().gaps.size(), whole.value().gaps.size());
  }
}

}  // namespace
}  // namespace probatio::custody::test
