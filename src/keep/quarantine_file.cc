#include "keep/quarantine_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace probatio::keep {
namespace {

Error Failed(const std::string& name, std::string_view what) {
  return StorageError(fmt::format("quarantine: {}: cannot {}: {}", name, what, std::strerror(errno)));
}

Status WriteHead(Disk& disk, int file, const std::string& folder, const std::string& name, Bytes head) {
  TRY(WriteAllAt(disk, file, name, head, 0));
  if (disk.Sync(file) != 0) return Failed(name, "sync");
  if (disk.SyncFolder(folder) != 0) return Failed(folder, "sync");
  return Done{};
}

}  // namespace

std::string QuarantinePrefix(const law::CivilDate& day) {
  return fmt::format("{:04}{:02}{:02}-", day.year, day.month, day.day);
}

std::string QuarantinePath(const std::string& folder, const std::string& name) {
  return folder + "/" + name + kQuarantineSuffix;
}

Status WriteAllAt(Disk& disk, int file, const std::string& name, Bytes content, std::uint64_t offset) {
  while (!content.empty()) {
    const std::int64_t written = disk.WriteAt(file, content, static_cast<std::int64_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed(name, "write");
    content = content.subspan(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return Done{};
}

Result<int> CreateQuarantineFile(Disk& disk, const std::string& folder, const std::string& name, Bytes head) {
  const std::string path = QuarantinePath(folder, name);
  const int file = disk.Open(path, OpenFor::kCreate);
  if (file < 0) return Failed(name, "create");
  const Status written = WriteHead(disk, file, folder, name, head);
  if (written.ok()) return file;
  disk.Close(file);
  (void)disk.Remove(path);  // the first error is the one to tell
  return written.error();
}

Result<std::vector<std::string>> ListQuarantine(Disk& disk, const std::string& folder) {
  std::vector<std::string> files;
  if (disk.List(folder, &files) != 0) {
    if (errno == ENOENT) return std::vector<std::string>();
    return Failed(folder, "list");
  }
  constexpr std::string_view kSuffix = kQuarantineSuffix;
  std::vector<std::string> names;
  for (const std::string& file : files) {
    if (file.ends_with(kSuffix)) names.push_back(file.substr(0, file.size() - kSuffix.size()));
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::uint64_t> BytesOfFiles(Disk& disk, const std::string& folder, const std::string& prefix) {
  const std::vector<std::string> names = TRY(ListQuarantine(disk, folder));
  std::uint64_t bytes = 0;
  for (const std::string& name : names) {
    if (!name.starts_with(prefix)) continue;
    const int file = disk.Open(QuarantinePath(folder, name), OpenFor::kRead);
    if (file < 0) return Failed(name, "open");
    const std::int64_t size = disk.Size(file);
    disk.Close(file);
    if (size < 0) return Failed(name, "look at");
    bytes += static_cast<std::uint64_t>(size);
  }
  return bytes;
}

}  // namespace probatio::keep
