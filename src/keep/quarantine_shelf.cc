// Reading, retrying and dropping what was put aside.
#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <map>

#include "keep/quarantine.h"
#include "keep/quarantine_file.h"
#include "keep/vault_file.h"

namespace probatio::keep {
namespace {

struct ItemName {
  std::string file;
  std::uint32_t number = 0;
};

Error Unknown(const std::string& id) {
  return NotFound("quarantine: no item " + id);
}

Result<ItemName> ParseItemName(const std::string& id) {
  const std::size_t dash = id.rfind('-');
  if (dash == std::string::npos) return Unknown(id);
  ItemName name{id.substr(0, dash), 0};
  const char* const end = id.data() + id.size();
  const auto read = std::from_chars(id.data() + dash + 1, end, name.number);
  const bool known = name.file.find_first_not_of("0123456789abcdef-") == std::string::npos;
  if (read.ec != std::errc() || read.ptr != end || name.number == 0 || !known) return Unknown(id);
  return name;
}

}  // namespace

struct QuarantineShelf::Opened {
  Buffer bytes;
  QuarantineFile file;  // views into them
  Key key;
  bool expired = false;  // its day has come, or its erasure key is gone: nothing of it is opened
};

Result<QuarantineShelf::Opened> QuarantineShelf::OpenFile(const std::string& name) const {
  std::optional<Buffer> bytes =
      TRY(ReadWhole(parts_.disk, QuarantinePath(parts_.folder, name), kQuarantineFileBytesMax));
  if (!bytes) return NotFound("quarantine: no file " + name);
  Opened opened;
  opened.bytes = std::move(*bytes);
  opened.file = TRY_IN(name, ParseQuarantineFile(opened.bytes));
  const ErasureKeyName& day = opened.file.head.erasure_key;
  opened.expired = law::ParisMidnight(day.day) <= parts_.clock.Now() || parts_.is_dying(IdOf(day));
  if (opened.expired) return opened;
  const Key day_key = TRY_IN(name, parts_.vault.Read(day));
  opened.key = TRY_IN(name, OpenFileKey(day_key, name, opened.file.head.sealed_key));
  return opened;
}

Status QuarantineShelf::ForEach(const std::function<Status(const Shown&)>& show,
                                std::vector<std::string>* unreadable) const {
  const std::vector<std::string> names = TRY(ListQuarantine(parts_.disk, parts_.folder));
  for (const std::string& name : names) {
    const Result<Opened> opened = OpenFile(name);
    if (!opened.ok()) {
      unreadable->push_back(opened.error().what());
      continue;
    }
    const QuarantineFile& file = opened.value().file;
    for (std::size_t i = 0; i < file.frames.size() && !opened.value().expired; ++i) {
      if (file.frames[i].dropped) continue;
      const auto number = static_cast<std::uint32_t>(i + 1);
      const std::string id = fmt::format("{}-{}", name, number);
      const Result<QuarantineItem> item = OpenItemOf(opened.value().key, name, number, file.frames[i].sealed);
      if (item.ok()) {
        TRY(show({id, file.head.erasure_key.day, item.value()}));
      } else {
        unreadable->push_back(id + ": " + item.error().what());
      }
    }
  }
  return Done{};
}

Result<QuarantineItem> QuarantineShelf::Read(const std::string& id) const {
  const ItemName name = TRY(ParseItemName(id));
  const Opened opened = TRY(OpenFile(name.file));
  if (opened.expired || name.number > opened.file.frames.size()) return Unknown(id);
  const QuarantineFrame& frame = opened.file.frames[name.number - 1];
  if (frame.dropped) return Unknown(id);
  return OpenItemOf(opened.key, name.file, name.number, frame.sealed);
}

Status QuarantineShelf::Drop(std::span<const std::string> ids) {
  std::map<std::string, std::set<std::uint32_t>> by_file;
  for (const std::string& id : ids) {
    const ItemName name = TRY(ParseItemName(id));
    by_file[name.file].insert(name.number);
  }
  for (const auto& [name, numbers] : by_file) TRY(DropOf(name, numbers));
  return Done{};
}

// State and zeros in one write, whose first octet is the state: a crash in it leaves what nobody opens.
Status QuarantineShelf::DropOf(const std::string& name, const std::set<std::uint32_t>& numbers) {
  const Opened opened = TRY(OpenFile(name));
  const std::vector<QuarantineFrame>& frames = opened.file.frames;
  if (*numbers.rbegin() > frames.size()) return Unknown(fmt::format("{}-{}", name, *numbers.rbegin()));
  const std::string path = QuarantinePath(parts_.folder, name);
  const auto is_gone = [&](std::uint32_t number) {
    return frames[number - 1].dropped || numbers.count(number) > 0;
  };
  std::uint32_t left = 0;
  for (std::uint32_t number = 1; number <= frames.size(); ++number) left += is_gone(number) ? 0 : 1;
  if (left == 0) {
    if (parts_.disk.Remove(path) == 0) return Done{};
    return StorageError(fmt::format("quarantine: {}: cannot remove: {}", name, std::strerror(errno)));
  }
  const int file = parts_.disk.Open(path, OpenFor::kOverwrite);
  if (file < 0)
    return StorageError(fmt::format("quarantine: {}: cannot open: {}", name, std::strerror(errno)));
  Status done = Done{};
  for (auto number = numbers.begin(); number != numbers.end() && done.ok(); ++number) {
    const QuarantineFrame& frame = frames[*number - 1];
    done = WriteAllAt(parts_.disk, file, name, DroppedFrame(frame.sealed.size()), frame.offset);
  }
  if (done.ok() && parts_.disk.Sync(file) != 0)
    done = StorageError(fmt::format("quarantine: {}: cannot sync: {}", name, std::strerror(errno)));
  parts_.disk.Close(file);
  return done;
}

Result<std::uint64_t> QuarantineShelf::RemoveExpired() {
  const std::vector<std::string> names = TRY(ListQuarantine(parts_.disk, parts_.folder));
  std::uint64_t removed = 0;
  for (const std::string& name : names) {
    const Result<Opened> opened = OpenFile(name);
    if (!opened.ok() || !opened.value().expired) continue;
    if (parts_.disk.Remove(QuarantinePath(parts_.folder, name)) != 0)
      return StorageError(fmt::format("quarantine: {}: cannot remove: {}", name, std::strerror(errno)));
    ++removed;
  }
  return removed;
}

}  // namespace probatio::keep
