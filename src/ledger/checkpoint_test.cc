#include "ledger/checkpoint.h"
#include "base/test_corpus.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace probatio::ledger {
namespace {

constexpr char kOrigin[] = "probatio.example/platform";

class CheckpointTest : public testing::Test {
 protected:
  std::string Signed() { return SignCheckpoint(checkpoint_, key_).value(); }
  ErrorCode CodeOf(std::string_view note) { return OpenCheckpoint(note, verifier_).error().code(); }
  // A note over any text at all, properly signed: what a checkpoint's key should never sign.
  std::string SignedText(const std::string& text) {
    const std::string line = Signed().substr(Signed().find("\n\n") + 2);
    const Buffer id_and_signature =
        FromBase64(line.substr(line.rfind(' ') + 1, line.size() - line.rfind(' ') - 2)).value();
    ByteWriter bytes;
    bytes.Raw(Bytes(id_and_signature).first(4));
    bytes.Raw(key_.Sign(AsBytes(text)).value());
    return text + "\n\u2014 " + kOrigin + " " + ToBase64(bytes.bytes()) + "\n";
  }

  const crypto::PrivateKey key_ = crypto::PrivateKey::GenerateEd25519();
  const std::string verifier_ = VerifierKey(kOrigin, key_.Public());
  const Checkpoint checkpoint_{kOrigin, 300, crypto::Sha256(AsBytes("root"))};
};

TEST_F(CheckpointTest, SignedIsOpenedWithItsVerifierKey) {
  EXPECT_EQ(OpenCheckpoint(Signed(), verifier_).value(), checkpoint_);
}

TEST_F(CheckpointTest, HasTheLinesOfASignedNote) {
  EXPECT_EQ(Signed().substr(0, Signed().find("\u2014")),
            "probatio.example/platform\n300\n" + ToBase64(checkpoint_.root) + "\n\n");
}

TEST_F(CheckpointTest, IsRefusedWithAnyByteFlipped) {
  const std::string note = Signed();
  for (std::size_t i = 0; i < note.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string altered = note;
      altered[i] = static_cast<char>(altered[i] ^ (1 << bit));
      EXPECT_FALSE(OpenCheckpoint(altered, verifier_).ok()) << "offset " << i << " bit " << bit;
    }
  }
}

TEST_F(CheckpointTest, IsRefusedWhereverItIsCut) {
  const std::string note = Signed();
  for (std::size_t size = 0; size < note.size(); ++size) {
    EXPECT_FALSE(OpenCheckpoint(note.substr(0, size), verifier_).ok()) << size;
  }
}

TEST_F(CheckpointTest, IsRefusedUnderAnotherKeyOrAnotherName) {
  const crypto::PrivateKey other = crypto::PrivateKey::GenerateEd25519();
  const auto by_other = OpenCheckpoint(Signed(), VerifierKey(kOrigin, other.Public()));
  EXPECT_EQ(by_other.error().code(), ErrorCode::kCrypto);
  const auto by_name = OpenCheckpoint(Signed(), VerifierKey("probatio.example/operator", key_.Public()));
  EXPECT_EQ(by_name.error().code(), ErrorCode::kCrypto);
}

TEST_F(CheckpointTest, LinesByUnknownKeysAreIgnored) {
  const std::string witnessed =
      Signed() + "\u2014 mirror.example.org P7FI7wAAAABpVGeAjA1S4pJm6MbcXjX7UUImu4azZtrfcVW2uyr/" +
      "LXIYlwEJzXC0N0EiZkbqfLdXt/4gVEEuGmxJjAfXKMCISpsJAg==\n";
  EXPECT_EQ(OpenCheckpoint(witnessed, verifier_).value(), checkpoint_);
}

TEST_F(CheckpointTest, OneBadSignatureOfAKnownKeySpoilsTheNote) {
  const std::string foreign = SignedText("another text\n");
  const std::string bad_line = foreign.substr(foreign.find("\u2014"));
  EXPECT_EQ(CodeOf(Signed() + bad_line), ErrorCode::kCrypto);
}

TEST_F(CheckpointTest, ExtensionLinesArePassedOver) {
  const std::string body = Signed().substr(0, Signed().find("\n\n") + 1);
  EXPECT_EQ(OpenCheckpoint(SignedText(body + "extension\n"), verifier_).value(), checkpoint_);
}

TEST_F(CheckpointTest, SignedTextThatIsNoCheckpointIsRefused) {
  const std::string root = ToBase64(checkpoint_.root);
  for (const std::string& text : {
           std::string("probatio.example/platform\n300\n"),
           "probatio.example/platform\n0300\n" + root + "\n",
           "probatio.example/platform\n-1\n" + root + "\n",
           "probatio.example/platform\n18446744073709551616\n" + root + "\n",
           "probatio.example/platform\n300 \n" + root + "\n",
           "probatio.example/platform\n300\n" + root.substr(4) + "\n",
           "\n300\n" + root + "\n",
       }) {
    EXPECT_EQ(CodeOf(SignedText(text)), ErrorCode::kInvalid) << text;
  }
  EXPECT_EQ(CodeOf(SignedText("another.example\n300\n" + root + "\n")), ErrorCode::kCrypto);
}

TEST_F(CheckpointTest, MayBeAsLongAsTheLimitAndNotOneMore) {
  const std::string body = Signed().substr(0, Signed().find("\n\n") + 1);
  const std::size_t room = kCheckpointBytesMax - SignedText(body + "\n").size();
  EXPECT_TRUE(OpenCheckpoint(SignedText(body + std::string(room, 'x') + "\n"), verifier_).ok());
  EXPECT_EQ(CodeOf(SignedText(body + std::string(room + 1, 'x') + "\n")), ErrorCode::kInvalid);
}

TEST_F(CheckpointTest, HasAtMostAHundredSignatureLines) {
  std::string note = Signed();
  for (int i = 1; i < 100; ++i) note += "\u2014 other.example AAAAAAAA\n";
  EXPECT_TRUE(OpenCheckpoint(note, verifier_).ok());
  EXPECT_EQ(CodeOf(note + "\u2014 other.example AAAAAAAA\n"), ErrorCode::kInvalid);
}

TEST_F(CheckpointTest, AnOriginThatCannotNameAKeyIsNotSigned) {
  for (const char* origin : {"", "two words", "a+b", "line\n", "tribunal\u00a0judiciaire"}) {
    EXPECT_EQ(SignCheckpoint({origin, 0, {}}, key_).error().code(), ErrorCode::kInvalid) << origin;
  }
}

TEST_F(CheckpointTest, AVerifierKeyIsRefusedWithAnyByteFlipped) {
  for (std::size_t i = 0; i < verifier_.size(); ++i) {
    std::string altered = verifier_;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_FALSE(OpenCheckpoint(Signed(), altered).ok()) << i;
  }
}

// A log run by others: its body is what we would write, its witness's key is of a type that we do not verify.
TEST_F(CheckpointTest, HasTheShapeOfALogThatOthersRun) {
  SKIP_WITHOUT_CORPUS("merkle/sunlight_mirror");
  const Buffer bytes = ReadCorpus(
      "merkle/sunlight_mirror/000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706/checkpoint");
  const std::string theirs(AsText(bytes));
  ASSERT_EQ(theirs.size(), 201U);
  Checkpoint same{"rome2026h1.example.org", 300, {}};
  const Buffer root = FromBase64("gw31yQrqZZCcEOPrzX+bpy3nJ6QgngTKn8G1m0i62uU=").value();
  std::copy(root.begin(), root.end(), same.root.begin());
  const std::string ours = SignCheckpoint(same, key_).value();
  const std::string dash = "\u2014";
  EXPECT_EQ(ours.substr(0, ours.find(dash)), theirs.substr(0, theirs.find(dash)));

  const std::string both = ours + theirs.substr(theirs.find(dash));
  EXPECT_EQ(OpenCheckpoint(both, VerifierKey(same.origin, key_.Public())).value(), same);
  EXPECT_EQ(OpenCheckpoint(theirs, VerifierKey(same.origin, key_.Public())).error().code(),
            ErrorCode::kCrypto);
  const auto witness =
      OpenCheckpoint(theirs, "mirror.example.org+3fb148ef+BAAjjch9GyYz0sJsJx7ALhbdAtz2ov0unbzSl1vMp94O");
  EXPECT_EQ(witness.error().what(), "verifier key: a witness's, not a ledger's");
}

}  // namespace
}  // namespace probatio::ledger
