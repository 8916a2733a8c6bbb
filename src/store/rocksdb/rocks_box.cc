// The box over RocksDB: one synchronous write batch for each call, every status turned into a Result.
#include "store/rocksdb/rocks_box.h"

#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include "store/entry_limits.h"

namespace probatio::store {
namespace {

constexpr double kBloomBitsPerKey = 10;
constexpr std::size_t kLogFilesKept = 2;

Status Translate(const rocksdb::Status& status, const std::string& what) {
  if (status.ok()) return Done{};
  return StorageError("rocksdb: " + what + ": " + status.ToString());
}

rocksdb::Options MakeOptions() {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.compression = rocksdb::kNoCompression;  // sealed bytes do not compress
  options.bottommost_compression = rocksdb::kNoCompression;
  options.paranoid_checks = true;
  // A torn tail was never acknowledged and may go. Damage before it must be said aloud: the default would
  // drop all that was acknowledged after it and open without a word.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.keep_log_file_num = kLogFilesKept;
  rocksdb::BlockBasedTableOptions table;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

rocksdb::WriteOptions Durable() {
  rocksdb::WriteOptions options;
  options.sync = true;
  return options;
}

rocksdb::Slice AsSlice(const Buffer& value) {
  return {reinterpret_cast<const char*>(value.data()), value.size()};
}

}  // namespace

Result<std::unique_ptr<RocksBox>> RocksBox::Open(const std::string& path, Access access) {
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = access == Access::kReadWrite
                                     ? rocksdb::DB::Open(MakeOptions(), path, &db)
                                     : rocksdb::DB::OpenForReadOnly(MakeOptions(), path, &db);
  std::unique_ptr<rocksdb::DB> owned(db);
  TRY(Translate(status, "open"));
  return std::unique_ptr<RocksBox>(new RocksBox(std::move(owned)));
}

RocksBox::RocksBox(std::unique_ptr<rocksdb::DB> db) : db_(std::move(db)) {}
RocksBox::~RocksBox() = default;

Status RocksBox::Write(std::span<const seal::BoxEntry> entries) {
  TRY(CheckEntries(entries));
  rocksdb::WriteBatch batch;
  for (const seal::BoxEntry& entry : entries)
    TRY(Translate(batch.Put(entry.key, AsSlice(entry.value)), "write"));
  return Translate(db_->Write(Durable(), &batch), "write");
}

Result<std::optional<Buffer>> RocksBox::Read(const std::string& key) const {
  rocksdb::PinnableSlice value;
  const rocksdb::Status status = db_->Get(rocksdb::ReadOptions(), db_->DefaultColumnFamily(), key, &value);
  if (status.IsNotFound()) return std::optional<Buffer>();
  TRY(Translate(status, "read"));
  return std::optional<Buffer>(ToBuffer(AsBytes({value.data(), value.size()})));
}

// The erased bytes stay in older files until compaction. They are noise without their key, whose destruction
// is the purge.
Status RocksBox::Erase(std::span<const std::string> keys) {
  rocksdb::WriteBatch batch;
  for (const std::string& key : keys) TRY(Translate(batch.Delete(key), "erase"));
  return Translate(db_->Write(Durable(), &batch), "erase");
}

Result<std::vector<std::string>> RocksBox::List(const std::string& prefix) const {
  const std::unique_ptr<rocksdb::Iterator> entry(db_->NewIterator(rocksdb::ReadOptions()));
  std::vector<std::string> keys;
  for (entry->Seek(prefix); entry->Valid() && entry->key().starts_with(prefix); entry->Next()) {
    keys.push_back(entry->key().ToString());
  }
  TRY(Translate(entry->status(), "list"));
  return keys;
}

}  // namespace probatio::store
