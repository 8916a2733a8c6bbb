// A box on one machine's disk, in RocksDB. What it keeps is sealed already: it is not compressed again, and a
// write is on disk when it returns. Thread-safe.
#pragma once

#include <memory>

#include "seal/box.h"

namespace rocksdb {
class DB;
}

namespace probatio::store {

enum class Access { kReadWrite, kReadOnly };

class RocksBox : public seal::Box {
 public:
  // kReadWrite makes the directory where there is none and holds it alone; kReadOnly needs one that is there,
  // and sees it as it was when it was opened. kStorage says what RocksDB said.
  static Result<std::unique_ptr<RocksBox>> Open(const std::string& path, Access access);
  ~RocksBox() override;

  Status Write(std::span<const seal::BoxEntry> entries) override;  // kStorage when opened read-only
  Result<std::optional<Buffer>> Read(const std::string& key) const override;
  Status Erase(std::span<const std::string> keys) override;  // kStorage when opened read-only
  Result<std::vector<std::string>> List(const std::string& prefix) const override;

 private:
  explicit RocksBox(std::unique_ptr<rocksdb::DB> db);
  std::unique_ptr<rocksdb::DB> db_;
};

}  // namespace probatio::store
