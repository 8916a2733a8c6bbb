#include "keep/item_slot.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "crypto/digest.h"

namespace probatio::keep {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kCheckedBytes = 1 + sizeof(seal::SubjectHandle) + 4 + Key::kSize;
constexpr std::size_t kCheckBytes = kItemSlotBytes - kCheckedBytes;
static_assert(kCheckBytes >= 8);

// Bound to the number, so that a slot that lies in another's place is damaged.
Buffer CheckOf(Bytes checked, std::uint32_t number) {
  ByteWriter place;
  place.U32(number);
  const crypto::Digest digest = crypto::Sha256({AsBytes("probatio/item-slot/1"), place.bytes(), checked});
  return {digest.begin(), digest.begin() + kCheckBytes};
}

}  // namespace

Buffer ItemSlotBytes(const ItemSlot& slot) {
  ByteWriter out;
  out.U8(static_cast<std::uint8_t>(slot.state));
  out.Raw(slot.handle);
  out.U32(slot.supersedes.value_or(kNone));
  out.Raw(slot.key.reveal());
  out.Raw(CheckOf(out.bytes(), slot.number));
  return out.Take();
}

Result<ItemSlot> ParseItemSlot(Bytes bytes, std::uint32_t number) {
  CHECK(bytes.size() == kItemSlotBytes);
  const Buffer check = CheckOf(bytes.first(kCheckedBytes), number);
  const bool known = bytes[0] >= static_cast<std::uint8_t>(ItemState::kPending) &&
                     bytes[0] <= static_cast<std::uint8_t>(ItemState::kDestroyed);
  if (!known || !std::equal(check.begin(), check.end(), bytes.begin() + kCheckedBytes)) {
    return CryptoError(fmt::format("item key {}: damaged", number));
  }
  ItemSlot slot;
  slot.number = number;
  slot.state = static_cast<ItemState>(bytes[0]);
  std::copy_n(bytes.begin() + 1, slot.handle.size(), slot.handle.begin());
  bytes = bytes.subspan(1 + slot.handle.size());
  const std::uint32_t supersedes = Be32(bytes);
  if (supersedes != kNone) slot.supersedes = supersedes;
  slot.key = Key(bytes.subspan(4, Key::kSize));
  return slot;
}

}  // namespace probatio::keep
