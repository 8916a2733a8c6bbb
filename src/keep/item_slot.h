// One slot of the file of item keys (docs/formats/vault.md, "Item keys"): 64 octets, so that none straddles
// two sectors of a disk. Pure; thread-safe.
#pragma once

#include <optional>

#include "base/secret.h"
#include "seal/token.h"

namespace probatio::keep {

inline constexpr std::size_t kItemSlotBytes = 64;
inline constexpr std::uint32_t kItemKeysMax = 1U << 26;  // that one vault ever makes: a file of 4 GiB

enum class ItemState : std::uint8_t {
  kPending = 1,  // made; the row that it is for is not acknowledged yet
  kLive = 2,
  kDestroyed = 3,
};

struct ItemSlot {
  std::uint32_t number = 0;
  ItemState state = ItemState::kPending;
  seal::SubjectHandle handle{};             // of the item's entry in the box
  std::optional<std::uint32_t> supersedes;  // the slot of the version before
  Key key;                                  // zeros when destroyed
};

Buffer ItemSlotBytes(const ItemSlot& slot);
// kCrypto when it is damaged: a slot that nobody wrote, or half.
Result<ItemSlot> ParseItemSlot(Bytes bytes, std::uint32_t number);

}  // namespace probatio::keep
