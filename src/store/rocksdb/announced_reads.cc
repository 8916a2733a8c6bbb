#include "store/rocksdb/announced_reads.h"

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include "base/check.h"

namespace probatio::store {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

thread_local bool only_announced = false;

class AnnouncingReader : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  using FSRandomAccessFileOwnerWrapper::FSRandomAccessFileOwnerWrapper;
  IOStatus Read(std::uint64_t offset, std::size_t size, const IOOptions& options, Slice* result,
                char* scratch, IODebugContext* context) const override {
    if (!only_announced) {
      return FSRandomAccessFileOwnerWrapper::Read(offset, size, options, result, scratch, context);
    }
    // A disk that fails here fails again in the read that follows, and that one is asked why.
    static_cast<void>(target()->Prefetch(offset, size, options, context));
    return IOStatus::Aborted("only announced");
  }
};

class AnnouncingFileSystem : public rocksdb::FileSystemWrapper {
 public:
  using FileSystemWrapper::FileSystemWrapper;
  const char* Name() const override { return "AnnouncingFileSystem"; }

  IOStatus NewRandomAccessFile(const std::string& path, const rocksdb::FileOptions& options,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                               IODebugContext* context) override {
    // To open a table is to read its index, in earnest: the read that follows does it.
    if (only_announced) return IOStatus::Aborted("only announced");
    const IOStatus status = FileSystemWrapper::NewRandomAccessFile(path, options, file, context);
    if (status.ok()) *file = std::make_unique<AnnouncingReader>(std::move(*file));
    return status;
  }
};

}  // namespace

AnnouncedReads::AnnouncedReads() {
  CHECK(!only_announced);
  only_announced = true;
}

AnnouncedReads::~AnnouncedReads() {
  only_announced = false;
}

std::unique_ptr<rocksdb::Env> MakeAnnouncingEnv(rocksdb::Env& under) {
  return rocksdb::NewCompositeEnv(std::make_shared<AnnouncingFileSystem>(under.GetFileSystem()));
}

}  // namespace probatio::store
