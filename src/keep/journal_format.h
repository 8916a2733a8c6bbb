// The bytes of a journal file: a header, then groups. One group is one Append: a group header (mark, body
// length, a digest over the batches' lengths and digests, a check over these), then each batch with its
// length. The group is the unit of what can be torn: a power cut may leave any pages of the last one, and
// only of the last one. Pure; thread-safe.
#pragma once

#include <vector>

#include "keep/journal_file.h"
#include "seal/journal.h"

namespace probatio::keep {

inline constexpr std::size_t kJournalAppendBytesMax =
    128U << 20;  // the batches of one Append, their lengths included

Buffer JournalHeaderBytes();

// What stands before the batches of a group, and before each of them. kInvalid over kJournalAppendBytesMax,
// or for a batch that is empty or over seal::kBatchBytesMax.
Result<Buffer> GroupHeaderBytes(std::span<const JournalBatch> batches);
Buffer BatchLengthBytes(const JournalBatch& batch);

// The batches of all whole groups. A last group that is incomplete or fails its check was never acknowledged
// and is left out; the same anywhere else is kStorage "damaged at offset 4096".
Result<std::vector<Buffer>> ParseJournal(Bytes file);

}  // namespace probatio::keep
