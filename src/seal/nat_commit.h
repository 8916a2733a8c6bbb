// Commitments of NAT rows, straight from rows: the same digests as CommitRows gives for their records, at a
// fraction of the cost, because the bytes of a shape's faces are laid out once and only the numbers that
// change from row to row are written into them. Pure; not thread-safe.
#pragma once

#include <memory>

#include "seal/commitment.h"
#include "seal/nat_row.h"

namespace probatio::seal {

class NatCommitter {
 public:
  explicit NatCommitter(const NatTables& tables) : tables_(tables) {}

  // Row-major, faces what, who, rest (record::FacesOf). `first_row` numbers the first row within its token.
  std::vector<crypto::Digest> Commit(std::span<const NatRow> rows, const Key& salt_key,
                                     std::uint64_t first_row);

 private:
  // What is hashed of a face (0x03 ‖ salt ‖ canonical bytes) with its padding, and where the changing numbers
  // stand in it; 0 for a number that the face does not have.
  struct Layout {
    Buffer padded;
    std::size_t size = 0;                                 // without padding
    std::size_t at = 0, address = 0, port = 0, last = 0;  // what
    std::size_t seq = 0, end = 0, end_seq = 0;            // rest
    void Take(Buffer hashed);
  };
  struct ShapeLayouts {
    Layout what;
    Layout rest;
  };
  class Hasher;

  ShapeLayouts& LayoutsOf(const NatRow& row);
  void FillWhat(const NatRow& row, const Salt& salt, const Layout& layout, std::uint8_t* face) const;
  void FillRest(const NatRow& row, const Salt& salt, const Layout& layout, std::uint8_t* face) const;
  Bytes WhoOf(const NatRow& row, const Salt& salt);

  const NatTables& tables_;
  std::vector<std::unique_ptr<ShapeLayouts>> layouts_;  // by 2 * shape, + 1 for an IPv6 public address
  Buffer who_;
};

}  // namespace probatio::seal
