#include "crypto/sealed_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/aead.h"
#include "crypto/test_world.h"

namespace probatio::crypto {
namespace {

constexpr std::size_t kSealedChunk = kSealedFileChunkBytes + kAeadOverhead;

class SealedFile : public ::testing::Test {
 protected:
  Buffer Seal(Bytes content) {
    return SealFile(std::span(&recipient_.certificate, 1), content, random_).value();
  }
  Result<Secret> OpenIt(Bytes file) { return OpenFile(recipient_.key, recipient_.certificate, file); }
  static std::size_t HeaderSize(Bytes file) { return 16 + Be32(file.subspan(12)); }

  SystemRandom random_;
  Holder authority_ = MakeAuthority("A");
  Holder recipient_ = MakeHolder("Maître Exemple", CertificateUse::kReceive, authority_);
};

Buffer Content(std::size_t size) {
  SeededRandom random(size);
  Buffer content(size);
  random.Fill(content);
  return content;
}

TEST_F(SealedFile, OpensForItsRecipientAtEverySizeAroundAChunk) {
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, kSealedFileChunkBytes - 1, kSealedFileChunkBytes,
        kSealedFileChunkBytes + 1, 3 * kSealedFileChunkBytes, std::size_t{300'000}}) {
    const Buffer content = Content(size);
    const Buffer file = Seal(content);
    EXPECT_TRUE(IsSealedFile(file));
    EXPECT_EQ(ToBuffer(OpenIt(file).value().reveal()), content) << size;
  }
}

TEST_F(SealedFile, HasTheFormThatItsDocumentGives) {
  const Buffer file = Seal(Content(kSealedFileChunkBytes + 5));
  EXPECT_EQ(AsText(Bytes(file).first(8)), "PROBSEAL");
  EXPECT_EQ(Be32(Bytes(file).subspan(8)), 1U);
  EXPECT_EQ(file.size(), HeaderSize(file) + kSealedChunk + 5 + kAeadOverhead);
}

TEST_F(SealedFile, StaysShutForAnybodyElse) {
  const Holder stranger = MakeHolder("Stranger", CertificateUse::kReceive, authority_);
  EXPECT_EQ(OpenFile(stranger.key, stranger.certificate, Seal(AsBytes("x"))).error().code(),
            ErrorCode::kCrypto);
}

TEST_F(SealedFile, NoticesAnAlteredByteAnywhere) {
  Buffer file = Seal(Content(40));
  for (std::size_t i = 0; i < file.size(); ++i) {
    file[i] ^= 1;
    EXPECT_FALSE(OpenIt(file).ok()) << i;
    file[i] ^= 1;
  }
  EXPECT_TRUE(OpenIt(file).ok());
}

TEST_F(SealedFile, NoticesWhenItIsCutAnywhere) {
  const Buffer small = Seal(Content(40));
  for (std::size_t size = 0; size < small.size(); ++size)
    EXPECT_FALSE(OpenIt(Bytes(small).first(size)).ok()) << size;
  // Cut between two chunks, every remaining byte is genuine: only the last mark tells.
  const Buffer large = Seal(Content(2 * kSealedFileChunkBytes));
  const Error cut = OpenIt(Bytes(large).first(HeaderSize(large) + kSealedChunk)).error();
  EXPECT_EQ(cut.code(), ErrorCode::kCrypto);
  EXPECT_EQ(cut.what(), "sealed file: chunk 0 (last): altered, moved or cut");
}

TEST_F(SealedFile, NoticesChunksThatAreSwappedRepeatedOrAdded) {
  const Buffer file = Seal(Content(3 * kSealedFileChunkBytes));
  const auto first = file.begin() + static_cast<std::ptrdiff_t>(HeaderSize(file));
  const auto second = first + kSealedChunk;
  const auto third = second + kSealedChunk;

  Buffer swapped(file.begin(), first);
  swapped.insert(swapped.end(), second, third);
  swapped.insert(swapped.end(), first, second);
  swapped.insert(swapped.end(), third, file.end());
  EXPECT_FALSE(OpenIt(swapped).ok());

  Buffer repeated(file.begin(), second);
  repeated.insert(repeated.end(), first, file.end());
  EXPECT_FALSE(OpenIt(repeated).ok());

  Buffer added = file;
  added.insert(added.end(), first, second);
  EXPECT_FALSE(OpenIt(added).ok());
}

TEST_F(SealedFile, AnEnvelopeCannotStandBeforeAnotherFilesChunks) {
  const Buffer one = Seal(Content(40));
  const Buffer other = Seal(Content(40));
  Buffer mixed(one.begin(), one.begin() + static_cast<std::ptrdiff_t>(HeaderSize(one)));
  mixed.insert(mixed.end(), other.begin() + static_cast<std::ptrdiff_t>(HeaderSize(other)), other.end());
  EXPECT_EQ(OpenIt(mixed).error().code(), ErrorCode::kCrypto);
}

TEST_F(SealedFile, OtherFilesAreToldApart) {
  EXPECT_FALSE(IsSealedFile(AsBytes("PROBSEA")));
  EXPECT_FALSE(IsSealedFile({}));
  EXPECT_EQ(OpenIt(AsBytes("PK\x03\x04 something else")).error().code(), ErrorCode::kInvalid);
  Buffer newer = Seal(AsBytes("x"));
  newer[11] = 2;
  EXPECT_EQ(OpenIt(newer).error().what(), "sealed file: version not known");
  EXPECT_EQ(SealFile({}, AsBytes("x"), random_).error().code(), ErrorCode::kInvalid);
}

}  // namespace
}  // namespace probatio::crypto
