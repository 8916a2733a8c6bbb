// The file: a head of 64 octets (magic, version, how many slots are settled), then the slots.
#include "keep/item_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "crypto/system_random.h"
#include "keep/vault_file.h"

namespace probatio::keep {
namespace {

constexpr std::string_view kMagic = "PRBITEMS";
constexpr std::uint16_t kVersion = 1;
constexpr std::size_t kHeadBytes = kItemSlotBytes;
constexpr std::size_t kSettledAt = 10;
constexpr std::uint32_t kSlotsPerRead = 16'384;  // 1 MiB

Error Failed(const std::string& path, std::string_view what) {
  return StorageError(
      fmt::format("{}: cannot {}: {}: check the disk and try again", path, what, std::strerror(errno)));
}

std::string PathIn(const std::string& folder) {
  return folder + "/" + kItemKeysFile;
}

std::int64_t OffsetOf(std::uint32_t number) {
  return static_cast<std::int64_t>(kHeadBytes + std::size_t{number} * kItemSlotBytes);
}

Buffer Head(std::uint32_t settled) {
  ByteWriter head;
  head.Raw(AsBytes(kMagic));
  head.U16(kVersion);
  head.U32(settled);
  head.Raw(Buffer(kHeadBytes - kSettledAt - 4, 0));
  return head.Take();
}

// An open file of a folder; closes itself.
class ItemFile {
 public:
  // -1 and ENOENT when there is none yet.
  ItemFile(Disk& disk, const std::string& folder, OpenFor use)
      : disk_(disk), path_(PathIn(folder)), file_(disk.Open(path_, use)) {}
  ~ItemFile() {
    if (file_ >= 0) disk_.Close(file_);
  }
  ItemFile(const ItemFile&) = delete;
  ItemFile& operator=(const ItemFile&) = delete;
  bool is_open() const { return file_ >= 0; }

  Result<std::int64_t> Size() const {
    const std::int64_t size = disk_.Size(file_);
    if (size < 0) return Failed(path_, "measure");
    return size;
  }
  Result<Buffer> ReadAt(std::int64_t offset, std::size_t size) const {
    Buffer bytes(size);
    for (std::size_t done = 0; done < size;) {
      const std::int64_t read =
          disk_.ReadAt(file_, std::span(bytes).subspan(done), offset + static_cast<std::int64_t>(done));
      if (read < 0 && errno == EINTR) continue;
      if (read < 0) return Failed(path_, "read");
      if (read == 0) return StorageError(path_ + ": truncated");
      done += static_cast<std::size_t>(read);
    }
    return bytes;
  }
  Status WriteAt(std::int64_t offset, Bytes bytes) {
    while (!bytes.empty()) {
      const std::int64_t written = disk_.WriteAt(file_, bytes, offset);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return Failed(path_, "write");
      bytes = bytes.subspan(static_cast<std::size_t>(written));
      offset += written;
    }
    return Done{};
  }
  Status Sync() {
    if (disk_.Sync(file_) != 0) return Failed(path_, "sync");
    return Done{};
  }

 private:
  Disk& disk_;
  std::string path_;
  int file_;
};

ItemSlot DestroyedOf(const ItemSlot& slot) {
  ItemSlot gone;
  gone.number = slot.number;
  gone.state = ItemState::kDestroyed;
  gone.handle = slot.handle;
  gone.supersedes = slot.supersedes;
  return gone;
}

ItemSlot WithoutKey(const ItemSlot& slot) {
  ItemSlot bare = DestroyedOf(slot);
  bare.state = slot.state;
  return bare;
}

}  // namespace

Status CheckRoomForItems(std::uint32_t count, std::size_t wanted) {
  if (wanted <= kItemKeysMax - count) return Done{};
  return StorageError(fmt::format("item keys: more than {} in one vault", kItemKeysMax));
}

// How many slots the folder's file has; a slot that is not there whole does not count.
Result<std::uint32_t> ItemKeys::Count(const std::string& folder) const {
  const ItemFile file(vault_.disk(), folder, OpenFor::kRead);
  if (!file.is_open() && errno == ENOENT) return std::uint32_t{0};
  if (!file.is_open()) return Failed(PathIn(folder), "open");
  const std::int64_t size = TRY(file.Size());
  if (size < static_cast<std::int64_t>(kHeadBytes)) return StorageError(PathIn(folder) + ": truncated");
  const Buffer head = TRY(file.ReadAt(0, kHeadBytes));
  if (AsText(Bytes(head).first(kMagic.size())) != kMagic)
    return StorageError(PathIn(folder) + ": not a file of item keys");
  const std::uint16_t version = Be16(Bytes(head).subspan(kMagic.size()));
  if (version != kVersion) {
    return StorageError(
        fmt::format("{}: of version {}; this program reads version {}", PathIn(folder), version, kVersion));
  }
  const auto slots = (static_cast<std::uint64_t>(size) - kHeadBytes) / kItemSlotBytes;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(slots, kItemKeysMax));
}

Result<std::vector<Buffer>> ItemKeys::ReadSlots(const std::string& folder, std::uint32_t first,
                                                std::uint32_t count) const {
  std::vector<Buffer> slots;
  if (count == 0) return slots;
  const ItemFile file(vault_.disk(), folder, OpenFor::kRead);
  if (!file.is_open()) return Failed(PathIn(folder), "open");
  Buffer bytes = TRY(file.ReadAt(OffsetOf(first), std::size_t{count} * kItemSlotBytes));
  for (std::size_t at = 0; at < bytes.size(); at += kItemSlotBytes) {
    slots.push_back(ToBuffer(Bytes(bytes).subspan(at, kItemSlotBytes)));
  }
  Wipe(bytes);
  return slots;
}

// Neighbours go in one write: a batch is one.
Status ItemKeys::WriteSlots(const std::string& folder, std::span<const ItemSlot> slots) {
  ItemFile file(vault_.disk(), folder, OpenFor::kOverwrite);
  if (!file.is_open()) return Failed(PathIn(folder), "open");
  for (std::size_t i = 0; i < slots.size();) {
    const std::uint32_t first = slots[i].number;
    ByteWriter out;
    for (std::uint32_t next = first; i < slots.size() && slots[i].number == next; ++i, ++next) {
      Buffer bytes = ItemSlotBytes(slots[i]);
      out.Raw(bytes);
      Wipe(bytes);
    }
    Buffer run = out.Take();
    const Status written = file.WriteAt(OffsetOf(first), run);
    Wipe(run);
    TRY(Status(written));
  }
  return file.Sync();
}

// Makes the file, and copies the slots that the folder lacks from the deployment's own.
Status ItemKeys::Fill(const std::string& folder, std::uint32_t count) {
  TRY(vault_.CheckFolder(folder));
  const ItemFile found(vault_.disk(), folder, OpenFor::kRead);
  if (!found.is_open() && errno == ENOENT) {
    TRY(CreateDurably(vault_.disk(), folder, kItemKeysFile, Head(0)));
  }
  const std::uint32_t has = TRY(Count(folder));
  for (std::uint32_t first = has; first < count; first += kSlotsPerRead) {
    const std::vector<Buffer> own =
        TRY(ReadSlots(vault_.folders().front(), first, std::min(kSlotsPerRead, count - first)));
    ItemFile file(vault_.disk(), folder, OpenFor::kOverwrite);
    if (!file.is_open()) return Failed(PathIn(folder), "open");
    for (std::size_t i = 0; i < own.size(); ++i) {
      TRY(file.WriteAt(OffsetOf(first + static_cast<std::uint32_t>(i)), own[i]));
    }
    TRY(file.Sync());
  }
  return Done{};
}

// The deployment's own folder last: what stands there stands everywhere.
Status ItemKeys::Write(std::span<const ItemSlot> slots) {
  const std::vector<std::string>& folders = vault_.folders();
  const std::uint32_t count = TRY(Count(folders.front()));
  for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder) {
    Status written = Fill(*folder, count);
    if (written.ok()) written = WriteSlots(*folder, slots);
    if (!written.ok()) {
      return StorageError(
          fmt::format("vault: item keys: {} cannot be written ({}): mount it, or take it out "
                      "of vault.replicas",
                      *folder, written.error().what()));
    }
  }
  return Done{};
}

Result<std::vector<ItemSlot>> ItemKeys::Make(std::span<const Wanted> wanted) {
  const std::uint32_t count = TRY(Count(vault_.folders().front()));
  TRY(CheckRoomForItems(count, wanted.size()));
  std::vector<ItemSlot> made;
  made.reserve(wanted.size());
  for (const Wanted& one : wanted) {
    ItemSlot& slot = made.emplace_back();
    slot.number = count + static_cast<std::uint32_t>(made.size() - 1);
    slot.handle = one.handle;
    slot.supersedes = one.supersedes;
    slot.key = crypto::RandomKey(vault_.random());
  }
  TRY(Write(made));
  return made;
}

Status ItemKeys::Confirm(std::span<ItemSlot> made) {
  for (ItemSlot& slot : made) slot.state = ItemState::kLive;
  return Write(made);
}

Result<ItemSlot> ItemKeys::SlotOf(std::uint32_t number) const {
  std::optional<Error> first;
  for (const std::string& folder : vault_.folders()) {
    const Result<std::uint32_t> count = Count(folder);
    if (!count.ok() || count.value() <= number) {
      if (!first)
        first = count.ok() ? NotFound(fmt::format("item key {}: there is none", number)) : count.error();
      continue;
    }
    std::vector<Buffer> bytes = TRY(ReadSlots(folder, number, 1));
    Result<ItemSlot> slot = ParseItemSlot(bytes.front(), number);
    Wipe(bytes.front());
    if (slot.ok()) return slot;
    if (!first) first = slot.error().Within(PathIn(folder));
  }
  return *first;
}

Result<Key> ItemKeys::Read(std::uint32_t number) const {
  ItemSlot slot = TRY(SlotOf(number));
  if (slot.state == ItemState::kDestroyed) return NotFound(fmt::format("item key {}: destroyed", number));
  return std::move(slot.key);
}

Vault::Destroyed ItemKeys::Destroy(std::span<const std::uint32_t> numbers) {
  Vault::Destroyed result;
  std::vector<std::uint32_t> sorted(numbers.begin(), numbers.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<ItemSlot> gone;
  for (const std::uint32_t number : sorted) {
    const Result<ItemSlot> slot = SlotOf(number);
    ItemSlot damaged;
    damaged.number = number;
    gone.push_back(DestroyedOf(slot.ok() ? slot.value() : damaged));
  }
  const std::vector<std::string>& folders = vault_.folders();
  for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder) {
    Status done = vault_.CheckFolder(*folder);
    if (done.ok()) done = WriteSlots(*folder, gone);
    if (done.ok()) {
      ++result.destroyed;
    } else {
      result.unreachable.push_back(fmt::format("{} ({})", *folder, done.error().what()));
    }
  }
  return result;
}

Result<std::uint32_t> ItemKeys::ReadSettled() const {
  const ItemFile file(vault_.disk(), vault_.folders().front(), OpenFor::kRead);
  if (!file.is_open()) return std::uint32_t{0};
  const Buffer head = TRY(file.ReadAt(0, kHeadBytes));
  return Be32(Bytes(head).subspan(kSettledAt));
}

Result<ItemKeys::Unsettled> ItemKeys::FindUnsettled() const {
  const std::string& own = vault_.folders().front();
  const std::uint32_t count = TRY(Count(own));
  const std::uint32_t settled = TRY(ReadSettled());
  Unsettled found;
  for (std::uint32_t first = std::min(settled, count); first < count; first += kSlotsPerRead) {
    const std::vector<Buffer> slots = TRY(ReadSlots(own, first, std::min(kSlotsPerRead, count - first)));
    for (std::size_t i = 0; i < slots.size(); ++i) {
      const auto number = first + static_cast<std::uint32_t>(i);
      const Result<ItemSlot> slot = ParseItemSlot(slots[i], number);
      // Half written by a crash: nothing was sealed under it.
      if (!slot.ok()) continue;
      if (slot.value().state == ItemState::kPending) found.unacknowledged.push_back(WithoutKey(slot.value()));
      if (slot.value().state != ItemState::kLive || !slot.value().supersedes) continue;
      const Result<ItemSlot> before = SlotOf(*slot.value().supersedes);
      if (!before.ok() && before.error().code() == ErrorCode::kCrypto) continue;  // damaged everywhere
      if (!before.ok()) return before.error();
      found.superseded.push_back(WithoutKey(before.value()));
    }
  }
  return found;
}

Status ItemKeys::Settle() {
  const std::string& own = vault_.folders().front();
  const std::uint32_t count = TRY(Count(own));
  const std::uint32_t settled = TRY(ReadSettled());
  if (settled == count) return Done{};
  ItemFile file(vault_.disk(), own, OpenFor::kOverwrite);
  if (!file.is_open()) return Failed(PathIn(own), "open");
  // Not synced: should the mark be lost, more is looked at than is needed.
  return file.WriteAt(0, Head(count));
}

// Two folders are compared slot by slot; what one of them calls destroyed is to be destroyed in all.
Result<Vault::Destroyed> ItemKeys::Repair() {
  Vault::Destroyed result;
  const std::vector<std::string>& folders = vault_.folders();
  const std::uint32_t count = TRY(Count(folders.front()));
  if (count == 0) return result;
  std::vector<std::uint32_t> gone;
  for (std::size_t i = 1; i < folders.size(); ++i) {
    Status filled = Fill(folders[i], count);
    if (!filled.ok()) {
      result.unreachable.push_back(fmt::format("{} ({})", folders[i], filled.error().what()));
      continue;
    }
    for (std::uint32_t first = 0; first < count; first += kSlotsPerRead) {
      const std::uint32_t some = std::min(kSlotsPerRead, count - first);
      const std::vector<Buffer> own = TRY(ReadSlots(folders.front(), first, some));
      const std::vector<Buffer> other = TRY(ReadSlots(folders[i], first, some));
      for (std::uint32_t j = 0; j < some; ++j) {
        if (own[j] == other[j]) continue;
        const Result<ItemSlot> a = ParseItemSlot(own[j], first + j);
        const Result<ItemSlot> b = ParseItemSlot(other[j], first + j);
        const auto destroyed = [](const Result<ItemSlot>& slot) {
          return slot.ok() && slot.value().state == ItemState::kDestroyed;
        };
        if (destroyed(a) || destroyed(b)) gone.push_back(first + j);
      }
    }
  }
  if (gone.empty()) return result;
  const Vault::Destroyed destroyed = Destroy(gone);
  result.destroyed = gone.size();
  for (const std::string& folder : destroyed.unreachable) {
    if (std::find(result.unreachable.begin(), result.unreachable.end(), folder) == result.unreachable.end())
      result.unreachable.push_back(folder);
  }
  return result;
}

}  // namespace probatio::keep
