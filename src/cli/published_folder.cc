#include "cli/published_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "cli/files.h"

namespace probatio::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kCheckpointEnd = ".checkpoint";

bool IsBundle(const std::string& path) {
  return path.starts_with("tile/entries/");
}

}  // namespace

Result<Buffer> PublishedFolder::Read(const std::string& path, std::size_t bytes_max) const {
  return ReadFile(folder_ + "/" + path, bytes_max);
}

Status PublishedFolder::Write(const std::string& path, Bytes bytes) {
  const fs::path whole = fs::path(folder_) / path;
  std::error_code failed;
  fs::create_directories(whole.parent_path(), failed);
  if (failed) return StorageError(whole.parent_path().string() + ": cannot create: " + failed.message());
  return WriteFile(whole.string(), bytes, IsBundle(path) ? Mode::kPrivate : Mode::kPublic);
}

std::string StampPath(std::uint64_t size) {
  return fmt::format("timestamps/{}.tst", size);
}
std::string StampedCheckpointPath(std::uint64_t size) {
  return fmt::format("timestamps/{}{}", size, kCheckpointEnd);
}
std::string CosignedPath(std::uint64_t size) {
  return fmt::format("cosigned/{}{}", size, kCheckpointEnd);
}

Result<std::vector<std::uint64_t>> SizesIn(const PublishedFolder& files, const std::string& folder) {
  std::vector<std::uint64_t> sizes;
  std::error_code failed;
  for (fs::directory_iterator it(files.folder() + "/" + folder, failed), end; !failed && it != end;
       it.increment(failed)) {
    const std::string name = it->path().filename().string();
    if (!name.ends_with(kCheckpointEnd)) continue;
    const char* last = name.data() + name.size() - kCheckpointEnd.size();
    std::uint64_t size = 0;
    const auto [read, error] = std::from_chars(name.data(), last, size);
    if (error == std::errc() && read == last) sizes.push_back(size);
  }
  if (failed && failed != std::errc::no_such_file_or_directory)
    return StorageError(files.folder() + "/" + folder + ": " + failed.message());
  std::sort(sizes.begin(), sizes.end());
  return sizes;
}

}  // namespace probatio::cli
