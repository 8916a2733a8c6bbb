// What a test may do to the disk under RocksBox: fail any write, sync or read. In service there is none.
#pragma once

#include <memory>
#include <string>

namespace rocksdb {
class Env;
}

namespace probatio::store {

enum class DiskAct { kWrite, kSync, kRead, kOther };  // kOther: make, link, rename, delete a file

class DiskFaults {
 public:
  virtual ~DiskFaults() = default;
  // 0 lets it happen; otherwise the errno it fails with, and nothing happens. Called from many threads.
  virtual int Before(DiskAct act, const std::string& path) = 0;
};

// The real disk behind the faults, which must outlive it.
std::unique_ptr<rocksdb::Env> MakeFaultyEnv(DiskFaults& faults);

}  // namespace probatio::store
