// A file read in bounded parts: what lies in memory is a window that moves along it. Also of pipes. Not
// thread-safe.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"

namespace probatio::cli {

inline constexpr std::size_t kReadBytes = 1U << 20;  // at once

class FileWindow {
 public:
  // kNotFound "file: no such file", kInvalid for a folder, kStorage for the rest; each names the file.
  static Result<FileWindow> Open(const std::string& path);
  ~FileWindow();
  FileWindow(FileWindow&& other) noexcept;
  FileWindow& operator=(FileWindow&&) = delete;
  FileWindow(const FileWindow&) = delete;

  Bytes rest() const { return Bytes(buffer_).subspan(begin_, end_ - begin_); }
  bool last() const { return last_; }  // nothing comes after rest()
  Status More();                       // makes rest() longer, or last() true
  void Drop(std::size_t size) { begin_ += size; }

  std::uint64_t offset() const { return read_ - (end_ - begin_); }  // of rest() in the file
  std::optional<std::uint64_t> file_bytes() const {
    return file_bytes_;
  }  // when it was opened; of a pipe not known

 private:
  FileWindow(std::string path, int file, std::optional<std::uint64_t> file_bytes)
      : path_(std::move(path)), file_(file), file_bytes_(file_bytes) {}

  std::string path_;
  int file_;
  std::optional<std::uint64_t> file_bytes_;
  Buffer buffer_;
  std::size_t begin_ = 0;  // of rest() in the buffer
  std::size_t end_ = 0;
  std::uint64_t read_ = 0;
  bool last_ = false;
};

}  // namespace probatio::cli
