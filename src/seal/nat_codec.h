// NAT rows of one public address as the bytes of a block, and back (docs/formats/block.md, layout 2). Written
// for these rows: what they share is said once, and each column has the code that its numbers call for. There
// is one encoding of a list of rows, and the reader refuses any other.
#pragma once

#include <memory>

#include "seal/nat_row.h"
#include "seal/row_codec.h"

namespace probatio::seal {

// What the texts of one block may come to when it is read: an exporter and a realm for each shape, a
// subscriber for each inside, each of them named by one row at least.
inline constexpr std::size_t kNatTextBytesMax = 12U << 20;

// Keeps its scratch from block to block: one object serves one thread.
class NatEncoder {
 public:
  NatEncoder();
  ~NatEncoder();
  NatEncoder(NatEncoder&&) noexcept;
  NatEncoder& operator=(NatEncoder&&) noexcept;

  // 1..kRowsPerBlockMax rows of one public address, ascending by (port, end_ns). CHECKs that, and that a
  // field which the row's shape does not have is zero.
  Buffer Encode(std::span<const NatRow> rows, const NatTables& tables);

 private:
  struct Scratch;
  std::unique_ptr<Scratch> scratch_;
};

Buffer EncodeNatRows(std::span<const NatRow> rows, const NatTables& tables);  // with an encoder of its own

struct NatRows {
  NatTables tables;
  std::vector<NatRow> rows;
};
// Every row. kInvalid for whatever the encoder would not have written.
Result<NatRows> DecodeNatRows(Bytes bytes);

// Some rows of a block, each with its place among all of them.
struct PlacedNatRows {
  NatTables tables;  // of these rows only
  std::vector<NatRow> rows;
  std::vector<std::uint16_t> places;  // ascending, parallel to rows
};
// What a look-up of a port needs: the rows that have this port, and every row of a port block, whose range
// may cover it. Reads no more of the block than that takes, and checks no more.
Result<PlacedNatRows> FindNatRows(Bytes bytes, std::uint16_t port);

}  // namespace probatio::seal
