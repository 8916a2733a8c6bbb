#include "seal/row_codec.h"

#include <gtest/gtest.h>
#include <zstd.h>

#include "seal/column.h"
#include "seal/test_rows.h"

namespace probatio::seal {
namespace {

using Rows = std::vector<record::Record>;

void ExpectRoundTrip(const Rows& rows) {
  const Result<Rows> read = DecodeRows(EncodeRows(rows));
  ASSERT_TRUE(read.ok()) << read.error().what();
  EXPECT_EQ(read.value(), rows);
}

// The bytes that a hostile or broken writer would make of these columns.
Buffer Packed(const Buffer& plain) {
  ByteWriter out;
  out.U8(1);
  out.U32(static_cast<std::uint32_t>(plain.size()));
  Buffer frame(ZSTD_compressBound(plain.size()));
  frame.resize(ZSTD_compress(frame.data(), frame.size(), plain.data(), plain.size(), 1));
  out.Raw(frame);
  return out.Take();
}

std::string WhatOf(const std::string& plain_hex) {
  return What(DecodeRows(Packed(FromHex(plain_hex).value())));
}

TEST(RowCodec, GivesBackEveryFieldOfEveryKind) {
  for (const record::Record& record : record::ExampleRecords()) ExpectRoundTrip({record});
}

TEST(RowCodec, GivesBackRowsThatLeaveFieldsOut) {
  record::NatEvent sparse;
  ExpectRoundTrip({sparse, SessionAt(7, 1), sparse, record::ExampleRecords()[0]});
  record::Account account;
  account.account = "u-1";
  ExpectRoundTrip({record::ExampleRecords()[3], account});
}

TEST(RowCodec, GivesBackNumbersAtTheirLimits) {
  record::NatEvent low = SessionAt(0, 0);
  low.origin.at.at = At("1678-01-01T00:00:00Z");
  low.origin.seq = 0;
  record::NatEvent high = SessionAt(0, 65'535);
  high.origin.at.at = At("2261-12-31T23:59:59.999999999Z");
  high.origin.seq = UINT64_MAX;
  high.inside_ip = IpAddress::Parse("2001:db8::1").value();
  ExpectRoundTrip({low, high, low, low, high});
}

TEST(RowCodec, HoldsAFullBlock) {
  Rows rows;
  for (std::size_t i = 0; i < kRowsPerBlockMax; ++i) {
    rows.emplace_back(SessionAt(static_cast<std::int64_t>(i), static_cast<std::uint16_t>(i * 7)));
  }
  ExpectRoundTrip(rows);
  EXPECT_LT(EncodeRows(rows).size(),
            12 * rows.size());  // far below the 119 octets of a row's canonical bytes
}

TEST(RowCodecDeathTest, StopsAtABlockThatIsEmptyTooFullOrOfTwoKinds) {
  EXPECT_DEATH(static_cast<void>(EncodeRows({})), "rows.empty");
  const Rows too_many(kRowsPerBlockMax + 1, SessionAt(0, 1));
  EXPECT_DEATH(static_cast<void>(EncodeRows(too_many)), "kRowsPerBlockMax");
  EXPECT_DEATH(static_cast<void>(EncodeRows(Rows{SessionAt(0, 1), MessageSent("a", "m")})), "KindOf");
}

TEST(DecodeRows, RefusesAnUnknownLayoutAndASizeOverTheLimitBeforeItAllocates) {
  EXPECT_EQ(What(DecodeRows({})), "rows: truncated at offset 0");
  EXPECT_EQ(What(DecodeRows(FromHex("02").value())), "rows: layout 2 is unknown");
  EXPECT_EQ(What(DecodeRows(FromHex("01ffffffff").value())),
            "rows: plain size of 4294967295, not 3 to 16777216");
  EXPECT_EQ(What(DecodeRows(FromHex("0101000000aabb").value())), "rows: not exactly one zstandard frame");
  EXPECT_EQ(What(DecodeRows(FromHex("0101000001aabb").value())),
            "rows: plain size of 16777217, not 3 to 16777216");
}

TEST(DecodeRows, RefusesAFrameThatIsNotWhatItsHeaderSays) {
  Buffer bytes = EncodeRows(Rows{SessionAt(0, 1)});
  Buffer longer = bytes;
  longer.push_back(0);
  EXPECT_EQ(What(DecodeRows(longer)), "rows: not exactly one zstandard frame");
  ++bytes[4];
  EXPECT_EQ(Code(DecodeRows(bytes)), ErrorCode::kInvalid);
  bytes[4] = static_cast<std::uint8_t>(bytes[4] - 2);
  EXPECT_EQ(Code(DecodeRows(bytes)), ErrorCode::kInvalid);
}

TEST(DecodeRows, NamesTheColumnAndTheOffset) {
  EXPECT_EQ(WhatOf("010000"), "rows: 0 rows, not 1 to 4096");
  EXPECT_EQ(WhatOf("011001"), "rows: 4097 rows, not 1 to 4096");
  EXPECT_EQ(WhatOf("010001"), "rows: row 0: record: at: missing before offset 2");
  EXPECT_EQ(WhatOf("0100010983"), "rows: column 9 (proto) at offset 3: form 131 is unknown");
  EXPECT_EQ(WhatOf("010001098103"), "rows: column 9 (proto) at offset 3: numbers of 3 octets");
  EXPECT_EQ(WhatOf("0100010981018004"),
            "rows: column 9 (proto) at offset 3: number over 1 octets before offset 8");
  EXPECT_EQ(WhatOf("010001098101ffffffffffffffffff02"),
            "rows: column 9 (proto) at offset 3: number over 64 bits before offset 16");
  EXPECT_EQ(WhatOf("0100010901000102"), "rows: column 9 (proto) at offset 3: no row has it");
  EXPECT_EQ(WhatOf("0100010901020102"),
            "rows: column 9 (proto) at offset 3: presence of row 1, where there are 1");
  EXPECT_EQ(WhatOf("010001098202"),
            "rows: column 9 (proto) at offset 3: dictionary of 2 entries before offset 6");
  EXPECT_EQ(WhatOf("010002098202000101000102"
                   "0002"),
            "rows: column 9 (proto) at offset 3: no dictionary entry 2 before offset 14");
  EXPECT_EQ(WhatOf("0100010981010c0981010c"), "rows: column 9 after column 9");
}

TEST(DecodeRows, RefusesADictionaryThatWouldGrowOverTheBlocksLimit) {
  // 4096 rows that all name one entry of 60 000 octets: a few hundred sealed octets, 245 MB of rows.
  ByteWriter plain;
  plain.U8(5);
  plain.U16(4096);
  plain.U8(36);
  plain.U8(0x82);
  plain.U8(1);
  plain.U16(60'000);
  plain.Raw(Buffer(60'000, 'a'));
  const Buffer bytes = Packed(plain.bytes());
  EXPECT_LT(bytes.size(), 1000U);
  EXPECT_EQ(What(DecodeRows(bytes)),
            "rows: column 36 (postal_address) at offset 3: rows over the block's limit");
}

TEST(RowAssembler, TakesRowsUpToItsLimitAndNoFurther) {
  RowAssembler rows(1, 1, 2 + 3 + 4);
  EXPECT_TRUE(rows.Append(0, 9, AsBytes("abcd")).ok());
  EXPECT_EQ(Code(rows.Append(0, 9, {})), ErrorCode::kInvalid);
}

TEST(DecodeRows, OfBytesWithAnyOctetChangedNeverCrashes) {
  const Rows rows{record::ExampleRecords()[0], SessionAt(3, 1), SessionAt(4, 1)};
  const Buffer bytes = EncodeRows(rows);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const std::uint8_t flip : std::initializer_list<std::uint8_t>{0x01, 0x80, 0xFF}) {
      Buffer altered = bytes;
      altered[i] ^= flip;
      const Result<Rows> read = DecodeRows(altered);
      if (!read.ok()) {
        EXPECT_EQ(read.error().code(), ErrorCode::kInvalid);
      }
    }
  }
}

}  // namespace
}  // namespace probatio::seal
