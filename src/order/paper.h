// What a paper bears, and how long one that only preserves does so. Pure; thread-safe.
#pragma once

#include "order/assessment.h"

namespace probatio::order {

// Each mention that the regime wants of the instrument, and whether the transcription says that it is there.
std::vector<MentionAssessment> MentionsOf(const Order& order);

// From receipt; a confirmation that production was ordered keeps the data as long as needed.
std::optional<Preservation> PreservationBy(const Order& order, const law::Instrument* instrument,
                                           const law::Facts& facts);

}  // namespace probatio::order
