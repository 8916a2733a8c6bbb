#include "custody/key_wrap.h"

#include <gtest/gtest.h>

#include "crypto/system_random.h"
#include "crypto/test_token.h"
#include "crypto/test_world.h"
#include "custody/sharing.h"
#include "custody/test_people.h"

namespace probatio::custody {
namespace {

using test::MakeCustodians;

const Buffer kContext = SegmentContext(SegmentId::Parse("activity-20241021T000000Z-00000001").value());

CustodianSet SetOf(const std::vector<CustodianKey>& keys, unsigned needed) {
  CustodianSet set;
  set.needed = needed;
  for (const CustodianKey& key : keys) set.custodians.push_back(key.certificate);
  return set;
}

Key TestKey() {
  crypto::SeededRandom random(5);
  return crypto::RandomKey(random);
}

bool Same(const Key& a, const Key& b) {
  return crypto::Equal(a.reveal(), b.reveal());
}

std::string ErrorOf(const Result<Key>& result) {
  return result.ok() ? "opened" : result.error().what();
}
ErrorCode CodeOf(const Result<Key>& result) {
  return result.error().code();
}

TEST(Sharing, AnyEnoughSharesGiveTheKeyAndFewerGiveAnother) {
  const Key key = TestKey();
  const std::vector<Share> shares = Split(key, 3, 5);
  const auto pick = [&](std::initializer_list<std::size_t> places) {
    std::vector<Share> some;
    for (const std::size_t place : places)
      some.push_back({shares[place].number, shares[place].value.Clone()});
    return Combine(some);
  };
  EXPECT_TRUE(Same(pick({0, 1, 2}), key));
  EXPECT_TRUE(Same(pick({4, 2, 0}), key));
  EXPECT_TRUE(Same(pick({0, 1, 2, 3, 4}), key));
  EXPECT_FALSE(Same(pick({0, 1}), key));
  EXPECT_FALSE(Same(pick({3}), key));
}

TEST(Sharing, NoShareIsTheKeyAndTwoSplitsDiffer) {
  const Key key = TestKey();
  const std::vector<Share> first = Split(key, 2, 3);
  const std::vector<Share> second = Split(key, 2, 3);
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_FALSE(Same(first[i].value, key));
    EXPECT_FALSE(Same(first[i].value, second[i].value));
  }
}

TEST(UnwrapKey, WorksWithAnyTwoOfThreeCustodians) {
  const std::vector<CustodianKey> keys = MakeCustodians(3);
  const Buffer wrapped = WrapKey(TestKey(), SetOf(keys, 2), kContext).value();
  for (const auto& [a, b] : {std::pair(0, 1), std::pair(1, 2), std::pair(2, 0)}) {
    const std::vector<CustodianKey> present{keys[static_cast<std::size_t>(a)],
                                            keys[static_cast<std::size_t>(b)]};
    const Result<Key> key = UnwrapKey(wrapped, kContext, present);
    ASSERT_TRUE(key.ok()) << key.error().what();
    EXPECT_TRUE(Same(key.value(), TestKey()));
  }
}

TEST(UnwrapKey, IsDeniedToOneOfTwoNeededCustodians) {
  const std::vector<CustodianKey> keys = MakeCustodians(3);
  const Buffer wrapped = WrapKey(TestKey(), SetOf(keys, 2), kContext).value();
  const Result<Key> one = UnwrapKey(wrapped, kContext, std::span(keys).first(1));
  EXPECT_EQ(ErrorOf(one), "custody: 1 of 2 needed custodians present");
  EXPECT_EQ(CodeOf(one), ErrorCode::kDenied);
  // The same custodian twice is one custodian.
  const std::vector<CustodianKey> twice{keys[0], keys[0]};
  EXPECT_EQ(CodeOf(UnwrapKey(wrapped, kContext, twice)), ErrorCode::kDenied);
}

TEST(UnwrapKey, IsDeniedToStrangersAndNamesWhoseSharesTheyAre) {
  const std::vector<CustodianKey> owners = MakeCustodians(3);
  const Buffer wrapped = WrapKey(TestKey(), SetOf(owners, 2), kContext).value();
  const std::vector<CustodianKey> strangers = MakeCustodians(3);
  EXPECT_TRUE(
      ErrorOf(UnwrapKey(wrapped, kContext, strangers))
          .ends_with(ShortFingerprint(owners[2].certificate.Fingerprint()) + ", none of whom is present"));
}

TEST(UnwrapKey, RefusesAKeyWrappedForAnotherSegmentOrHolder) {
  const std::vector<CustodianKey> keys = MakeCustodians(2);
  const Buffer wrapped = WrapKey(TestKey(), SetOf(keys, 2), kContext).value();
  const Buffer other = SegmentContext(SegmentId::Parse("activity-20241021T000000Z-00000002").value());
  EXPECT_EQ(ErrorOf(UnwrapKey(wrapped, other, keys)), "custody: share 2: sealed for another key's context");
  const seal::SubjectHandle handle{1};
  EXPECT_NE(SubjectContext(seal::Stream::kIdentity, handle, "u-1"),
            SubjectContext(seal::Stream::kIdentity, handle, "u-2"));
  EXPECT_NE(SubjectContext(seal::Stream::kIdentity, handle, "u-1"),
            SubjectContext(seal::Stream::kAccount, handle, "u-1"));
  EXPECT_NE(SubjectContext(seal::Stream::kPassword, handle, "u-1"),
            SubjectContext(seal::Stream::kAccount, handle, "u-1"));
}

TEST(UnwrapKey, NoticesSharesThatBelongToDifferentKeys) {
  const std::vector<CustodianKey> keys = MakeCustodians(2);
  crypto::SeededRandom random(6);
  Buffer wrapped = WrapKey(TestKey(), SetOf(keys, 2), kContext).value();
  const Buffer other = WrapKey(crypto::RandomKey(random), SetOf(keys, 2), kContext).value();
  std::copy_n(other.begin() + 3, 32, wrapped.begin() + 3);  // the check value of the other key
  EXPECT_EQ(ErrorOf(UnwrapKey(wrapped, kContext, keys)),
            "custody: the shares do not give the key of the check value");
}

TEST(UnwrapKey, NeverOpensWhatWasAlteredInAnyByte) {
  const std::vector<CustodianKey> keys = MakeCustodians(2);
  const Buffer wrapped = WrapKey(TestKey(), SetOf(keys, 2), kContext).value();
  for (std::size_t i = 0; i < wrapped.size(); ++i) {
    Buffer altered = wrapped;
    altered[i] ^= 0x01;
    const Result<Key> key = UnwrapKey(altered, kContext, keys);
    // A byte of the envelope's clear headers that names nobody may be free; the key is the right one then.
    EXPECT_TRUE(!key.ok() || Same(key.value(), TestKey())) << "offset " << i;
  }
  for (std::size_t size = 0; size < wrapped.size(); ++size) {
    EXPECT_FALSE(UnwrapKey(Bytes(wrapped).first(size), kContext, keys).ok()) << "cut to " << size;
  }
}

TEST(UnwrapKey, StillWorksWhenOneShareIsDamagedAndEnoughOthersArePresent) {
  const std::vector<CustodianKey> keys = MakeCustodians(3);
  Buffer wrapped = WrapKey(TestKey(), SetOf(keys, 2), kContext).value();
  wrapped[35 + 32 + 4 + 200] ^= 0xFF;  // inside the first envelope
  EXPECT_TRUE(UnwrapKey(wrapped, kContext, keys).ok());
  EXPECT_EQ(CodeOf(UnwrapKey(wrapped, kContext, std::span(keys).first(2))), ErrorCode::kCrypto);
}

TEST(UnwrapKey, RefusesANewerVersion) {
  const std::vector<CustodianKey> keys = MakeCustodians(2);
  Buffer wrapped = WrapKey(TestKey(), SetOf(keys, 2), kContext).value();
  wrapped[0] = 2;
  EXPECT_EQ(ErrorOf(UnwrapKey(wrapped, kContext, keys)),
            "custody: wrapped key: version 2, newer than 1: use a newer probatio");
}

// Ingest never stops because a person forgot a date; the command that wraps says so (roster.h).
TEST(WrapKey, WrapsForAnExpiredCertificate) {
  crypto::SystemRandom random;
  std::vector<CustodianKey> keys = MakeCustodians(2);
  const Period past{Instant::ParseRfc3339("2001-01-01T00:00:00Z").value(),
                    Instant::ParseRfc3339("2002-01-01T00:00:00Z").value()};
  keys[0].certificate =
      crypto::Certificate::Issue({"custodian-1", "", crypto::CertificateUse::kReceive, past},
                                 keys[0].key.Public(), keys[0].key, nullptr, random)
          .value();
  const Result<Buffer> wrapped = WrapKey(TestKey(), SetOf(keys, 2), kContext);
  ASSERT_TRUE(wrapped.ok()) << wrapped.error().what();
  EXPECT_TRUE(UnwrapKey(wrapped.value(), kContext, keys).ok());
}

// A custodian's shares under last year's key stay openable beside this year's.
TEST(UnwrapKey, FindsTheGenerationOfAKeyByItsCertificate) {
  const std::vector<CustodianKey> last_year = MakeCustodians(2);
  const std::vector<CustodianKey> this_year = MakeCustodians(2);
  const std::vector<CustodianKey> both{this_year[0], this_year[1], last_year[0], last_year[1]};
  for (const std::vector<CustodianKey>* keys : {&last_year, &this_year}) {
    const Buffer wrapped = WrapKey(TestKey(), SetOf(*keys, 2), kContext).value();
    EXPECT_TRUE(UnwrapKey(wrapped, kContext, both).ok());
  }
}

// One custodian has a key file, the other a token: the shares do not tell.
TEST(UnwrapKey, DoesNotKnowATokenFromAFile) {
  crypto::TestTokens::Get().Make("custodian", "271828");
  std::vector<CustodianKey> keys = MakeCustodians(1);
  crypto::PrivateKey token =
      crypto::OpenTokenKey(crypto::TestTokens::Uri("custodian"), Secret("271828")).value();
  crypto::Certificate certificate =
      crypto::IssueTo(token.Public(), "custodian-2", crypto::CertificateUse::kReceive, token, nullptr);
  keys.push_back({std::move(token), std::move(certificate)});
  const Buffer wrapped = WrapKey(TestKey(), SetOf(keys, 2), kContext).value();
  const Result<Key> key = UnwrapKey(wrapped, kContext, keys);
  ASSERT_TRUE(key.ok()) << key.error().what();
  EXPECT_TRUE(Same(key.value(), TestKey()));
}

TEST(WrapKey, AllowsOneCustodianForADemonstration) {
  const std::vector<CustodianKey> keys = MakeCustodians(1);
  const Buffer wrapped = WrapKey(TestKey(), SetOf(keys, 1), kContext).value();
  EXPECT_TRUE(Same(UnwrapKey(wrapped, kContext, keys).value(), TestKey()));
  EXPECT_EQ(ErrorOf(UnwrapKey(wrapped, kContext, {})), "custody: 0 of 1 needed custodians present");
}

TEST(WrapKey, KeepsItsLimits) {
  const auto code = [](const std::vector<CustodianKey>& keys, unsigned needed) {
    const Result<Buffer> wrapped = WrapKey(TestKey(), SetOf(keys, needed), kContext);
    return wrapped.ok() ? std::string() : wrapped.error().what();
  };
  const std::vector<CustodianKey> most = MakeCustodians(kCustodiansMax + 1);
  const std::vector<CustodianKey> sixteen(most.begin(), most.end() - 1);
  EXPECT_EQ(code(sixteen, kCustodiansMax), "");
  EXPECT_EQ(code(sixteen, kCustodiansMax + 1), "custody: 17 of 16 custodians cannot be a threshold");
  EXPECT_EQ(code(sixteen, 2), "");
  EXPECT_EQ(code(sixteen, 1), "custody: 1 of 16 custodians cannot be a threshold");
  EXPECT_EQ(code(most, 2), "custody: 17 custodians, not 1 to 16");
  EXPECT_EQ(code({}, 1), "custody: 0 custodians, not 1 to 16");
  EXPECT_EQ(code({most[0], most[1], most[0]}, 2), "custody: one certificate stands twice in the set");
}

TEST(UnwrapKey, KeepsItsLimitOnBytes) {
  const auto error = [](std::size_t size) { return ErrorOf(UnwrapKey(Buffer(size), kContext, {})); };
  EXPECT_EQ(error(kWrappedBytesMax), "custody: wrapped key: version 0 at offset 0: unknown");
  EXPECT_EQ(error(kWrappedBytesMax + 1), "custody: wrapped key: 65537 bytes, more than 65536");
}

}  // namespace
}  // namespace probatio::custody
