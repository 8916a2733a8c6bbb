// A box on one machine's disk, in RocksDB. What it keeps is sealed already: it is not compressed again, and a
// write is on disk when it returns. Thread-safe.
//
// Contents of segments go, sorted, straight into table files that are handed to RocksDB whole: no log, no
// compaction, one set of files for each segment, which a purge deletes as files. The comment at MakeOptions
// has the figures. The few other entries take RocksDB's usual way through its log.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "seal/box.h"
#include "store/rocksdb/disk_faults.h"

namespace probatio::store {

enum class Access { kReadWrite, kReadOnly };

inline constexpr std::size_t kStageBytesMax = 64U << 20;        // held in memory; then written to a file
inline constexpr std::size_t kBlockCacheBytesMax = 256U << 20;  // of what was read
inline constexpr int kOpenFilesMax = 512;  // table files held open, each of contents with its index

class RocksBox : public seal::Box {
 public:
  // kReadWrite makes the directory where there is none and holds it alone; kReadOnly needs one that is there,
  // and sees it as it was when it was opened. kStorage names the file, the reason and the next step.
  // `faults` is for tests and outlives the box.
  static Result<std::unique_ptr<RocksBox>> Open(const std::string& path, Access access,
                                                DiskFaults* faults = nullptr);
  ~RocksBox() override;

  // All that change something: kStorage when opened read-only.
  Status Write(std::span<const seal::BoxEntry> entries) override;
  Status Stage(std::vector<seal::BoxEntry> entries) override;
  Status Settle() override;
  Result<std::optional<Buffer>> Read(const std::string& key) const override;
  void Announce(std::span<const std::string> keys) const override;
  Status Erase(std::span<const std::string> keys) override;
  Status EraseAll(const std::string& prefix) override;
  Result<std::vector<std::string>> List(const std::string& prefix) const override;

 private:
  struct Store;  // RocksDB's parts
  class Staging;

  RocksBox(std::unique_ptr<Store> store, std::unique_ptr<Staging> staging);
  std::unique_ptr<Store> store_;
  std::mutex staging_mutex_;
  std::unique_ptr<Staging> staging_;  // null when opened read-only
};

}  // namespace probatio::store
