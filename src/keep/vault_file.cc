#include "keep/vault_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace probatio::keep {
namespace {

constexpr std::string_view kUnfinished = ".unfinished";
constexpr std::size_t kFirstReadBytes = 65'536;  // more than a vault's file: a key is read in one place

Error Failed(const std::string& path, std::string_view what) {
  const int reason = errno;
  const bool full = reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
  return StorageError(fmt::format("{}: cannot {}: {}: {}", path, what, std::strerror(reason),
                                  full ? "free some space and try again" : "check the disk and try again"));
}

Status WriteAll(Disk& disk, int file, const std::string& path, Bytes content) {
  while (!content.empty()) {
    const std::int64_t written = disk.Write(file, content);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed(path, "write");
    content = content.subspan(static_cast<std::size_t>(written));
  }
  if (disk.Sync(file) != 0) return Failed(path, "sync");
  return Done{};
}

// Closes when it goes out of scope.
class OpenFile {
 public:
  OpenFile(Disk& disk, int file) : disk_(disk), file_(file) {}
  ~OpenFile() { disk_.Close(file_); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int file() const { return file_; }

 private:
  Disk& disk_;
  int file_;
};

// What a start that was cut off left may hold the whole of a key: it is overwritten as far as the disk lets
// us, and must go in any case.
Status DiscardUnfinished(Disk& disk, const std::string& path, std::size_t bytes) {
  const int opened = disk.Open(path, OpenFor::kOverwrite);
  if (opened < 0 && errno == ENOENT) return Done{};
  if (opened < 0) return Failed(path, "open");
  const OpenFile file(disk, opened);
  (void)WriteAll(disk, file.file(), path, Buffer(bytes, 0));
  if (disk.Remove(path) != 0 && errno != ENOENT) return Failed(path, "remove");
  return Done{};
}

}  // namespace

Status CreateDurably(Disk& disk, const std::string& folder, const std::string& name, Bytes content) {
  const std::string path = folder + "/" + name;
  const std::string unfinished = path + std::string(kUnfinished);
  TRY(DiscardUnfinished(disk, unfinished, content.size()));
  const int created = disk.Open(unfinished, OpenFor::kCreate);
  if (created < 0) return Failed(unfinished, "create");
  Status written = Done{};
  {
    const OpenFile file(disk, created);
    written = WriteAll(disk, file.file(), unfinished, content);
  }
  if (written.ok() && disk.Rename(unfinished, path) != 0) written = Failed(path, "rename into place");
  if (!written.ok()) {
    (void)DiscardUnfinished(disk, unfinished, content.size());  // the first error is the one to tell
    return written;
  }
  if (disk.SyncFolder(folder) != 0) return Failed(folder, "sync");
  return Done{};
}

Result<std::optional<Buffer>> ReadWhole(Disk& disk, const std::string& path, std::size_t bytes_max) {
  const int opened = disk.Open(path, OpenFor::kRead);
  if (opened < 0 && errno == ENOENT) return std::optional<Buffer>();
  if (opened < 0) return Failed(path, "open");
  const OpenFile file(disk, opened);
  Buffer content(std::min(bytes_max + 1, kFirstReadBytes));
  std::size_t size = 0;
  while (size <= bytes_max) {
    if (size == content.size()) content.resize(std::min(bytes_max + 1, 2 * size));
    const std::int64_t read = disk.Read(file.file(), std::span(content).subspan(size));
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) return Failed(path, "read");
    if (read == 0) break;
    size += static_cast<std::size_t>(read);
  }
  if (size > bytes_max) return Invalid(fmt::format("{}: longer than {} bytes", path, bytes_max));
  content.resize(size);
  return std::optional<Buffer>(std::move(content));
}

Status DestroyDurably(Disk& disk, const std::string& folder, const std::string& name, std::size_t bytes) {
  const std::string path = folder + "/" + name;
  TRY(DiscardUnfinished(disk, path + std::string(kUnfinished), bytes));
  const int opened = disk.Open(path, OpenFor::kOverwrite);
  if (opened < 0 && errno != ENOENT) return Failed(path, "open");
  if (opened >= 0) {
    const OpenFile file(disk, opened);
    TRY(WriteAll(disk, file.file(), path, Buffer(bytes, 0)));
    if (disk.Remove(path) != 0 && errno != ENOENT) return Failed(path, "remove");
  }
  if (disk.SyncFolder(folder) != 0) return Failed(folder, "sync");
  return Done{};
}

}  // namespace probatio::keep
