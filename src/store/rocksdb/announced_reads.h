// Reads that do not wait. RocksDB finds out where a value lies and asks the file for it; a file that was told
// so lets the kernel begin and refuses, and nothing is kept of the attempt. The read that follows in earnest
// then waits for what is left. (This RocksDB reads several keys at once only with io_uring, which Debian's is
// built without.)
#pragma once

#include <memory>

namespace rocksdb {
class Env;
}

namespace probatio::store {

// While it lives, what this thread reads through an announcing environment is only announced.
class AnnouncedReads {
 public:
  AnnouncedReads();
  ~AnnouncedReads();
  AnnouncedReads(const AnnouncedReads&) = delete;
  AnnouncedReads& operator=(const AnnouncedReads&) = delete;
};

// `under` does the work and outlives it.
std::unique_ptr<rocksdb::Env> MakeAnnouncingEnv(rocksdb::Env& under);

}  // namespace probatio::store
