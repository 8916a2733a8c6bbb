// The box over RocksDB: every status turned into a Result that names the file and the next step.
#include "store/rocksdb/rocks_box.h"

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "seal/box_key.h"
#include "store/entry_limits.h"
#include "store/rocksdb/announced_reads.h"
#include "store/rocksdb/store_marker.h"

namespace probatio::store {
namespace {

namespace fs = std::filesystem;
constexpr double kBloomBitsPerKey = 10;
constexpr int kIndexRestartInterval = 16;  // keys of one segment share 15 octets: written once for so many
constexpr std::size_t kLogFilesKept = 2;
constexpr std::string_view kStagingFolder = "/staging";

// Two families of keys, so that the few small entries never share a file, and so never a compaction, with
// the contents of segments.
enum Family : std::size_t { kSmall = 0, kContents = 1, kFamilies = 2 };
Family FamilyOf(std::string_view key) {
  return key.substr(0, 1) == seal::KindPrefix(seal::BoxKind::kContents) ? kContents : kSmall;
}

// 200 000 blocks of 3 to 8 KB under keys of 35 octets, closed as 8 segments, two shared cores, everything
// synced; write and background CPU together:
//
//                               overhead    CPU        warm p50/p99   cold p50/p99
//   leveled, through the log    84 B/block  14.1 us    9.0 / 35 us    87 / 309 us
//   BlobDB, through the log     109         17.7       12.4 / 23      92 / 325
//   ingested files              84          4.2        8.3 / 23       95 / 331
//   the same, index in cache    85          4.4        9.8 / 36       119 / 294
//
// Ingested files cost a third of the CPU, for a block is written once and never again. (Keys of 90 octets of
// text would cost 183 B/block.)
rocksdb::Options MakeOptions() {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.compression = rocksdb::kNoCompression;  // sealed bytes do not compress
  options.bottommost_compression = rocksdb::kNoCompression;
  options.paranoid_checks = true;
  // A torn tail was never acknowledged and may go. Damage before it must be said aloud: the default would
  // drop all that was acknowledged after it and open without a word.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.keep_log_file_num = kLogFilesKept;
  options.max_open_files = kOpenFilesMax;
  options.skip_stats_update_on_db_open = true;  // it would read every file
  return options;
}

// Memory stays bounded whatever the size of the store. The small entries' indexes and filters are cut in
// parts that live in the block cache. Of contents, each file that is open holds its index whole, below 30
// octets for each 4 KB and so half a megabyte for a file of 64 MB at most: a look-up of a block in an open
// file is one read of the disk. No filter: whoever asks for contents knows from leaves or ledger that they
// are there, and a file with another segment's keys is told by its bounds.
rocksdb::ColumnFamilyOptions OptionsOf(Family family, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options(MakeOptions());
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  if (family == kSmall) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
    table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
    table.partition_filters = true;
    table.cache_index_and_filter_blocks = true;
    table.cache_index_and_filter_blocks_with_high_priority = true;
  } else {
    table.index_block_restart_interval = kIndexRestartInterval;
    table.cache_index_and_filter_blocks = false;
  }
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

// The first key after all that begin with the prefix.
std::string EndOf(std::string prefix) {
  while (!prefix.empty() && static_cast<std::uint8_t>(prefix.back()) == 0xFF) prefix.pop_back();
  if (prefix.empty()) return std::string(seal::kBoxKeyBytesMax + 1, '\xFF');
  prefix.back() = static_cast<char>(static_cast<std::uint8_t>(prefix.back()) + 1);
  return prefix;
}

// RocksDB's own text names the file that is at fault; we add what to do.
Status Translate(const rocksdb::Status& status, const std::string& path, const std::string& doing) {
  if (status.ok()) return Done{};
  if (status.IsNoSpace()) {
    return StorageError(fmt::format(
        "store: no space left: {}: free some space and start again; nothing acknowledged is lost", path));
  }
  std::string text = status.ToString();
  // When a table is gone RocksDB looks for it under its name of old, and complains about that one.
  if (const std::size_t old = text.find(".ldb:"); old != std::string::npos) text.replace(old, 4, ".sst");
  if (status.IsCorruption()) {
    return StorageError(fmt::format(
        "store: {}: damaged: {}: restore that file from a backup, then run `probatio window verify`", path,
        text));
  }
  const bool held = text.find("lock hold by") != std::string::npos ||  // by this process
                    text.find("While lock file") != std::string::npos;
  if (held) {
    return StorageError(fmt::format(
        "store: {}/LOCK: held by another process: wait for it or end it; do not delete the file", path));
  }
  return StorageError(fmt::format(
      "store: {}: cannot {}: {}: check the disk and the permissions, then run `probatio window verify`", path,
      doing, text));
}

}  // namespace

struct RocksBox::Store {
  std::string path;
  Access access = Access::kReadWrite;
  rocksdb::Options options;
  std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(kBlockCacheBytesMax);  // of both families
  std::unique_ptr<rocksdb::Env> faulty;  // these two outlive the database
  std::unique_ptr<rocksdb::Env> env;
  std::unique_ptr<rocksdb::DB> db;
  std::array<rocksdb::ColumnFamilyHandle*, kFamilies> families{};

  ~Store() {
    for (rocksdb::ColumnFamilyHandle* family : families) {
      if (family != nullptr) (void)db->DestroyColumnFamilyHandle(family);
    }
  }
  Status Open() {
    const std::vector<rocksdb::ColumnFamilyDescriptor> names{
        {rocksdb::kDefaultColumnFamilyName, OptionsOf(kSmall, cache)},
        {"contents", OptionsOf(kContents, cache)}};
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* opened = nullptr;
    const rocksdb::Status status =
        access == Access::kReadWrite ? rocksdb::DB::Open(options, path, names, &handles, &opened)
                                     : rocksdb::DB::OpenForReadOnly(options, path, names, &handles, &opened);
    TRY(Translate(status, path, "open"));
    db.reset(opened);
    std::copy(handles.begin(), handles.end(), families.begin());
    return Done{};
  }
  rocksdb::ColumnFamilyHandle* Of(std::string_view key) const { return families[FamilyOf(key)]; }
  Status CheckWritable() const {
    if (access == Access::kReadWrite) return Done{};
    return StorageError("store: " + path + ": opened read-only");
  }
};

// Staged entries on their way into table files. The caller holds the lock.
class RocksBox::Staging {
 public:
  explicit Staging(Store& store) : store_(store), folder_(store.path + std::string(kStagingFolder)) {}

  // Takes away what a process that died had staged.
  Status Clear() {
    entries_.clear();
    bytes_ = 0;
    for (std::vector<std::string>& files : files_) files.clear();
    std::error_code error;
    fs::remove_all(folder_, error);
    if (!error) fs::create_directory(folder_, error);
    if (error) return StorageError(fmt::format("store: {}: {}: check the disk", folder_, error.message()));
    return Done{};
  }

  Status Add(std::vector<seal::BoxEntry> entries) {
    for (seal::BoxEntry& entry : entries) {
      bytes_ += entry.key.size() + entry.value.size();
      entries_.push_back(std::move(entry));
    }
    if (bytes_ < kStageBytesMax) return Done{};
    return WriteFiles();
  }

  // One atomic change of RocksDB's manifest takes all files in.
  Status Settle() {
    TRY(WriteFiles());
    std::vector<rocksdb::IngestExternalFileArg> taken;
    for (std::size_t family = 0; family < kFamilies; ++family) {
      if (files_[family].empty()) continue;
      rocksdb::IngestExternalFileArg arg;
      arg.column_family = store_.families[family];
      arg.external_files = files_[family];
      arg.options.move_files = true;
      arg.options.write_global_seqno = false;
      taken.push_back(std::move(arg));
    }
    if (!taken.empty())
      TRY(Translate(store_.db->IngestExternalFiles(taken), store_.path, "take staged files in"));
    for (std::vector<std::string>& files : files_) files.clear();
    return Done{};
  }

 private:
  // A file holds one segment's keys only, so that files of different segments never overlap.
  static std::string_view GroupOf(const seal::BoxEntry& entry) {
    return std::string_view(entry.key).substr(0, seal::kContentsPrefixBytes);
  }

  Status WriteFiles() {
    std::stable_sort(entries_.begin(), entries_.end(),
                     [](const auto& a, const auto& b) { return a.key < b.key; });
    for (auto first = entries_.begin(); first != entries_.end();) {
      const auto last = std::find_if(first, entries_.end(),
                                     [&](const auto& entry) { return GroupOf(entry) != GroupOf(*first); });
      TRY(WriteFile({first, last}));
      first = last;
    }
    entries_.clear();
    bytes_ = 0;
    return Done{};
  }

  Status WriteFile(std::span<const seal::BoxEntry> entries) {
    const std::string path = fmt::format("{}/{}.sst", folder_, ++files_made_);
    const Family family = FamilyOf(entries.front().key);
    const rocksdb::Options options(store_.options, OptionsOf(family, store_.cache));
    // The newest windows are the likeliest to be asked for: what was just written may stay in the kernel's
    // cache.
    constexpr bool kInvalidatePageCache = false;
    rocksdb::SstFileWriter writer{rocksdb::EnvOptions(options), options, store_.families[family],
                                  kInvalidatePageCache};
    TRY(Translate(writer.Open(path), path, "create"));
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const bool superseded = i + 1 < entries.size() && entries[i + 1].key == entries[i].key;
      if (!superseded) TRY(Translate(writer.Put(entries[i].key, AsSlice(entries[i].value)), path, "write"));
    }
    TRY(Translate(writer.Finish(), path, "write"));  // syncs
    files_[family].push_back(path);
    return Done{};
  }

  Store& store_;
  std::string folder_;
  std::vector<seal::BoxEntry> entries_;
  std::size_t bytes_ = 0;
  std::array<std::vector<std::string>, kFamilies> files_;
  std::uint64_t files_made_ = 0;
};

Result<std::unique_ptr<RocksBox>> RocksBox::Open(const std::string& path, Access access, DiskFaults* faults) {
  TRY(access == Access::kReadWrite ? CheckOrMakeStore(path) : CheckStore(path));
  auto store = std::make_unique<Store>();
  store->path = path;
  store->access = access;
  store->options = MakeOptions();
  if (faults != nullptr) store->faulty = MakeFaultyEnv(*faults);
  store->env = MakeAnnouncingEnv(faults != nullptr ? *store->faulty : *rocksdb::Env::Default());
  store->options.env = store->env.get();
  TRY(store->Open());
  std::unique_ptr<Staging> staging;
  if (access == Access::kReadWrite) {
    staging = std::make_unique<Staging>(*store);
    TRY(staging->Clear());
  }
  return std::unique_ptr<RocksBox>(new RocksBox(std::move(store), std::move(staging)));
}

RocksBox::RocksBox(std::unique_ptr<Store> store, std::unique_ptr<Staging> staging)
    : store_(std::move(store)), staging_(std::move(staging)) {}
RocksBox::~RocksBox() = default;

Status RocksBox::Write(std::span<const seal::BoxEntry> entries) {
  TRY(CheckEntries(entries));
  TRY(store_->CheckWritable());
  rocksdb::WriteBatch batch;
  for (const seal::BoxEntry& entry : entries) {
    TRY(Translate(batch.Put(store_->Of(entry.key), entry.key, AsSlice(entry.value)), store_->path, "write"));
  }
  return Translate(store_->db->Write(Durable(), &batch), store_->path, "write");
}

Status RocksBox::Stage(std::vector<seal::BoxEntry> entries) {
  TRY(store_->CheckWritable());
  const std::lock_guard lock(staging_mutex_);
  Status staged = CheckEntries(entries);
  if (staged.ok()) staged = staging_->Add(std::move(entries));
  if (!staged.ok()) (void)staging_->Clear();  // the first error is the one to tell
  return staged;
}

Status RocksBox::Settle() {
  TRY(store_->CheckWritable());
  const std::lock_guard lock(staging_mutex_);
  Status settled = staging_->Settle();
  if (!settled.ok()) (void)staging_->Clear();
  return settled;
}

Result<std::optional<Buffer>> RocksBox::Read(const std::string& key) const {
  rocksdb::PinnableSlice value;
  const rocksdb::Status status = store_->db->Get(rocksdb::ReadOptions(), store_->Of(key), key, &value);
  if (status.IsNotFound()) return std::optional<Buffer>();
  TRY(Translate(status, store_->path, "read " + seal::DescribeKey(key)));
  return std::optional<Buffer>(ToBuffer(AsBytes({value.data(), value.size()})));
}

void RocksBox::Announce(std::span<const std::string> keys) const {
  const AnnouncedReads only_announced;
  for (const std::string& key : keys) {
    rocksdb::PinnableSlice ignored;
    static_cast<void>(store_->db->Get(rocksdb::ReadOptions(), store_->Of(key), key, &ignored));
  }
}

Status RocksBox::Erase(std::span<const std::string> keys) {
  TRY(store_->CheckWritable());
  rocksdb::WriteBatch batch;
  for (const std::string& key : keys) {
    TRY(Translate(batch.Delete(store_->Of(key), key), store_->path, "erase"));
  }
  return Translate(store_->db->Write(Durable(), &batch), store_->path, "erase");
}

// Files that lie wholly inside go first, which is nearly all. What is left shared a file or the log with
// others: it is erased by key, and what held it is rewritten without it. By key and not by range, for this
// RocksDB ends the process (a failed assertion in its statistics) when a disk fails under a compaction whose
// only output is a range's tombstone.
Status RocksBox::EraseAll(const std::string& prefix) {
  if (prefix.empty()) return Invalid("box: an empty prefix would erase everything");
  TRY(store_->CheckWritable());
  rocksdb::ColumnFamilyHandle* family = store_->Of(prefix);
  const std::string end = EndOf(prefix);
  const rocksdb::Slice from(prefix);
  const rocksdb::Slice to(end);
  rocksdb::DB& db = *store_->db;
  TRY(Translate(rocksdb::DeleteFilesInRange(&db, family, &from, &to, false), store_->path, "erase files"));
  const std::vector<std::string> left = TRY(List(prefix));
  TRY(Erase(left));
  // Every family, for a log file lives until all that it holds is in tables.
  for (rocksdb::ColumnFamilyHandle* each : store_->families)
    TRY(Translate(db.Flush(rocksdb::FlushOptions(), each), store_->path, "flush"));
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  return Translate(db.CompactRange(options, family, &from, &to), store_->path, "rewrite");
}

Result<std::vector<std::string>> RocksBox::List(const std::string& prefix) const {
  std::vector<std::string> keys;
  for (rocksdb::ColumnFamilyHandle* family : store_->families) {
    if (!prefix.empty() && family != store_->Of(prefix)) continue;
    const std::unique_ptr<rocksdb::Iterator> entry(store_->db->NewIterator(rocksdb::ReadOptions(), family));
    for (entry->Seek(prefix); entry->Valid() && entry->key().starts_with(prefix); entry->Next())
      keys.push_back(entry->key().ToString());
    TRY(Translate(entry->status(), store_->path, "list"));
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace probatio::store
