// Looks into one sealed journal batch, whose place in the chain is not looked at: the station is handed the
// one batch that holds the row a look-up rests on, not the whole journal. Pure; thread-safe.
#pragma once

#include "seal/journal.h"

namespace probatio::custody {

// The rows of one token in one batch of a window stream. kCrypto when the batch is of another segment or was
// altered.
Result<std::vector<record::Record>> SearchBatch(const SegmentId& segment, Bytes batch, const Key& index_key,
                                                const seal::Token& token, const seal::TokenKeys& keys);

// Does the segment's own key find exactly this record in the batch, under one of the selectors by which it is
// filed? kDenied when not. Only who held the segment's key while it was open can have put it there.
Status CheckRowInBatch(const SegmentId& segment, Bytes batch, seal::WindowKeys& keys,
                       const record::Record& record);

}  // namespace probatio::custody
