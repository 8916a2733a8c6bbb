#include "seal/nat_sealer.h"

#include <algorithm>

#include "seal/block_form.h"

namespace probatio::seal {

NatSealer::NatSealer(const SegmentId& segment, const WindowKeys& keys, const NatTables& tables, bool padded,
                     Random& random)
    : segment_(segment),
      keys_(keys),
      tables_(tables),
      padded_(padded),
      nonces_(random),
      sealer_(nonces_),
      committer_(tables) {}

void NatSealer::Seal(const Token& token, const Token& next, std::span<const NatRow> rows,
                     std::vector<SealedBlock>* blocks) {
  CHECK(!rows.empty() && kTokenSentinel < token && token < next);
  const TokenKeys token_keys = keys_.KeysOf(token);
  std::uint32_t position = 0;
  while (!rows.empty()) {
    const std::span<const NatRow> part = rows.first(std::min(rows.size(), kRowsPerBlockMax));
    rows = rows.subspan(part.size());
    SealedBlock& block = blocks->emplace_back();
    block.leaf.token = token;
    block.leaf.position = position;
    block.leaf.last = rows.empty();
    block.leaf.next = next;
    block.leaf.faces_root = WideRoot(committer_.Commit(part, token_keys.salt, FirstRowOf(position)));
    const Secret plain = WindowPlain(encoder_.Encode(part, tables_), padded_);
    sealer_.SealTo(token_keys.block, plain.reveal(), BlockAssociatedData(segment_, block.leaf), &block.bytes);
    block.leaf.sealed_digest = crypto::Sha256(block.bytes);
    ++position;
  }
}

}  // namespace probatio::seal
