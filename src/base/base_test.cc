#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/id.h"
#include "base/instant.h"
#include "base/ip_address.h"
#include "base/secret.h"
#include "base/utf8.h"

namespace probatio {
namespace {

TEST(Instant, ReadsRfc3339WithAnyZoneAndPrintsUtc) {
  EXPECT_EQ(Instant::ParseRfc3339("2024-11-12T15:37:20+01:00").value().ToRfc3339(), "2024-11-12T14:37:20Z");
  EXPECT_EQ(Instant::ParseRfc3339("2024-10-21T08:14:03.25Z").value().ToRfc3339(), "2024-10-21T08:14:03.250Z");
  EXPECT_EQ(Instant::ParseRfc3339("1969-12-31T23:59:59.000000001Z").value().ToRfc3339(),
            "1969-12-31T23:59:59.000000001Z");
}

TEST(Instant, RefusesATextWithoutZoneOrWithoutSuchADay) {
  for (const char* text :
       {"2024-11-12T15:37:20", "2024-02-30T00:00:00Z", "2024-11-12T24:00:00Z", "2024-11-12",
        "2024-11-12T15:37:20+1:00", "1600-01-01T00:00:00Z", "2024-11-12T15:37:20.Z",
        "2024-11-12T15:37:20.1234567890Z", "2024-11-12T15:37:20Zx", ""}) {
    EXPECT_FALSE(Instant::ParseRfc3339(text).ok()) << text;
  }
}

TEST(Base64, RoundTripsAndRefusesWhatIsNotCanonical) {
  for (std::size_t size = 0; size < 40; ++size) {
    Buffer bytes(size, 0);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 37 + size);
    EXPECT_EQ(FromBase64(ToBase64(bytes)).value(), bytes);
    EXPECT_EQ(FromHex(ToHex(bytes)).value(), bytes);
  }
  EXPECT_EQ(ToBase64(AsBytes("foob")), "Zm9vYg==");
  for (const char* text : {"Zm9vYg=", "Zm9vYh==", "Zm9v Yg=", "=m9v", "Zm=v"})
    EXPECT_FALSE(FromBase64(text).ok()) << text;
}

TEST(ByteReader, NamesTheOffsetWhereBytesEnd) {
  const Buffer bytes{0, 0, 0, 9, 1};
  ByteReader reader(bytes);
  const auto field = reader.Field();
  ASSERT_FALSE(field.ok());
  EXPECT_EQ(field.error().what(), "truncated at offset 4");
}

TEST(IpAddress, ReadsAndPrintsBothFamilies) {
  EXPECT_EQ(IpAddress::Parse("203.0.113.7").value().ToText(), "203.0.113.7");
  EXPECT_EQ(IpAddress::Parse("2001:DB8::0:1").value().ToText(), "2001:db8::1");
  EXPECT_EQ(IpAddress::V4(0xC0000201).ToText(), "192.0.2.1");
  for (const char* text :
       {"203.0.113", "203.0.113.256", "2001:db8::1%eth0", "[2001:db8::1]", "203.0.113.7:80", ""}) {
    EXPECT_FALSE(IpAddress::Parse(text).ok()) << text;
  }
}

TEST(Id, HasALimitAndAPlainAlphabet) {
  EXPECT_TRUE(OrderId::Parse(std::string(kIdBytesMax, 'a')).ok());
  EXPECT_FALSE(OrderId::Parse(std::string(kIdBytesMax + 1, 'a')).ok());
  for (const char* text : {"", "../x", ".x", "a b", "a/b"}) EXPECT_FALSE(OrderId::Parse(text).ok()) << text;
}

TEST(Text, MustBeUtf8WithoutControlCharacters) {
  EXPECT_TRUE(CheckText("Élodie Lefèvre — Łódź 𝄞\n").ok());
  for (const std::string_view text :
       {"\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "a\x1Bz", "\xE2\x82", "a\x7F"}) {
    EXPECT_FALSE(CheckText(text).ok());
  }
  EXPECT_FALSE(CheckText(std::string_view("a\0b", 3)).ok());
}

TEST(Key, IsEmptyAfterItWasMovedFrom) {
  Key key(Buffer(Key::kSize, 7));
  const Key taken = std::move(key);
  EXPECT_EQ(taken.reveal()[0], 7);
  EXPECT_EQ(key.reveal()[0], 0);  // NOLINT(bugprone-use-after-move): that it is wiped is what we test
}

TEST(CheckDeathTest, StaysOnAndNamesTheExpression) {
  EXPECT_DEATH(CHECK(1 == 2), "1 == 2");
}

}  // namespace
}  // namespace probatio
