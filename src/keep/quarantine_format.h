// Input that could not be read, as it is kept for a few days: sealed, so that nobody browses it
// (docs/formats/quarantine.md). The octets of its files, and what of an item may be shown. Pure; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "base/instant.h"
#include "crypto/sealed_box.h"
#include "keep/erasure_key.h"

namespace probatio::keep {

inline constexpr std::size_t kQuarantineItemBytesMax = 65'536;  // of its content and of its header, each
inline constexpr std::size_t kQuarantineTextBytesMax = 1'024;   // of each of its texts
inline constexpr std::size_t kQuarantineFileBytesMax = 256U << 20;

// A line, message or packet that could not be read.
struct QuarantineItem {
  Instant put_aside;
  std::string format;    // as `import --format` names it
  std::string source;    // the file or the exporter it came from
  std::string exporter;  // as it was to stand in its records; may be empty
  std::string reason;    // with its place in the source; holds no person and no address (base/result.h)
  Buffer content;
  Buffer header;                  // the file's first piece, of formats in which it names the columns
  std::uint64_t whole_bytes = 0;  // of the content before it was cut to the limit

  bool operator==(const QuarantineItem&) const = default;
};

// Texts, content and header are cut to their limits.
Buffer ItemBytes(const QuarantineItem& item);
Result<QuarantineItem> ParseItem(Bytes bytes);  // kInvalid for what ItemBytes would not have written

// A file holds the items of one process and one day. Its head seals a fresh key to the day's erasure key.
struct QuarantineHead {
  ErasureKeyName erasure_key;  // the day on which it must be gone is the key's
  Buffer sealed_key;
};
Buffer HeadBytes(const QuarantineHead& head);

struct QuarantineFrame {
  bool dropped = false;
  std::uint64_t offset = 0;  // in the file, of its state
  Bytes sealed;
};
struct QuarantineFile {
  QuarantineHead head;
  std::vector<QuarantineFrame> frames;  // views, in order
  std::uint64_t whole_bytes = 0;        // up to the end of the last frame; a crash may leave more
};
// kInvalid: no such file, or of a newer version. A last frame that is cut off is left out.
Result<QuarantineFile> ParseQuarantineFile(Bytes bytes);

inline constexpr std::size_t kFrameHeaderBytes = 5;  // state, length
Buffer FrameBytes(Bytes sealed);
Buffer DroppedFrame(std::size_t sealed_bytes);  // all of it zeros but its head

// Sealed to the day's public half, so that whoever puts aside need not keep what opens it.
Buffer SealFileKey(const Key& day_key, const std::string& file, const Key& file_key, Random& random);
Result<Key> OpenFileKey(const Key& day_key, const std::string& file, Bytes sealed);
Buffer SealItemOf(const Key& file_key, const std::string& file, std::uint32_t number,
                  const QuarantineItem& item, Random& random);
Result<QuarantineItem> OpenItemOf(const Key& file_key, const std::string& file, std::uint32_t number,
                                  Bytes sealed);

// The shape of a text without its data: a for each small letter, A for each capital, 9 for each digit, ? for
// any octet beyond ASCII; other marks stand. Of what is no text only its size is told.
std::string MaskedShape(Bytes content);

}  // namespace probatio::keep
