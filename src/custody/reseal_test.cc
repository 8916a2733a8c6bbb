#include "custody/reseal.h"

#include <gtest/gtest.h>

#include "custody/test_world.h"
#include "custody/wrapped_key.h"

namespace probatio::custody::test {
namespace {

// A request to rebuild one dead segment, which a test alters before the station sees it.
class ResealStation : public ::testing::Test {
 protected:
  ResealStation() {
    dead_ = AddDead("00000001");
    reseal_.id = std::string(32, '1');
    reseal_.made_at = kNow;
    reseal_.provider = kProvider;
    reseal_.run = "00c0ffee";
    reseal_.sources = {SourceOf(dead_)};
    world_.custodians.anchors.custodians = world_.set.custodians;
  }

  // The ledger's entry says all that a real one says.
  SegmentId AddDead(const std::string& run) {
    SegmentOptions options;
    options.run = run;
    options.crash = true;
    const SegmentId id = world_.Add(PlatformDay(), options);
    for (seal::SegmentInfo& info : world_.directory.segments) {
      if (info.id != id) continue;
      info.closed_index = world_.ledger
                              .Append({"segment_closed_by_crash",
                                       kNow,
                                       {{"segment", id.text()},
                                        {"journal_batches", std::to_string(info.journal.batches)},
                                        {"journal_digest", ToHex(info.journal.digest)}}})
                              .value();
    }
    return id;
  }
  SegmentId AddClosed(const std::string& run) {
    SegmentOptions options;
    options.run = run;
    const SegmentId id = world_.Add(PlatformDay(), options);
    for (seal::SegmentInfo& info : world_.directory.segments) {
      if (info.id != id) continue;
      info.closed_index = world_.ledger
                              .Append({"segment_closed",
                                       kNow,
                                       {{"segment", id.text()},
                                        {"root", ToHex(info.root)},
                                        {"leaf_count", std::to_string(info.leaf_count)},
                                        {"rows", std::to_string(info.rows)},
                                        {"loose", "0"}}})
                              .value();
    }
    return id;
  }
  ResealSource SourceOf(const SegmentId& id) {
    const seal::SegmentInfo info = world_.directory.Get(id).value();
    return {id, world_.box.values.at(seal::WrappedKey(id)), world_.ledger.Prove(info.closed_index).value()};
  }

  Result<OpenedReseal> Ask() { return AskAs("custody_reseal"); }
  Result<OpenedReseal> AskAs(const std::string& type) {
    const std::string json = ResealToJson(reseal_);
    const std::uint64_t index =
        world_.ledger.Append({type, kNow, {{"digest", ToHex(crypto::Sha256(AsBytes(json)))}}}).value();
    return Send({json, world_.ledger.Prove(index).value()});
  }
  Result<OpenedReseal> Send(const SentReseal& sent) {
    return OpenReseal(SentResealToJson(sent), world_.custodians.anchors, world_.custodians.present, now_);
  }

  World world_;
  SegmentId dead_;
  Reseal reseal_;
  Instant now_ = kNow;
};

void ExpectDenied(const Result<OpenedReseal>& opened, const std::string& why) {
  ASSERT_FALSE(opened.ok()) << "opened; expected: " << why;
  EXPECT_EQ(opened.error().code(), ErrorCode::kDenied) << opened.error().what();
  EXPECT_NE(opened.error().what().find(why), std::string::npos) << opened.error().what();
}

TEST_F(ResealStation, OpensTheKeysOfWhatTheLedgerSaysIsDead) {
  const Result<OpenedReseal> opened = Ask();
  ASSERT_TRUE(opened.ok()) << opened.error().what();
  EXPECT_EQ(opened.value().sources.at(0).journal, world_.directory.Get(dead_)->journal);
  EXPECT_EQ(opened.value().set.custodians.size(), 3U);  // also the one who stayed at home
  std::size_t rows = 0;
  ASSERT_TRUE(seal::RowsOfJournal(dead_, world_.journals.batches.at(dead_), opened.value().sources[0].journal,
                                  opened.value().keys.at(dead_),
                                  [&](const std::vector<record::Record>& read) -> Status {
                                    rows += read.size();
                                    return Done{};
                                  })
                  .ok());
  EXPECT_EQ(rows, PlatformDay().size());  // light copies are no rows
}

TEST_F(ResealStation, OpensNothingThatTheLedgerDidNotKnowBefore) {
  ExpectDenied(AskAs("custody_request"), "not of this request");
  const std::string json = ResealToJson(reseal_);
  const std::uint64_t other = world_.ledger.Append({"custody_reseal", kNow, {{"digest", "00"}}}).value();
  ExpectDenied(Send({json, world_.ledger.Prove(other).value()}), "not of this request");
  reseal_.provider = "Another provider";
  ExpectDenied(Ask(), "another provider");
}

TEST_F(ResealStation, RefusesARequestFromTheFuture) {
  reseal_.made_at = now_ + kRequestClockSkewMaxNs;
  EXPECT_TRUE(Ask().ok());
  reseal_.made_at = now_ + kRequestClockSkewMaxNs + 1;
  ExpectDenied(Ask(), "in the future");
}

TEST_F(ResealStation, ReadsDeadSegmentsOfOneRunAndStream) {
  const SegmentId other = AddDead("00000002");
  reseal_.sources.push_back(SourceOf(other));
  ExpectDenied(Ask(), "different runs");
  reseal_.sources = {SourceOf(dead_), SourceOf(dead_)};
  ExpectDenied(Ask(), "stands twice");
  reseal_.sources = {SourceOf(AddClosed("00000003"))};
  ExpectDenied(Ask(), "is no dead one");
  reseal_.sources = {SourceOf(dead_)};
  reseal_.kind = ResealKind::kMerge;
  ExpectDenied(Ask(), "is a dead one");
  reseal_.kind = ResealKind::kRebuild;
  reseal_.run = "00000001";
  ExpectDenied(Ask(), "that of an old one");
}

TEST_F(ResealStation, MergesSegmentsOfOneWindowOnly) {
  reseal_.kind = ResealKind::kMerge;
  reseal_.sources = {SourceOf(AddClosed("00000003"))};
  ExpectDenied(Ask(), "no merge");
  reseal_.sources.push_back(SourceOf(AddClosed("00000004")));
  EXPECT_TRUE(Ask().ok());
}

TEST_F(ResealStation, ASegmentUnderAnothersEntryOrKeyIsRefused) {
  const ResealSource other = SourceOf(AddDead("00000002"));
  reseal_.sources[0].closed = other.closed;
  ExpectDenied(Ask(), "of another segment");
  reseal_.sources[0] = SourceOf(dead_);
  reseal_.sources[0].wrapped = other.wrapped;
  EXPECT_FALSE(Ask().ok());
}

TEST_F(ResealStation, FewerThanTheNeededCustodiansOpenNothing) {
  world_.custodians.present.pop_back();
  ExpectDenied(Ask(), "1 of 2 needed custodians present");
}

// The server adds shares of its own to what the custodians wrapped: the new key must not go to it.
TEST_F(ResealStation, NoNewKeyGoesToSomebodyWhomTheServerAddedToAnOldOne) {
  const CustodianKey thief = MakeKeyHolder("thief", crypto::CertificateUse::kReceive);
  Buffer& wrapped = reseal_.sources[0].wrapped;
  const Wrapped good = ParseWrapped(wrapped).value();
  ByteWriter more;
  more.Raw(Bytes(wrapped).first(2));
  more.U8(static_cast<std::uint8_t>(good.shares.size() + 1));
  more.Raw(Bytes(wrapped).subspan(3));
  more.Raw(thief.certificate.Fingerprint());
  more.Field(good.shares[0].envelope);
  wrapped = more.Take();
  const Result<OpenedReseal> opened = Ask();
  ASSERT_TRUE(opened.ok()) << opened.error().what();
  for (const crypto::Certificate& custodian : opened.value().set.custodians) {
    EXPECT_NE(custodian.Fingerprint(), thief.certificate.Fingerprint());
  }
  EXPECT_EQ(opened.value().set.custodians.size(), 3U);
}

TEST_F(ResealStation, WithoutPinnedCustodiansOnlyThoseAtTheStationAreServed) {
  world_.custodians.anchors.custodians.clear();
  EXPECT_EQ(Ask().value().set.custodians.size(), 2U);
}

// ---- The server's side

class ResealAnswer : public ResealStation {
 protected:
  seal::Resealed Signed(std::span<const CustodianKey> signers) {
    const OpenedReseal opened = Ask().value();
    seal::Resealed resealed;
    resealed.request = opened.digest;
    resealed.body = crypto::Sha256(AsBytes("what was sealed"));
    resealed.signatures = SignResealed(resealed.body, opened.set, signers).value();
    seal::ResealedSegment& segment = resealed.segments.emplace_back();
    segment.id = SegmentId::Parse("activity-20241021T000000Z-00c0ffee").value();
    segment.wrapped =
        WrapKey(crypto::RandomKey(world_.random), opened.set, SegmentContext(segment.id)).value();
    return resealed;
  }
  Status Check(const seal::Resealed& resealed) {
    const std::vector<Buffer> keys{reseal_.sources[0].wrapped};
    return CheckResealed(resealed, keys);
  }
};

TEST_F(ResealAnswer, IsTakenWhenEnoughCustodiansSignedIt) {
  EXPECT_TRUE(Check(Signed(std::span(world_.custodian_keys).first(2))).ok());
  const Status one = Check(Signed(std::span(world_.custodian_keys).first(1)));
  ASSERT_FALSE(one.ok());
  EXPECT_NE(one.error().what().find("signed by 1 custodians"), std::string::npos);
}

TEST_F(ResealAnswer, OneCustodianWhoSignsTwiceIsOne) {
  seal::Resealed resealed = Signed(std::span(world_.custodian_keys).first(1));
  resealed.signatures.push_back(resealed.signatures[0]);
  EXPECT_FALSE(Check(resealed).ok());
}

TEST_F(ResealAnswer, ASignatureOfOtherBytesOrByAStrangerIsRefused) {
  seal::Resealed other = Signed(std::span(world_.custodian_keys).first(2));
  other.body[0] ^= 1U;
  EXPECT_EQ(Check(other).error().code(), ErrorCode::kCrypto);
  const CustodianKey stranger = MakeKeyHolder("stranger", crypto::CertificateUse::kReceive);
  seal::Resealed strange = Signed(std::span(world_.custodian_keys).first(2));
  strange.signatures[1].certificate = stranger.certificate.ToDer();
  strange.signatures[1].signature = stranger.key.Sign(seal::SignedText(strange.body)).value();
  EXPECT_EQ(Check(strange).error().code(), ErrorCode::kDenied);
}

TEST_F(ResealAnswer, ANewKeyForAStrangerOrForFewerCustodiansIsRefused) {
  const CustodianKey stranger = MakeKeyHolder("stranger", crypto::CertificateUse::kReceive);
  CustodianSet wider = world_.set;
  wider.custodians.push_back(stranger.certificate);
  CustodianSet stricter = world_.set;
  stricter.needed = 3;
  for (const CustodianSet& set : {wider, stricter}) {
    seal::Resealed resealed = Signed(std::span(world_.custodian_keys).first(2));
    seal::ResealedSegment& segment = resealed.segments[0];
    segment.wrapped = WrapKey(crypto::RandomKey(world_.random), set, SegmentContext(segment.id)).value();
    EXPECT_EQ(Check(resealed).error().code(), ErrorCode::kDenied);
  }
}

TEST(ResealJson, ReadsWhatItWritesAndNothingElse) {
  EXPECT_FALSE(ResealFromJson("{}").ok());
  EXPECT_FALSE(SentResealFromJson(R"({"schema":"probatio-custody-sent-request/1"})").ok());
  for (const ResealKind kind : {ResealKind::kRebuild, ResealKind::kMerge, ResealKind::kVerify}) {
    EXPECT_EQ(ParseResealKind(ToText(kind)).value(), kind);
  }
  EXPECT_FALSE(ParseResealKind("show").ok());
}

}  // namespace
}  // namespace probatio::custody::test
