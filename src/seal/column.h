// One column of a block: the values of one field over the rows that have it (docs/formats/block.md). Values
// are the octets that record::RecordBytes writes, so that what is read back is, octet for octet, what was
// committed to. Used by row_codec.cc only. Pure; thread-safe.
#pragma once

#include <vector>

#include "base/bytes.h"

namespace probatio::seal {

// The values of one field, in row order; `rows` and `values` are parallel, ascending and not empty.
struct Column {
  std::uint8_t field = 0;
  std::vector<std::uint16_t> rows;
  std::vector<Bytes> values;  // views of the rows' canonical bytes
};

void WriteColumn(const Column& column, std::size_t row_count, ByteWriter* out);

// Puts rows together again, field by field, as canonical bytes. Refuses more than `bytes_max` in all: a few
// octets of dictionary could otherwise stand for gigabytes.
class RowAssembler {
 public:
  RowAssembler(std::uint8_t kind, std::size_t row_count, std::size_t bytes_max);

  std::size_t row_count() const { return rows_.size(); }
  const std::vector<Buffer>& rows() const { return rows_; }
  Status Append(std::size_t row, std::uint8_t field, Bytes value);  // kInvalid over the limit

 private:
  std::vector<Buffer> rows_;
  std::size_t bytes_left_;
};

// Reads one column into the rows; returns its field. kInvalid names column and offset.
Result<std::uint8_t> ReadColumn(ByteReader* in, RowAssembler* rows);

}  // namespace probatio::seal
