// RocksDB's view of the disk with every act asked for first.
#include "store/rocksdb/disk_faults.h"

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <cerrno>
#include <cstring>

namespace probatio::store {
namespace {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

IOStatus Ask(DiskFaults& faults, DiskAct act, const std::string& path) {
  const int reason = faults.Before(act, path);
  if (reason == 0) return IOStatus::OK();
  if (reason == ENOSPC) return IOStatus::NoSpace("While writing " + path, std::strerror(reason));
  return IOStatus::IOError("While working on " + path, std::strerror(reason));
}

class FaultyWriter : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultyWriter(std::unique_ptr<rocksdb::FSWritableFile>&& file, DiskFaults& faults, std::string path)
      : FSWritableFileOwnerWrapper(std::move(file)), faults_(faults), path_(std::move(path)) {}
  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* context) override {
    const IOStatus asked = Ask(faults_, DiskAct::kWrite, path_);
    return asked.ok() ? FSWritableFileOwnerWrapper::Append(data, options, context) : asked;
  }
  IOStatus Append(const Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo& verification, IODebugContext* context) override {
    const IOStatus asked = Ask(faults_, DiskAct::kWrite, path_);
    return asked.ok() ? FSWritableFileOwnerWrapper::Append(data, options, verification, context) : asked;
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* context) override {
    const IOStatus asked = Ask(faults_, DiskAct::kSync, path_);
    return asked.ok() ? FSWritableFileOwnerWrapper::Sync(options, context) : asked;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* context) override {
    const IOStatus asked = Ask(faults_, DiskAct::kSync, path_);
    return asked.ok() ? FSWritableFileOwnerWrapper::Fsync(options, context) : asked;
  }

 private:
  DiskFaults& faults_;
  std::string path_;
};

class FaultyReader : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  FaultyReader(std::unique_ptr<rocksdb::FSRandomAccessFile>&& file, DiskFaults& faults, std::string path)
      : FSRandomAccessFileOwnerWrapper(std::move(file)), faults_(faults), path_(std::move(path)) {}
  IOStatus Read(std::uint64_t offset, std::size_t size, const IOOptions& options, Slice* result,
                char* scratch, IODebugContext* context) const override {
    const IOStatus asked = Ask(faults_, DiskAct::kRead, path_);
    return asked.ok() ? FSRandomAccessFileOwnerWrapper::Read(offset, size, options, result, scratch, context)
                      : asked;
  }

 private:
  DiskFaults& faults_;
  std::string path_;
};

class FaultyFileSystem : public rocksdb::FileSystemWrapper {
 public:
  explicit FaultyFileSystem(DiskFaults& faults)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), faults_(faults) {}
  const char* Name() const override { return "FaultyFileSystem"; }

  IOStatus NewWritableFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* context) override {
    IOStatus status = Ask(faults_, DiskAct::kOther, path);
    if (status.ok()) status = FileSystemWrapper::NewWritableFile(path, options, file, context);
    if (status.ok()) *file = std::make_unique<FaultyWriter>(std::move(*file), faults_, path);
    return status;
  }
  IOStatus NewRandomAccessFile(const std::string& path, const FileOptions& options,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                               IODebugContext* context) override {
    IOStatus status = Ask(faults_, DiskAct::kRead, path);
    if (status.ok()) status = FileSystemWrapper::NewRandomAccessFile(path, options, file, context);
    if (status.ok()) *file = std::make_unique<FaultyReader>(std::move(*file), faults_, path);
    return status;
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* context) override {
    const IOStatus asked = Ask(faults_, DiskAct::kOther, from);
    return asked.ok() ? FileSystemWrapper::RenameFile(from, to, options, context) : asked;
  }
  IOStatus LinkFile(const std::string& from, const std::string& to, const IOOptions& options,
                    IODebugContext* context) override {
    const IOStatus asked = Ask(faults_, DiskAct::kOther, from);
    return asked.ok() ? FileSystemWrapper::LinkFile(from, to, options, context) : asked;
  }
  IOStatus DeleteFile(const std::string& path, const IOOptions& options, IODebugContext* context) override {
    const IOStatus asked = Ask(faults_, DiskAct::kOther, path);
    return asked.ok() ? FileSystemWrapper::DeleteFile(path, options, context) : asked;
  }

 private:
  DiskFaults& faults_;
};

}  // namespace

std::unique_ptr<rocksdb::Env> MakeFaultyEnv(DiskFaults& faults) {
  return rocksdb::NewCompositeEnv(std::make_shared<FaultyFileSystem>(faults));
}

}  // namespace probatio::store
