// The names under which things lie in the box. Pure; thread-safe.
#pragma once

#include "seal/token.h"

namespace probatio::seal {

std::string BlockKey(const SegmentId& segment, const Token& token,
                     std::uint32_t position);                         // "block/<segment>/<token>/<n>"
std::string LeafIndexKey(const SegmentId& segment);                   // "leaves/<segment>/index"
std::string LeafPageKey(const SegmentId& segment, std::size_t page);  // "leaves/<segment>/<n>"
std::string WrappedKey(const SegmentId& segment);  // "wrapped/<segment>": the window key's wrapped shares
std::string SubjectKey(record::RecordClass record_class,
                       const SubjectHandle& handle);  // "subject/<class>/<handle>"

}  // namespace probatio::seal
