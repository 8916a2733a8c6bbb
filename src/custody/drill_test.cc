#include "custody/drill.h"

#include <gtest/gtest.h>

#include <set>

#include "custody/answer_frame.h"
#include "custody/test_world.h"

namespace probatio::custody {
namespace {

class DrillTest : public testing::Test {
 protected:
  DrillTest() {
    const SegmentId segment = world_.Add(test::PlatformDay());
    drill_ = {std::string(32, 'a'),
              test::kNow,
              test::kProvider,
              reply_.public_key,
              {{segment, world_.box.values.at(seal::WrappedKey(segment))}}};
  }
  std::string Sent(const std::string& type = "custody_drill") {
    SentDrill sent;
    sent.drill_json = DrillToJson(drill_);
    digest_ = crypto::Sha256(AsBytes(sent.drill_json));
    const std::uint64_t index =
        world_.ledger.Append({type, test::kNow, {{"digest", ToHex(digest_)}}}).value();
    sent.entry = world_.ledger.Prove(index).value();
    return SentDrillToJson(sent);
  }
  Result<Buffer> Answer(const std::string& sent, std::size_t present) {
    return AnswerDrill(sent, world_.custodians.anchors, std::span(world_.custodian_keys).first(present),
                       world_.random);
  }
  DrillVerdict Verdict(std::size_t present) {
    const Buffer answer = Answer(Sent(), present).value();
    return OpenDrillAnswer(reply_.private_key, digest_, answer).value().front();
  }

  test::World world_;
  crypto::BoxKeyPair reply_ = crypto::MakeBoxKeyPair(world_.random);
  crypto::Digest digest_{};
  Drill drill_;
};

TEST_F(DrillTest, OpensRealSharesAndSaysOnlyThat) {
  const DrillVerdict verdict = Verdict(2);
  EXPECT_TRUE(verdict.opened);
  EXPECT_TRUE(verdict.failed.empty());
  EXPECT_EQ(verdict.absent, std::vector{world_.custodian_keys[2].certificate.Fingerprint()});
}

TEST_F(DrillTest, WithTooFewPresentNothingOpensAndNobodyFailed) {
  const DrillVerdict verdict = Verdict(1);
  EXPECT_FALSE(verdict.opened);
  EXPECT_TRUE(verdict.failed.empty());
  EXPECT_EQ(verdict.absent.size(), 2U);
}

TEST_F(DrillTest, NamesWhoseShareFailed) {
  drill_.segments[0].wrapped[35 + 32 + 4 + 200] ^= 0xFF;  // inside the first envelope
  const DrillVerdict verdict = Verdict(3);
  EXPECT_TRUE(verdict.opened);  // by the two others
  EXPECT_EQ(verdict.failed, std::vector{world_.custodian_keys[0].certificate.Fingerprint()});
}

TEST_F(DrillTest, IsNeverTakenForARequestNorTheReverse) {
  const std::string sent = Sent();
  const Result<Buffer> as_request =
      AnswerRequest(sent, world_.custodians.anchors, world_.custodian_keys, test::kNow, world_.random);
  EXPECT_EQ(as_request.error().what(), "sent request: schema: not probatio-custody-sent-request/1");
  const Buffer answer = Answer(sent, 2).value();
  EXPECT_EQ(OpenAnswer(reply_.private_key, digest_, answer).error().what(),
            "custody: answer: is the answer to a drill, not to a request for keys");
  // An entry of another type does not carry a drill.
  EXPECT_EQ(Answer(Sent("custody_request"), 2).error().what(),
            "station: the ledger entry is not of this drill");
}

TEST_F(DrillTest, IsRefusedForAnotherProviderOrLedger) {
  world_.custodians.anchors.provider = "another";
  EXPECT_EQ(Answer(Sent(), 2).error().what(), "station: the drill is of another provider");
  world_.custodians.anchors.ledger_key =
      ledger::VerifierKey("probatio.example/other", crypto::PrivateKey::GenerateEd25519().Public());
  EXPECT_EQ(Answer(Sent(), 2).error().code(), ErrorCode::kDenied);
}

TEST_F(DrillTest, AnAnswerIsForItsOwnDrillWholeAndUnaltered) {
  const Buffer answer = Answer(Sent(), 2).value();
  EXPECT_EQ(OpenDrillAnswer(reply_.private_key, {}, answer).error().what(),
            "drill answer: is for another drill");
  for (std::size_t i = 0; i < answer.size(); ++i) {
    Buffer altered = answer;
    altered[i] ^= 1;
    EXPECT_FALSE(OpenDrillAnswer(reply_.private_key, digest_, altered).ok()) << i;
    EXPECT_FALSE(OpenDrillAnswer(reply_.private_key, digest_, Bytes(answer).first(i)).ok()) << i;
  }
}

TEST_F(DrillTest, KeepsItsLimitOnSegments) {
  drill_.segments.resize(kDrillSegmentsMax, drill_.segments.front());
  EXPECT_TRUE(DrillFromJson(DrillToJson(drill_)).ok());
  drill_.segments.push_back(drill_.segments.front());
  EXPECT_FALSE(DrillFromJson(DrillToJson(drill_)).ok());
  drill_.segments.clear();
  EXPECT_FALSE(DrillFromJson(DrillToJson(drill_)).ok());
}

TEST(PickForDrill, DrawsClosedSegmentsEachAtMostOnceAndNotAlwaysTheSame) {
  std::vector<seal::SegmentInfo> segments(20);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    segments[i].id = SegmentId::Parse("s-" + std::to_string(i)).value();
    segments[i].state = i < 10 ? seal::SegmentState::kClosed : seal::SegmentState::kOpen;
  }
  crypto::SeededRandom random(1);
  std::set<SegmentId> ever;
  for (int round = 0; round < 50; ++round) {
    std::set<SegmentId> drawn;
    for (const seal::SegmentInfo& info : PickForDrill(segments, 3, random)) {
      EXPECT_EQ(info.state, seal::SegmentState::kClosed);
      drawn.insert(info.id);
    }
    EXPECT_EQ(drawn.size(), 3U);
    ever.insert(drawn.begin(), drawn.end());
  }
  EXPECT_EQ(ever.size(), 10U);
  EXPECT_EQ(PickForDrill(segments, 15, random).size(), 10U);
}

}  // namespace
}  // namespace probatio::custody
