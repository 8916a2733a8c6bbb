// Layout 1 of a block's rows: version, plain size, one Zstandard frame; inside, kind, row count and the
// columns in ascending field number. Each column holds canonical octets, and a decoded row goes through
// record::ParseRecordBytes like any other: the codec itself need not know one field from another.
#include "seal/row_codec.h"

#include <fmt/format.h>
#include <zstd.h>

#include <map>
#include <memory>

#include "seal/column.h"

namespace probatio::seal {
namespace {

constexpr std::uint8_t kLayout = 1;
constexpr int kZstdLevel = 1;  // higher levels cost a fifth more and save nothing on such columns
constexpr std::size_t kPlainHeadBytes = 3;   // kind, row count
constexpr std::size_t kRecordHeadBytes = 2;  // kind, face

struct FreeCompressor {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

// Takes one row's canonical bytes apart; they were just made by RecordBytes, so they cannot be malformed.
void Spread(Bytes record, std::uint16_t row, std::map<std::uint8_t, Column>* columns) {
  ByteReader in(record.subspan(kRecordHeadBytes));
  while (in.remaining() > 0) {
    const std::uint8_t field = in.U8().value();
    const std::uint16_t size = record::ReadFieldLength(&in).value();
    Column& column = (*columns)[field];
    column.field = field;
    column.rows.push_back(row);
    column.values.push_back(in.Raw(size).value());
  }
}

std::vector<Buffer> CanonicalBytes(std::span<const record::Record> rows) {
  std::vector<Buffer> all;
  std::size_t size = 0;
  for (const record::Record& row : rows) {
    CHECK(record::KindOf(row) == record::KindOf(rows.front()));
    size += all.emplace_back(record::RecordBytes(row)).size();
  }
  CHECK(size <= kBlockRecordBytesMax);
  return all;
}

Buffer PlainColumns(std::span<const record::Record> rows) {
  const std::vector<Buffer> canonical = CanonicalBytes(rows);
  std::map<std::uint8_t, Column> columns;
  for (std::size_t row = 0; row < canonical.size(); ++row) {
    Spread(canonical[row], static_cast<std::uint16_t>(row), &columns);
  }
  ByteWriter out;
  out.U8(static_cast<std::uint8_t>(record::KindOf(rows.front())));
  out.U16(static_cast<std::uint16_t>(rows.size()));
  for (const auto& [field, column] : columns) WriteColumn(column, rows.size(), &out);
  return out.Take();
}

Buffer Compress(Bytes plain) {
  // Kept, because making one costs more than packing a small block.
  thread_local const std::unique_ptr<ZSTD_CCtx, FreeCompressor> context(ZSTD_createCCtx());
  CHECK(context != nullptr);
  Buffer frame(ZSTD_compressBound(plain.size()));
  const std::size_t size =
      ZSTD_compressCCtx(context.get(), frame.data(), frame.size(), plain.data(), plain.size(), kZstdLevel);
  CHECK(ZSTD_isError(size) == 0);
  frame.resize(size);
  return frame;
}

// `size` is what the block says; it is bounded before a byte is allocated, and the frame must agree with it.
Result<Buffer> Decompress(Bytes frame, std::size_t size) {
  if (size < kPlainHeadBytes || size > kBlockPlainBytesMax) {
    return Invalid(fmt::format("plain size of {}, not {} to {}", size, kPlainHeadBytes, kBlockPlainBytesMax));
  }
  if (ZSTD_findFrameCompressedSize(frame.data(), frame.size()) != frame.size()) {
    return Invalid("not exactly one zstandard frame");
  }
  Buffer plain(size);
  const std::size_t written = ZSTD_decompress(plain.data(), plain.size(), frame.data(), frame.size());
  if (ZSTD_isError(written) != 0) return Invalid(fmt::format("zstandard: {}", ZSTD_getErrorName(written)));
  if (written != size) return Invalid(fmt::format("{} bytes after decompression, not {}", written, size));
  return plain;
}

Status ReadColumns(ByteReader* in, RowAssembler* rows) {
  std::uint8_t before = 0;
  while (in->remaining() > 0) {
    const std::uint8_t field = TRY(ReadColumn(in, rows));
    if (field <= before) return Invalid(fmt::format("column {} after column {}", field, before));
    before = field;
  }
  return Done{};
}

Result<std::vector<record::Record>> ParseRows(std::span<const Buffer> canonical) {
  std::vector<record::Record> rows;
  rows.reserve(canonical.size());
  for (std::size_t row = 0; row < canonical.size(); ++row) {
    record::Record parsed = TRY_IN(fmt::format("row {}", row), record::ParseRecordBytes(canonical[row]));
    rows.push_back(std::move(parsed));
  }
  return rows;
}

Result<std::vector<record::Record>> DecodeLayout(Bytes bytes) {
  ByteReader in(bytes);
  const std::uint8_t layout = TRY(in.U8());
  if (layout != kLayout) return Invalid(fmt::format("layout {} is unknown", layout));
  const std::uint32_t plain_size = TRY(in.U32());
  const Buffer plain = TRY(Decompress(bytes.subspan(in.offset()), plain_size));
  ByteReader columns(plain);
  const std::uint8_t kind = TRY(columns.U8());
  const std::uint16_t count = TRY(columns.U16());
  if (count == 0 || count > kRowsPerBlockMax)
    return Invalid(fmt::format("{} rows, not 1 to {}", count, kRowsPerBlockMax));
  RowAssembler rows(kind, count, kBlockRecordBytesMax);
  TRY(ReadColumns(&columns, &rows));
  return ParseRows(rows.rows());
}

}  // namespace

Buffer EncodeRows(std::span<const record::Record> rows) {
  CHECK(!rows.empty() && rows.size() <= kRowsPerBlockMax);
  const Buffer plain = PlainColumns(rows);
  CHECK(plain.size() <= kBlockPlainBytesMax);  // columns take at most an eighth more than canonical bytes
  ByteWriter out;
  out.U8(kLayout);
  out.U32(static_cast<std::uint32_t>(plain.size()));
  out.Raw(Compress(plain));
  return out.Take();
}

Result<std::vector<record::Record>> DecodeRows(Bytes bytes) {
  return TRY_IN("rows", DecodeLayout(bytes));
}

}  // namespace probatio::seal
