#include "cli/file_window.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace probatio::cli {
namespace {

Error SystemError(const std::string& path, const char* doing) {
  const int code = errno;
  return {code == ENOENT ? ErrorCode::kNotFound : ErrorCode::kStorage,
          path + ": " + doing + ": " + std::strerror(code)};
}

}  // namespace

Result<FileWindow> FileWindow::Open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return SystemError(path, "cannot open");
  struct stat status {};
  const bool known = ::fstat(file, &status) == 0;
  std::optional<std::uint64_t> size;
  if (known && S_ISREG(status.st_mode)) size = static_cast<std::uint64_t>(status.st_size);
  FileWindow window(path, file, size);
  if (!known) return SystemError(path, "cannot look at");
  if (S_ISDIR(status.st_mode)) return Invalid(path + ": is a folder");
  TRY(window.More());
  return window;
}

FileWindow::~FileWindow() {
  if (file_ >= 0) ::close(file_);
}

FileWindow::FileWindow(FileWindow&& other) noexcept
    : path_(std::move(other.path_)),
      file_(std::exchange(other.file_, -1)),
      file_bytes_(other.file_bytes_),
      buffer_(std::move(other.buffer_)),
      begin_(other.begin_),
      end_(other.end_),
      read_(other.read_),
      last_(other.last_) {}

Status FileWindow::More() {
  if (last_) return Done{};
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= std::exchange(begin_, 0);
  if (buffer_.size() < end_ + kReadBytes) buffer_.resize(end_ + kReadBytes);
  while (true) {
    const ssize_t got = ::read(file_, buffer_.data() + end_, kReadBytes);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError(path_, "cannot read");
    last_ = got == 0;
    end_ += static_cast<std::size_t>(got);
    read_ += static_cast<std::uint64_t>(got);
    return Done{};
  }
}

}  // namespace probatio::cli
