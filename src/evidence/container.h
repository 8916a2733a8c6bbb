// ZIP containers: ours are canonical (docs/formats/evidence.md): mimetype first, every member stored, one
// fixed date, no extra fields, so the verifier re-derives the layout and even a date field is covered.
// Foreign ones are judged by content. Pure over bytes; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"

namespace probatio::evidence {

inline constexpr std::size_t kContainerBytesMax = 512U << 20;  // streamed containers come later
inline constexpr std::size_t kMembersMax = 1000;
inline constexpr std::size_t kMemberBytesMax = 256U << 20;  // after decompression
inline constexpr std::size_t kExpansionMax = 100;           // a larger ratio is a zip bomb

struct Member {
  std::string name;
  Buffer content;
};

// CHECKs that names are unique and that the first is "mimetype".
Result<Buffer> WriteContainer(std::span<const Member> members);

// kInvalid names the member: a duplicate, a path escape, encryption, a bomb, a damaged member.
Result<std::vector<Member>> ReadContainer(Bytes file);

// kCrypto "container: byte 1234, in the header of report.pdf, is not as written" when the file is not exactly
// what WriteContainer makes of its members.
Status CheckCanonical(Bytes file, std::span<const Member> members);

}  // namespace probatio::evidence
