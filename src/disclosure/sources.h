// What the rows of a disclosure came from, in the words of order/source.h. Pure; thread-safe.
#pragma once

#include "evidence/disclosure_document.h"
#include "seal/directory.h"

namespace probatio::disclosure {

// One for each stream and exporter; a line that found nothing is one that any fault in its period touches.
std::vector<order::Source> SourcesOf(const evidence::Disclosure& disclosure,
                                     const seal::SegmentDirectory& directory);

}  // namespace probatio::disclosure
