// Opening a block: the box's bytes are checked before they are opened, what they hold before it is returned.
#include "seal/block.h"

#include "seal/block_form.h"

namespace probatio::seal {
namespace {

Status CheckSealedDigest(const BlockLeaf& leaf, Bytes sealed) {
  const crypto::Digest digest = crypto::Sha256(sealed);
  if (!crypto::Equal(digest, leaf.sealed_digest)) return CryptoError("sealed digest is not the leaf's");
  return Done{};
}

Result<OpenedBlock> OpenRows(const BlockLeaf& leaf, const Key& salt_key, Bytes plain) {
  const Bytes rows = TRY(RowsOfPlain(plain));
  OpenedBlock block;
  block.rows = TRY(DecodeRows(rows));
  const std::uint64_t first_row = FirstRowOf(leaf.position);
  block.salts =
      SaltsOf(salt_key, first_row, block.rows.size(), record::FacesOf(record::KindOf(block.rows.front())));
  block.commitments = CommitRows(block.rows, salt_key, first_row);
  if (!crypto::Equal(WideRoot(block.commitments), leaf.faces_root)) {
    return CryptoError("faces root is not the leaf's");
  }
  return block;
}

Result<OpenedBlock> OpenWindow(const SegmentId& segment, const BlockLeaf& leaf, const TokenKeys& keys,
                               Bytes sealed) {
  TRY(CheckSealedDigest(leaf, sealed));
  const Secret plain = TRY(crypto::Open(keys.block, sealed, BlockAssociatedData(segment, leaf)));
  return OpenRows(leaf, keys.salt, plain.reveal());
}

Result<OpenedBlock> OpenSubject(const SegmentId& segment, const BlockLeaf& leaf, const Key& private_key,
                                Bytes sealed) {
  TRY(CheckSealedDigest(leaf, sealed));
  const Secret plain = TRY(crypto::OpenWith(private_key, sealed, BlockAssociatedData(segment, leaf)));
  if (plain.reveal().size() < Key::kSize) return Invalid("too short for a salt key");
  const Key salt_key(plain.reveal().first(Key::kSize));
  return OpenRows(leaf, salt_key, plain.reveal().subspan(Key::kSize));
}

}  // namespace

Result<OpenedBlock> OpenBlock(const SegmentId& segment, const BlockLeaf& leaf, const TokenKeys& keys,
                              Bytes sealed) {
  return TRY_IN("block", OpenWindow(segment, leaf, keys, sealed));
}

Result<OpenedBlock> OpenSubjectBlock(const SegmentId& segment, const BlockLeaf& leaf,
                                     const Key& subject_private_key, Bytes sealed) {
  return TRY_IN("block", OpenSubject(segment, leaf, subject_private_key, sealed));
}

}  // namespace probatio::seal
