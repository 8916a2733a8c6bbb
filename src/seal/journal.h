// Journal batches: what makes an acknowledged record durable until its segment is closed
// (docs/formats/journal.md). Each batch carries the digest of the batch before it; inside, a sealed sorted
// list of its tokens, then one sealed fragment per token under that token's own key: a dead segment can be
// searched batch by batch without its window key. Pure; thread-safe.
#pragma once

#include "seal/segment.h"

namespace probatio::seal {

inline constexpr std::size_t kBatchBytesMax = 64U << 20;

struct JournalHead {
  std::uint64_t batches = 0;
  crypto::Digest digest{};  // of the last batch's bytes; zero before the first
  bool operator==(const JournalHead&) const = default;
};

// Seals one batch of records of one segment and advances `head`. For subject streams `subjects` is parallel
// to `records` (CHECKed), for window streams it is empty. kInvalid names the record that cannot be filed, or
// says that the batch is empty or over kBatchBytesMax; `head` is unchanged then.
Result<Buffer> SealBatch(const SegmentId& segment, WindowKeys& keys, std::span<const record::Record> records,
                         std::span<const SubjectPublic> subjects, JournalHead* head, Random& random);

// The clear part of a batch: whose it is and its place in the chain.
struct BatchHeader {
  SegmentId segment;
  std::uint64_t number = 0;  // 0, 1, ... within the segment
  crypto::Digest before{};   // digest of the batch before
};
Result<BatchHeader> ReadBatchHeader(Bytes batch);

// The rows under one token, from batches in order. Checks the whole chain against `head` first: kStorage
// "journal: batch 3 is missing", kCrypto when a batch or fragment was altered. An empty result is a proven
// miss in this segment.
Result<std::vector<record::Record>> SearchJournal(const SegmentId& segment, std::span<const Buffer> batches,
                                                  const JournalHead& head, const Key& index_key,
                                                  const Token& token, const TokenKeys& keys);
Result<std::vector<record::Record>> SearchSubjectJournal(const SegmentId& segment,
                                                         std::span<const Buffer> batches,
                                                         const JournalHead& head, const Key& index_key,
                                                         const Token& token, const Key& subject_private_key);

}  // namespace probatio::seal
