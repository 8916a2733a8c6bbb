#include "keep/disk.h"

#include <fcntl.h>
#include <unistd.h>

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

Disk& SystemDisk() {
  static Disk disk;
  return disk;
}

}  // namespace probatio::keep
