// Seals the sorted NAT rows of one segment, token by token. Several threads may seal one segment, each with a
// sealer of its own over the same keys and tables. Pure; not thread-safe.
#pragma once

#include "crypto/aead.h"
#include "crypto/system_random.h"
#include "seal/block.h"
#include "seal/nat_codec.h"
#include "seal/nat_commit.h"

namespace probatio::seal {

struct SealedBlock {
  BlockLeaf leaf;
  Buffer bytes;
};

class NatSealer {
 public:
  // `padded`: block sizes are filled up, so that they show less of how busy a token is
  // (docs/threat-model.md).
  NatSealer(const SegmentId& segment, const WindowKeys& keys, const NatTables& tables, bool padded,
            Random& random);

  // The blocks of one token, in order; `rows` are sorted by SortNatRows and not empty.
  void Seal(const Token& token, const Token& next, std::span<const NatRow> rows,
            std::vector<SealedBlock>* blocks);

 private:
  const SegmentId& segment_;
  const WindowKeys& keys_;
  const NatTables& tables_;
  bool padded_;
  crypto::BufferedRandom nonces_;
  crypto::Sealer sealer_;
  NatEncoder encoder_;
  NatCommitter committer_;
};

}  // namespace probatio::seal
