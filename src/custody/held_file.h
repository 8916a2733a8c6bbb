// A hold's sealed file (docs/formats/hold.md): the rows that one order covers, in a section for each record
// class under a key of its own, wrapped to that class's custodians. Whoever keeps the file reads its facts
// and nothing else; sections stand there, padded, for every class, so that the file does not tell in which
// something was found. Pure but for wrapping, which has the system's randomness; thread-safe.
#pragma once

#include <functional>
#include <map>

#include "custody/key_wrap.h"
#include "order/order.h"

namespace probatio::custody {

inline constexpr std::uint32_t kHeldVersion = 1;
inline constexpr std::size_t kHeldChunkBytes = 65'536;
inline constexpr std::size_t kHeldSectionBytesMax = 128U << 20;  // of content, before it is padded
inline constexpr std::size_t kHeldChunksMax = kHeldSectionBytesMax / kHeldChunkBytes + 1;
inline constexpr std::size_t kHeldFileBytesMax = 640U << 20;  // four largest sections and the header
inline constexpr std::size_t kHeldLinesMax = order::kOrderLinesMax;

// What the file says to anybody who has it.
struct HeldFacts {
  OrderId order;
  Instant extracted_at;
  std::uint64_t segments_searched = 0;
  std::vector<std::string> lines;  // the scope's lines that were looked up, found or not
};

struct HeldSection {
  record::RecordClass record_class = record::RecordClass::kActivity;
  Bytes wrapped;  // its key
  Bytes chunks;
};

// A file as its bytes say; views into them.
struct HeldFile {
  HeldFacts facts;
  std::vector<HeldSection> sections;  // one for each class, ascending
  crypto::Digest header{};
};

// What a section's key opens: of this order and this class, and no other.
Buffer HeldContext(const OrderId& order, record::RecordClass record_class);

struct SealedHold {
  Buffer file;
  std::map<record::RecordClass, Key> keys;  // to try the file once it is on disk; wiped with this object
};
// A class that `contents` lacks gets an empty section. kInvalid over a limit.
Result<SealedHold> SealHeld(const HeldFacts& facts, const std::map<record::RecordClass, Buffer>& contents,
                            const std::function<CustodianSet(record::RecordClass)>& set_for, Random& random);

// kInvalid for what is no hold's file, a newer version, a truncated one or another order's; kCrypto when it
// was altered. What a key tells is OpenHeldSection's business.
Result<HeldFile> ParseHeld(Bytes file, const OrderId& order);

// kCrypto when the key is another's, or header or chunks were altered.
Result<Secret> OpenHeldSection(const HeldFile& file, record::RecordClass record_class, const Key& key);

}  // namespace probatio::custody
