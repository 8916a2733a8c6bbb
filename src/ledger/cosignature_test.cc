#include "ledger/cosignature.h"

#include <gtest/gtest.h>

#include "base/test_corpus.h"

namespace probatio::ledger {
namespace {

const Instant kAt = Instant::FromUnixSeconds(1'731'422'240);

class CosignatureTest : public testing::Test {
 protected:
  std::string Line(Instant at) { return CosignatureLine(note_, "witness.example", witness_, at).value(); }
  std::vector<NoteKey> Witnesses() {
    return {ParseWitnessKey(WitnessKey("witness.example", witness_.Public())).value()};
  }

  const crypto::PrivateKey log_ = crypto::PrivateKey::GenerateEd25519();
  const crypto::PrivateKey witness_ = crypto::PrivateKey::GenerateEd25519();
  const std::string note_ =
      SignCheckpoint({"probatio.example/platform", 300, crypto::Sha256(AsBytes("root"))}, log_).value();
};

TEST_F(CosignatureTest, IsReadUnderItsWitnessKeyWithItsInstant) {
  const auto found = CosignaturesOn(note_ + Line(kAt), Witnesses());
  EXPECT_EQ(found.value(), (std::vector<Cosignature>{{"witness.example", kAt}}));
}

TEST_F(CosignatureTest, ANoteWithoutOneHasNone) {
  EXPECT_TRUE(CosignaturesOn(note_, Witnesses()).value().empty());
}

TEST_F(CosignatureTest, DoesNotDisturbTheLedgersOwnSignature) {
  const std::string key = VerifierKey("probatio.example/platform", log_.Public());
  EXPECT_EQ(OpenCheckpoint(note_ + Line(kAt), key).value().size, 300U);
}

TEST_F(CosignatureTest, TheEarliestOfOneWitnessCounts) {
  const std::string twice = note_ + Line(kAt + kNsPerSecond) + Line(kAt);
  EXPECT_EQ(CosignaturesOn(twice, Witnesses()).value(), (std::vector<Cosignature>{{"witness.example", kAt}}));
}

TEST_F(CosignatureTest, OfAnotherTextSpoilsTheNote) {
  const std::string other =
      SignCheckpoint({"probatio.example/platform", 301, crypto::Sha256(AsBytes("root"))}, log_).value();
  EXPECT_EQ(CosignaturesOn(other + Line(kAt), Witnesses()).error().code(), ErrorCode::kCrypto);
}

TEST_F(CosignatureTest, NoOctetOfItCanBeChanged) {
  const std::string line = Line(kAt);
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    std::string altered = line;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    const auto found = CosignaturesOn(note_ + altered, Witnesses());
    // Another name or id makes it an unknown key's line, which is passed over.
    EXPECT_TRUE(!found.ok() || found.value().empty()) << i;
  }
}

TEST_F(CosignatureTest, AShortOneAndAnImpossibleTimeAreRefused) {
  const NoteKey key = Witnesses().front();
  EXPECT_EQ(CosignaturesOn(note_ + SignatureLine(key, Buffer(71)), Witnesses()).error().what(),
            "cosignature of witness.example: 71 octets, not 72");
  EXPECT_EQ(CosignaturesOn(note_ + SignatureLine(key, Buffer(72, 0xFF)), Witnesses()).error().what(),
            "cosignature of witness.example: not a time");
}

TEST_F(CosignatureTest, ALedgersKeyIsNoWitness) {
  EXPECT_FALSE(ParseWitnessKey(VerifierKey("probatio.example/platform", log_.Public())).ok());
}

// A mirror that others run signed this checkpoint of a log that others run.
TEST_F(CosignatureTest, OneThatOthersMadeVerifies) {
  SKIP_WITHOUT_CORPUS("merkle/sunlight_mirror");
  const Buffer note = ReadCorpus(
      "merkle/sunlight_mirror/000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706/checkpoint");
  const std::vector<NoteKey> mirror = {
      ParseWitnessKey("mirror.example.org+3fb148ef+BAAjjch9GyYz0sJsJx7ALhbdAtz2ov0unbzSl1vMp94O").value()};
  const auto found = CosignaturesOn(AsText(note), mirror);
  ASSERT_TRUE(found.ok()) << found.error().what();
  ASSERT_EQ(found.value().size(), 1U);
}

}  // namespace
}  // namespace probatio::ledger
