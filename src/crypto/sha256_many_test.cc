// Many messages at once have the digests that each has alone.
#include "crypto/sha256_many.h"

#include <gtest/gtest.h>

#include "crypto/system_random.h"

namespace probatio::crypto {
namespace {

TEST(Sha256Many, GivesEachMessageItsOwnDigest) {
  SeededRandom random(7);
  for (const std::size_t size : {0U, 1U, 54U, 55U, 56U, 63U, 64U, 119U, 120U, 1025U}) {
    for (const std::size_t count : {0U, 1U, 2U, 3U, 8U}) {
      const std::size_t room = Sha256Blocks(size) * kSha256Block;
      Buffer padded(room * count);
      random.Fill(padded);
      std::vector<Digest> expected;
      for (std::size_t i = 0; i < count; ++i) {
        const std::span<std::uint8_t> message = std::span(padded).subspan(i * room, room);
        PadSha256(size, message);
        expected.push_back(Sha256(Bytes(message.first(size))));
      }
      std::vector<Digest> digests(count);
      Sha256Many(padded, Sha256Blocks(size), digests);
      EXPECT_EQ(digests, expected) << size << " octets, " << count << " messages";
    }
  }
}

TEST(Sha256Many, NeedsASecondBlockFromFiftySixOctets) {
  EXPECT_EQ(Sha256Blocks(kSha256OneBlockMax), 1U);
  EXPECT_EQ(Sha256Blocks(kSha256OneBlockMax + 1), 2U);
}

}  // namespace
}  // namespace probatio::crypto
