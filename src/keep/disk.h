// The system calls behind journal and spill files, in one small class, so that a test can fail the n-th write
// or fill the disk. Errors are those of the calls: -1 and errno. Thread-safe.
#pragma once

#include <string>

#include "base/bytes.h"

namespace probatio::keep {

class Disk {
 public:
  virtual ~Disk() = default;
  virtual std::int64_t Write(int file, Bytes bytes);                         // write(2): may be short
  virtual std::int64_t WriteAt(int file, Bytes bytes, std::int64_t offset);  // pwrite(2): may be short
  virtual int Sync(int file);                                                // fdatasync(2)
  virtual int Truncate(int file, std::int64_t length);                       // ftruncate(2)
  virtual int SyncFolder(const std::string& folder);  // makes new and removed names durable
};

// The disk itself.
Disk& SystemDisk();

}  // namespace probatio::keep
