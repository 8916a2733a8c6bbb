#include "crypto/token_uri.h"

#include <gtest/gtest.h>

namespace probatio::crypto {
namespace {

std::string ErrorOf(std::string_view text) {
  const Result<TokenUri> uri = ParseTokenUri(text);
  return uri.ok() ? "read" : uri.error().what();
}

TEST(TokenUri, NamesModuleTokenAndKey) {
  const TokenUri uri =
      ParseTokenUri("pkcs11:token=custodian-1;object=share?module-path=/usr/lib/softhsm/libsofthsm2.so\n")
          .value();
  EXPECT_EQ(uri.module_path, "/usr/lib/softhsm/libsofthsm2.so");
  EXPECT_EQ(uri.key, "pkcs11:token=custodian-1;object=share");
  EXPECT_EQ(ErrorOf("pkcs11:serial=01;id=%02?module-path=/lib/card.so"), "read");
}

TEST(TokenUri, NeverHoldsThePin) {
  const std::string refused = "token uri: holds a PIN or where it lies; it is asked for apart";
  EXPECT_EQ(ErrorOf("pkcs11:token=a;object=b?module-path=/lib/card.so&pin-value=1234"), refused);
  EXPECT_EQ(ErrorOf("pkcs11:token=a;object=b?pin-source=/pin&module-path=/lib/card.so"), refused);
  EXPECT_EQ(ErrorOf("pkcs11:token=a;object=b;pin-value=1234?module-path=/lib/card.so"), refused);
}

TEST(TokenUri, LeavesNothingToChance) {
  EXPECT_EQ(ErrorOf("https://probatio.example"), "token uri: does not begin with 'pkcs11:' (RFC 7512)");
  EXPECT_EQ(ErrorOf("pkcs11:object=b?module-path=/lib/card.so"),
            "token uri: names no token (token=... or serial=...)");
  EXPECT_EQ(ErrorOf("pkcs11:token=a?module-path=/lib/card.so"),
            "token uri: names no key (object=... or id=...)");
  EXPECT_EQ(ErrorOf("pkcs11:token=a;object=b"), "token uri: names no module-path");
  EXPECT_EQ(ErrorOf("pkcs11:token=a;object=b?module-path=card.so"), "token uri: module-path is not absolute");
  EXPECT_EQ(ErrorOf("pkcs11:token=a;token=c;object=b?module-path=/lib/card.so"),
            "token uri: attribute 'token' stands twice");
  EXPECT_EQ(ErrorOf("pkcs11:token=;object=b?module-path=/lib/card.so"),
            "token uri: an attribute without name or value");
  EXPECT_EQ(ErrorOf("pkcs11:token=a;object=b?module-path=/lib/card.so&module-name=x"),
            "token uri: after '?' only module-path is known");
  EXPECT_EQ(ErrorOf("pkcs11:token=a;object=b?module-path=/lib/card.so\n\n"),
            "token uri: more than one line, or a character that must be written as %XX");
}

TEST(TokenUri, KeepsItsLimit) {
  std::string uri = "pkcs11:token=a;object=b?module-path=/";
  uri.append(kTokenUriBytesMax - uri.size(), 'x');
  EXPECT_EQ(ErrorOf(uri), "read");
  EXPECT_EQ(ErrorOf(uri + "x"), "token uri: longer than 1024 bytes");
}

}  // namespace
}  // namespace probatio::crypto
