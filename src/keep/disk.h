// The system calls behind journal and spill files and the vault, in one small class, so that a test can fail
// the n-th write or fill the disk. Errors are those of the calls: -1 and errno. Thread-safe.
#pragma once

#include <string>

#include "base/bytes.h"

namespace probatio::keep {

enum class OpenFor : std::uint8_t { kRead, kCreate, kOverwrite };  // kCreate: a new file, 0600

class Disk {
 public:
  virtual ~Disk() = default;
  virtual std::int64_t Write(int file, Bytes bytes);                         // write(2): may be short
  virtual std::int64_t WriteAt(int file, Bytes bytes, std::int64_t offset);  // pwrite(2): may be short
  virtual int Sync(int file);                                                // fdatasync(2)
  virtual int Truncate(int file, std::int64_t length);                       // ftruncate(2)
  virtual int SyncFolder(const std::string& folder);  // makes new and removed names durable

  virtual int Open(const std::string& path, OpenFor use);             // open(2): the file
  virtual std::int64_t Read(int file, std::span<std::uint8_t> into);  // read(2): may be short
  virtual std::int64_t ReadAt(int file, std::span<std::uint8_t> into, std::int64_t offset);  // pread(2)
  virtual std::int64_t Size(int file);                                                       // fstat(2)
  virtual void Close(int file);                                                              // close(2)
  virtual int Rename(const std::string& from, const std::string& to);                        // rename(2)
  virtual int Remove(const std::string& path);                                               // unlink(2)
  virtual int List(const std::string& folder, std::vector<std::string>* names);  // of all its files
};

// The disk itself.
Disk& SystemDisk();

}  // namespace probatio::keep
