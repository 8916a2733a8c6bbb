// How far the files of a watched folder are read and durable: a small file that survives a crash
// (docs/formats/positions.md). A file is known by its octets up to there, whatever its name. Values; the
// octets are pure, the two functions at the end do I/O.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/instant.h"

namespace probatio::collect {

inline constexpr std::size_t kFileHeadBytesMax = 1'024;  // of a beginning by which a file is known
inline constexpr std::size_t kPositionsMax = 65'536;
inline constexpr std::size_t kPositionsBytesMax = 16U << 20;

struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t head_bytes = 0;  // up to kFileHeadBytesMax, as many as there were
  std::uint64_t head_sum = 0;
  bool operator==(const FileIdentity&) const = default;
};
// FNV-1a, going on from the sum of what stands before: tells files apart, and protects from nobody.
inline constexpr std::uint64_t kOctetSumBegin = 0xCBF2'9CE4'8422'2325U;
std::uint64_t OctetSum(Bytes octets, std::uint64_t before = kOctetSumBegin);

struct FilePosition {
  FileIdentity file;
  std::uint64_t offset = 0;            // everything before it is durable
  std::uint64_t sum = kOctetSumBegin;  // OctetSum of everything before it
  Instant seen;                        // in the folder, last; to the second
  bool operator==(const FilePosition&) const = default;
};

std::string PositionsText(const std::vector<FilePosition>& positions);
Result<std::vector<FilePosition>> ParsePositions(std::string_view text);  // kInvalid names the line

// None where there is no file yet.
Result<std::vector<FilePosition>> ReadPositions(const std::string& path);
// Written beside, synced, renamed into place: a reader sees the positions from before or these.
Status WritePositions(const std::string& path, const std::vector<FilePosition>& positions);

}  // namespace probatio::collect
