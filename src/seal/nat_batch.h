// Journal batches of NAT events (docs/formats/journal.md). There are many of them and each is short, so a
// fragment holds rows in a form of its own instead of whole records, and what a token needs is derived once
// for the life of the segment.
#pragma once

#include <unordered_map>

#include "crypto/aead.h"
#include "seal/journal.h"
#include "seal/nat_groups.h"

namespace probatio::seal {

// Journals the events of one segment. Not thread-safe.
class NatJournal {
 public:
  NatJournal(SegmentId segment, Stream stream, const WindowKeys& keys, Random& random);

  // Rows of one event each, or imported ones that are create and delete, by GroupNatRows. Advances `head`.
  // kInvalid when the batch would pass kBatchBytesMax; `head` is unchanged then.
  Result<Buffer> Seal(std::span<const NatRow> rows, const NatTables& tables, JournalHead* head);
  std::size_t tokens() const { return tokens_.size(); }

 private:
  struct TokenEntry {
    Token token{};
    Key block;
  };
  const TokenEntry& EntryOf(const NatGroup& group, const NatTables& tables);

  SegmentId segment_;
  Stream stream_;
  const WindowKeys& keys_;
  Random& random_;
  std::unordered_map<std::uint64_t, TokenEntry> tokens_;  // by NatGroup::key
};

// The rows of a fragment as events. `shapes` are those of the batch's index.
Result<std::vector<record::Record>> ParseNatFragment(Bytes bytes, std::span<const record::NatEvent> shapes);

}  // namespace probatio::seal
