// The keys under which things lie in the box: binary and short, because a store repeats them for every block
// (docs/formats/window.md, "The box"). Pure; thread-safe.
#pragma once

#include "seal/token.h"

namespace probatio::seal {

// What a key names; its first octet. The contents of segments are nearly all of a store: an engine may keep
// them apart from the few entries of the other kinds.
enum class BoxKind : std::uint8_t {
  kContents = 1,  // of closed segments: blocks, pages of leaves, their index
  kWrapped = 2,   // window keys' wrapped shares
  kSubject = 3,   // subjects' wrapped private halves
};
std::string KindPrefix(BoxKind kind);

std::string BlockKey(const SegmentId& segment, const Token& token, std::uint32_t position);
std::string LeafPageKey(const SegmentId& segment, std::size_t page);
std::string LeafIndexKey(const SegmentId& segment);
std::string WrappedKey(const SegmentId& segment);
std::string SubjectKey(record::RecordClass record_class, const SubjectHandle& handle);

std::string SubjectsPrefix(record::RecordClass record_class);
Result<SubjectHandle> HandleInKey(std::string_view subject_key);

// The blocks of one segment and nothing else; in the order of the chain, (token, position).
std::string BlocksPrefix(const SegmentId& segment);
// All that the box holds of a closed segment but its wrapped key. No other segment's
// begins the same.
std::string ContentsPrefix(const SegmentId& segment);

// So many octets of a key say whose contents it is: kind, stream, begin, run. Entries that agree in them are
// written and erased together.
inline constexpr std::size_t kContentsPrefixBytes = 14;

// For messages: "block 3 of a token of segment ...", "the wrapped key of subject account/HANDLE". Never the
// token, which stands for a person inside its segment; a handle is random and stands for nobody elsewhere.
std::string DescribeKey(std::string_view key);

}  // namespace probatio::seal
