// Erasure keys of single items: a password item must be destroyed at once when its next version arrives, and
// a key file for each would drown the vault. They lie as slots of one file in every folder of the vault, and
// a slot is destroyed by overwriting it there. A slot's life:
//   1. pending: durable in every folder before the item's entry is in the box;
//   2. live: its row is on disk. This write, in the deployment's own folder, is what makes the version the
//      latest one; only after it is the row acknowledged;
//   3. destroyed: superseded, past its retention, or never acknowledged.
// Whatever a crash leaves undone, Unsettled names (subjects.h settles it). Not thread-safe.
#pragma once

#include "keep/item_slot.h"
#include "keep/vault.h"

namespace probatio::keep {

inline constexpr char kItemKeysFile[] = "probatio-items";

class ItemKeys {
 public:
  explicit ItemKeys(Vault& vault) : vault_(vault) {}  // which outlives this

  struct Wanted {
    seal::SubjectHandle handle{};
    std::optional<std::uint32_t> supersedes;
  };
  // Fresh keys, pending, with numbers that follow each other; all of them durable in every folder, or an
  // error that names the folder.
  Result<std::vector<ItemSlot>> Make(std::span<const Wanted> wanted);
  Status Confirm(std::span<ItemSlot> made);  // what Make returned: live

  // kNotFound when it is destroyed. A slot that is damaged in one folder is read from the next.
  Result<Key> Read(std::uint32_t number) const;
  Result<ItemSlot> SlotOf(std::uint32_t number) const;
  // In every folder, the deployment's own last: until that one is done it counts as not done. May be
  // repeated.
  Vault::Destroyed Destroy(std::span<const std::uint32_t> numbers);

  struct Unsettled {
    std::vector<ItemSlot> unacknowledged;  // pending
    std::vector<ItemSlot> superseded;      // of which a live slot says so
    bool empty() const { return unacknowledged.empty() && superseded.empty(); }
  };
  // Since the last Settle. Without their keys.
  Result<Unsettled> FindUnsettled() const;
  Status Settle();  // from here on nothing earlier is looked at again

  // What is destroyed in one folder is destroyed in all: a replica that could not be reached, or came back
  // from a copy. A replica that lacks slots gets them. Returns how many slots that concerned, and what could
  // not be reached.
  Result<Vault::Destroyed> Repair();

 private:
  Result<std::uint32_t> Count(const std::string& folder) const;
  Result<std::vector<Buffer>> ReadSlots(const std::string& folder, std::uint32_t first,
                                        std::uint32_t count) const;
  Status WriteSlots(const std::string& folder, std::span<const ItemSlot> slots);
  Status Write(std::span<const ItemSlot> slots);
  Status Fill(const std::string& folder, std::uint32_t count);
  Result<std::uint32_t> ReadSettled() const;

  Vault& vault_;
};

Status CheckRoomForItems(std::uint32_t count, std::size_t wanted);  // kStorage beyond kItemKeysMax

}  // namespace probatio::keep
