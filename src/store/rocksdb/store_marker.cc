// "probatio store\nformat 1\n". A later format changes the number and nothing before it.
#include "store/rocksdb/store_marker.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string_view>

namespace probatio::store {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kName = "STORE";
constexpr std::string_view kUnfinished = "STORE.new";
constexpr std::string_view kHead = "probatio store\nformat ";
constexpr std::size_t kMarkerBytesMax = 64;

Error Refused(const std::string& path, const std::string& reason, const std::string& next) {
  return StorageError(fmt::format("store: {}: {}: {}", path, reason, next));
}

Error SystemError(const std::string& path, const std::string& doing, int reason) {
  if (reason == ENOSPC || reason == EDQUOT) {
    return Refused(path, "no space left", "free some space and start again; nothing acknowledged is lost");
  }
  if (reason == EACCES || reason == EPERM) {
    return Refused(path, "no permission to " + doing, "run as the user who owns it, or give it to this user");
  }
  return Refused(path, fmt::format("cannot {}: {}", doing, std::strerror(reason)),
                 "check the disk and the path");
}

class File {
 public:
  File(const std::string& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

Status SyncDirectory(const std::string& path) {
  const File directory(path, O_RDONLY | O_DIRECTORY);
  if (directory.fd() < 0 || ::fsync(directory.fd()) != 0) return SystemError(path, "sync", errno);
  return Done{};
}

Status WriteMarker(const std::string& directory) {
  const std::string text = fmt::format("{}{}\n", kHead, kStoreFormat);
  const std::string unfinished = fmt::format("{}/{}", directory, kUnfinished);
  const std::string path = fmt::format("{}/{}", directory, kName);
  const File file(unfinished, O_WRONLY | O_CREAT | O_TRUNC);
  if (file.fd() < 0) return SystemError(unfinished, "create", errno);
  errno = 0;
  const ssize_t written = ::write(file.fd(), text.data(), text.size());
  if (written != static_cast<ssize_t>(text.size())) {
    return SystemError(unfinished, "write", errno != 0 ? errno : ENOSPC);
  }
  if (::fsync(file.fd()) != 0) return SystemError(unfinished, "sync", errno);
  if (::rename(unfinished.c_str(), path.c_str()) != 0) return SystemError(path, "rename", errno);
  TRY(SyncDirectory(directory));
  // The directory may be new: its own name must survive a power cut like what will lie in it.
  return SyncDirectory(
      fs::path(directory).parent_path().empty() ? "." : fs::path(directory).parent_path().string());
}

// Absent when there is no such file.
Result<std::optional<std::string>> ReadMarker(const std::string& path) {
  const File file(path, O_RDONLY);
  if (file.fd() < 0 && errno == ENOENT) return std::optional<std::string>();
  if (file.fd() < 0) return SystemError(path, "read", errno);
  std::string text(kMarkerBytesMax, '\0');
  const ssize_t size = ::read(file.fd(), text.data(), text.size());
  if (size < 0) return SystemError(path, "read", errno);
  text.resize(static_cast<std::size_t>(size));
  return std::optional<std::string>(std::move(text));
}

Status CheckMarker(const std::string& path, std::string_view text) {
  int format = 0;
  const bool ours = text.starts_with(kHead) && text.ends_with('\n');
  const char* first = text.data() + (ours ? kHead.size() : 0);
  const char* last = text.data() + text.size() - (ours ? 1 : 0);
  const auto [end, error] = std::from_chars(first, last, format);
  if (!ours || error != std::errc() || end != last || format < 1) {
    return Refused(path, "damaged",
                   fmt::format("restore it from a backup; a store of this version has \"{}{}\"",
                               "probatio store, format ", kStoreFormat));
  }
  if (format > kStoreFormat) {
    return Refused(path, fmt::format("format {}, and this program knows up to {}", format, kStoreFormat),
                   "open it with the newer probatio that made it");
  }
  return Done{};
}

// Nothing in it but what a start that was cut off leaves.
Result<bool> IsEmpty(const std::string& directory) {
  std::error_code error;
  fs::directory_iterator entry(directory, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    if (entry->path().filename() != kUnfinished) return false;
  }
  if (error) return SystemError(directory, "list", error.value());
  return true;
}

Status CheckDirectory(const std::string& directory, bool* present) {
  std::error_code error;
  const fs::file_status status = fs::status(directory, error);
  *present = status.type() != fs::file_type::not_found;
  if (!*present) return Done{};
  if (status.type() == fs::file_type::none) return SystemError(directory, "look at it", error.value());
  if (status.type() != fs::file_type::directory) {
    return Refused(directory, "not a directory",
                   "name the store's directory, or another place for a new one");
  }
  if (::access(directory.c_str(), R_OK | X_OK) != 0) return SystemError(directory, "read", errno);
  return Done{};
}

Error NotOurs(const std::string& directory) {
  return Refused(directory, fmt::format("not a store of probatio: there are files in it, and no {}", kName),
                 "name the store's directory, or an empty one for a new store");
}

}  // namespace

Status CheckStore(const std::string& directory) {
  bool present = false;
  TRY(CheckDirectory(directory, &present));
  if (!present)
    return Refused(directory, "not there", "name the store's directory, or make it with `probatio init`");
  const std::string path = fmt::format("{}/{}", directory, kName);
  const std::optional<std::string> marker = TRY(ReadMarker(path));
  if (!marker.has_value()) return NotOurs(directory);
  return CheckMarker(path, *marker);
}

Status CheckOrMakeStore(const std::string& directory) {
  bool present = false;
  TRY(CheckDirectory(directory, &present));
  std::error_code error;
  if (!present) fs::create_directory(directory, error);
  if (error) return SystemError(directory, "create", error.value());
  const std::string path = fmt::format("{}/{}", directory, kName);
  const std::optional<std::string> marker = TRY(ReadMarker(path));
  if (marker.has_value()) return CheckMarker(path, *marker);
  const bool empty = TRY(IsEmpty(directory));
  if (!empty) return NotOurs(directory);
  return WriteMarker(directory);
}

}  // namespace probatio::store
