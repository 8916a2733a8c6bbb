#include "cli/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace probatio::cli {
namespace {

Error SystemError(const std::string& path, const char* doing) {
  const int code = errno;
  const std::string what = path + ": " + doing + ": " + std::strerror(code);
  return {code == ENOENT ? ErrorCode::kNotFound : ErrorCode::kStorage, what};
}

// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

Status WriteAll(int fd, Bytes content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError(path, "cannot write");
    content = content.subspan(static_cast<std::size_t>(written));
  }
  if (::fsync(fd) != 0) return SystemError(path, "cannot sync");
  return Done{};
}

void SyncFolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const Descriptor fd(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() >= 0) ::fsync(fd.get());
}

}  // namespace

Result<Buffer> ReadFile(const std::string& path, std::size_t bytes_max) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return SystemError(path, "cannot open");
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return SystemError(path, "cannot look at");
  if (S_ISDIR(status.st_mode)) return Invalid(path + ": is a folder");
  // Read in place: what is a key or a passphrase leaves no copy behind that its reader cannot wipe.
  Buffer content(std::min(static_cast<std::size_t>(std::max<off_t>(status.st_size, 0)), bytes_max) + 1);
  std::size_t size = 0;
  while (size <= bytes_max) {
    if (size == content.size()) content.resize(std::min(2 * size, bytes_max) + 1);
    const ssize_t got = ::read(fd.get(), content.data() + size, content.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError(path, "cannot read");
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > bytes_max) return Invalid(path + ": larger than " + std::to_string(bytes_max) + " bytes");
  content.resize(size);
  return content;
}

Result<std::string> ReadText(const std::string& path, std::size_t bytes_max) {
  Buffer content = TRY(ReadFile(path, bytes_max));
  std::string text(AsText(content));
  Wipe(content);
  return text;
}

Status WriteFile(const std::string& path, Bytes content, Mode mode) {
  const std::string beside = path + ".new";
  {
    const Descriptor fd(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                               mode == Mode::kPrivate ? 0600 : 0644));
    if (fd.get() < 0) return SystemError(path, "cannot create");
    const Status written = WriteAll(fd.get(), content, path);
    if (!written.ok()) {
      ::unlink(beside.c_str());
      return written.error();
    }
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) return SystemError(path, "cannot rename into place");
  SyncFolderOf(path);
  return Done{};
}

Status CreateFile(const std::string& path, Bytes content, Mode mode) {
  if (std::filesystem::exists(path)) return Denied(path + ": exists already and is not overwritten");
  return WriteFile(path, content, mode);
}

Status MakeFolder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return StorageError(path + ": cannot make the folder: " + error.message());
  return Done{};
}

Result<Secret> ReadPassphrase(const std::string& path) {
  Buffer content = TRY(ReadFile(path, 4096));
  const auto end = std::find(content.begin(), content.end(), '\n');
  Buffer line(content.begin(), end);
  Wipe(content);
  return Secret(std::move(line));
}

Result<Key> ReadKeyFile(const std::string& path) {
  std::string text = TRY(ReadText(path, 4096));
  while (!text.empty() && text.back() == '\n') text.pop_back();
  Result<Buffer> bytes = FromHex(text);
  Wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  if (!bytes.ok() || bytes.value().size() != Key::kSize) return Invalid(path + ": not 64 hexadecimal digits");
  Key key(bytes.value());
  Wipe(bytes.value());
  return key;
}

}  // namespace probatio::cli
