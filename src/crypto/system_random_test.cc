#include "crypto/system_random.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "crypto/digest.h"

namespace probatio::crypto {
namespace {

TEST(SystemRandom, DoesNotRepeatItself) {
  SystemRandom random;
  std::set<Buffer> seen;
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(seen.insert(ToBuffer(RandomKey(random).reveal())).second);
  random.Fill({});
}

TEST(SeededRandom, RepeatsFromItsSeedAndDiffersBetweenSeeds) {
  SeededRandom first(7);
  SeededRandom again(7);
  SeededRandom other(8);
  for (const std::size_t size : {1U, 31U, 32U, 33U, 100U}) {
    Buffer a(size);
    Buffer b(size);
    Buffer c(size);
    first.Fill(a);
    again.Fill(b);
    other.Fill(c);
    EXPECT_EQ(a, b);
    EXPECT_NE(a, c);
  }
}

TEST(SeededRandom, NeverGivesTwoThreadsTheSameBytes) {
  SeededRandom random(1);
  std::vector<std::vector<Buffer>> drawn(4);
  std::vector<std::thread> threads;
  for (std::vector<Buffer>& mine : drawn) {
    threads.emplace_back([&mine, &random] {
      for (int i = 0; i < 500; ++i) {
        Buffer bytes(40);
        random.Fill(bytes);
        mine.push_back(bytes);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<Buffer> all;
  for (const std::vector<Buffer>& each : drawn) all.insert(each.begin(), each.end());
  EXPECT_EQ(all.size(), 2000U);
}

TEST(BufferedRandom, HandsOutEachByteOnce) {
  SeededRandom source(3);
  BufferedRandom buffered(source);
  std::set<std::string> seen;
  for (int i = 0; i < 2000; ++i) {
    std::array<std::uint8_t, 12> nonce{};
    buffered.Fill(nonce);
    EXPECT_TRUE(seen.insert(ToHex(nonce)).second);
  }
  Buffer large(10'000);
  buffered.Fill(large);
  EXPECT_EQ(seen.count(ToHex(Bytes(large).first(12))), 0U);
}

}  // namespace
}  // namespace probatio::crypto
