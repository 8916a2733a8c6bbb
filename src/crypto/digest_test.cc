#include "crypto/digest.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#include <thread>

namespace probatio::crypto {
namespace {

std::string Hex(const Digest& digest) {
  return ToHex(digest);
}

TEST(Sha256, GivesTheDigestsOfItsStandard) {
  EXPECT_EQ(Hex(Sha256(Bytes{})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hex(Sha256(AsBytes("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, IsOverTheConcatenationOfItsParts) {
  EXPECT_EQ(Sha256({AsBytes("a"), Bytes{}, AsBytes("bc")}), Sha256(AsBytes("abc")));
  EXPECT_NE(Sha256({AsBytes("a"), AsBytes("c")}), Sha256(AsBytes("abc")));
}

TEST(Sha256, MayBeUsedFromSeveralThreadsAtOnce) {
  const Buffer bytes(4096, 7);
  const Digest expected = Sha256(bytes);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) EXPECT_EQ(Sha256(bytes), expected);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// RFC 4231 test case 2, whose short key is padded with zeros to the block size, as any key is.
TEST(Hmac, GivesTheCodeOfItsStandardTimeAfterTime) {
  Buffer padded(Key::kSize, 0);
  std::copy_n(AsBytes("Jefe").begin(), 4, padded.begin());
  Hmac hmac{Key(padded)};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Hex(hmac.Compute({AsBytes("what do ya want "), AsBytes("for nothing?")})),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(Hex(hmac.Compute({Bytes{}})), Hex(Hmac(Key(padded)).Compute({})));
  }
}

TEST(Hmac, MovesWithItsKey) {
  Key key;
  Hmac first(key);
  const Digest expected = first.Compute({AsBytes("x")});
  Hmac second = std::move(first);
  EXPECT_EQ(second.Compute({AsBytes("x")}), expected);
}

// A second implementation of RFC 5869 as the judge: OpenSSL's.
Buffer OpenSslHkdf(const Key& key, std::string_view info) {
  EVP_PKEY_CTX* const context = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr);
  Buffer out(Key::kSize);
  std::size_t size = out.size();
  EXPECT_EQ(EVP_PKEY_derive_init(context), 1);
  EXPECT_EQ(EVP_PKEY_CTX_set_hkdf_md(context, EVP_sha256()), 1);
  EXPECT_EQ(EVP_PKEY_CTX_set1_hkdf_key(context, key.reveal().data(), static_cast<int>(key.reveal().size())),
            1);
  EXPECT_EQ(EVP_PKEY_CTX_add1_hkdf_info(context, AsBytes(info).data(), static_cast<int>(info.size())), 1);
  EXPECT_EQ(EVP_PKEY_derive(context, out.data(), &size), 1);
  EVP_PKEY_CTX_free(context);
  return out;
}

TEST(Hkdf, DerivesAsItsStandardSays) {
  const Key key(Buffer(Key::kSize, 0x0b));
  const Key derived = Hkdf(key, {AsBytes("window "), AsBytes("token")});
  EXPECT_EQ(ToBuffer(derived.reveal()), OpenSslHkdf(key, "window token"));
}

TEST(Hkdf, SeparatesUsesAndKeys) {
  const Key key(Buffer(Key::kSize, 1));
  const Key other(Buffer(Key::kSize, 2));
  EXPECT_FALSE(Equal(Hkdf(key, {AsBytes("a")}).reveal(), Hkdf(key, {AsBytes("b")}).reveal()));
  EXPECT_FALSE(Equal(Hkdf(key, {AsBytes("a")}).reveal(), Hkdf(other, {AsBytes("a")}).reveal()));
}

TEST(Equal, ComparesSizeAndEveryByte) {
  EXPECT_TRUE(Equal(Bytes{}, Bytes{}));
  EXPECT_TRUE(Equal(AsBytes("same"), AsBytes("same")));
  EXPECT_FALSE(Equal(AsBytes("same"), AsBytes("samf")));
  EXPECT_FALSE(Equal(AsBytes("same"), AsBytes("sam")));
}

}  // namespace
}  // namespace probatio::crypto
