// Opening a block: the box's bytes are checked before they are opened, what they hold before it is proved.
#include "seal/block.h"

#include "seal/block_form.h"

namespace probatio::seal {
namespace {

Status CheckSealedDigest(const BlockLeaf& leaf, Bytes sealed) {
  const crypto::Digest digest = crypto::Sha256(sealed);
  if (!crypto::Equal(digest, leaf.sealed_digest)) return CryptoError("sealed digest is not the leaf's");
  return Done{};
}

Result<Secret> OpenWindow(const SegmentId& segment, const BlockLeaf& leaf, const Key& key, Bytes sealed) {
  TRY(CheckSealedDigest(leaf, sealed));
  return crypto::Open(key, sealed, BlockAssociatedData(segment, leaf));
}

// The salt key of a subject's block lies inside it.
Result<Secret> OpenSubject(const SegmentId& segment, const BlockLeaf& leaf, const Key& private_key,
                           Bytes sealed) {
  TRY(CheckSealedDigest(leaf, sealed));
  Secret plain = TRY(crypto::OpenWith(private_key, sealed, BlockAssociatedData(segment, leaf)));
  if (plain.reveal().size() < Key::kSize) return Invalid("too short for a salt key");
  return plain;
}

Result<OpenedBlock> CommitTo(Bytes packed, const Key& salt_key, const BlockLeaf& leaf) {
  const std::uint64_t first_row = FirstRowOf(leaf.position);
  CommittedRows committed = TRY(CommitAll(packed, salt_key, first_row));
  OpenedBlock block;
  block.rows = std::move(committed.rows);
  block.salts =
      SaltsOf(salt_key, first_row, block.rows.size(), record::FacesOf(record::KindOf(block.rows.front())));
  block.commitments = std::move(committed.commitments);
  if (!crypto::Equal(WideRoot(block.commitments), leaf.faces_root)) {
    return CryptoError("faces root is not the leaf's");
  }
  return block;
}

}  // namespace

Result<UnsealedBlock> UnsealBlock(const SegmentId& segment, const BlockLeaf& leaf, const TokenKeys& keys,
                                  Bytes sealed) {
  Secret plain = TRY_IN("block", OpenWindow(segment, leaf, keys.block, sealed));
  const Bytes rows = TRY_IN("block", RowsOfPlain(plain.reveal()));
  return UnsealedBlock(leaf, keys.salt.Clone(), std::move(plain), rows);
}

Result<UnsealedBlock> UnsealSubjectBlock(const SegmentId& segment, const BlockLeaf& leaf,
                                         const Key& subject_private_key, Bytes sealed) {
  Secret plain = TRY_IN("block", OpenSubject(segment, leaf, subject_private_key, sealed));
  const Bytes bytes = plain.reveal();
  const Bytes rows = TRY_IN("block", RowsOfPlain(bytes.subspan(Key::kSize)));
  return UnsealedBlock(leaf, Key(bytes.first(Key::kSize)), std::move(plain), rows);
}

Result<std::vector<PlacedRow>> UnsealedBlock::Find(const RowHint& hint) const {
  return TRY_IN("block", FindRows(rows_, hint));
}

Result<OpenedBlock> UnsealedBlock::Commit() const {
  return TRY_IN("block", CommitTo(rows_, salt_key_, leaf_));
}

Result<OpenedBlock> OpenBlock(const SegmentId& segment, const BlockLeaf& leaf, const TokenKeys& keys,
                              Bytes sealed) {
  const UnsealedBlock block = TRY(UnsealBlock(segment, leaf, keys, sealed));
  return block.Commit();
}

Result<OpenedBlock> OpenSubjectBlock(const SegmentId& segment, const BlockLeaf& leaf,
                                     const Key& subject_private_key, Bytes sealed) {
  const UnsealedBlock block = TRY(UnsealSubjectBlock(segment, leaf, subject_private_key, sealed));
  return block.Commit();
}

}  // namespace probatio::seal
