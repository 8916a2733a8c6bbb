#include "keep/disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace probatio::keep {

std::int64_t Disk::Write(int file, Bytes bytes) {
  return ::write(file, bytes.data(), bytes.size());
}

std::int64_t Disk::WriteAt(int file, Bytes bytes, std::int64_t offset) {
  return ::pwrite(file, bytes.data(), bytes.size(), offset);
}

int Disk::Sync(int file) {
  return ::fdatasync(file);
}

int Disk::Truncate(int file, std::int64_t length) {
  return ::ftruncate(file, length);
}

int Disk::SyncFolder(const std::string& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return -1;
  const int result = ::fsync(file);
  ::close(file);
  return result;
}

int Disk::Open(const std::string& path, OpenFor use) {
  switch (use) {
    case OpenFor::kRead:
      return ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    case OpenFor::kCreate:
      return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    case OpenFor::kOverwrite:
      return ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  }
  CHECK(false);
  return -1;
}

std::int64_t Disk::Read(int file, std::span<std::uint8_t> into) {
  return ::read(file, into.data(), into.size());
}

std::int64_t Disk::ReadAt(int file, std::span<std::uint8_t> into, std::int64_t offset) {
  return ::pread(file, into.data(), into.size(), offset);
}

std::int64_t Disk::Size(int file) {
  struct stat facts {};
  return ::fstat(file, &facts) == 0 ? static_cast<std::int64_t>(facts.st_size) : -1;
}

void Disk::Close(int file) {
  ::close(file);
}

int Disk::Rename(const std::string& from, const std::string& to) {
  return std::rename(from.c_str(), to.c_str());
}

int Disk::Remove(const std::string& path) {
  return ::unlink(path.c_str());
}

int Disk::List(const std::string& folder, std::vector<std::string>* names) {
  DIR* const opened = ::opendir(folder.c_str());
  if (opened == nullptr) return -1;
  errno = 0;
  while (const dirent* entry = ::readdir(opened)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names->push_back(name);
  }
  const int failure = errno;
  ::closedir(opened);
  errno = failure;
  return failure == 0 ? 0 : -1;
}

Disk& SystemDisk() {
  static Disk disk;
  return disk;
}

}  // namespace probatio::keep
