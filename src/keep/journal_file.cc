// Journal files on disk: "<folder>/<run>.journal", readable by their owner alone. One JournalFile is for one
// thread.
#include "keep/journal_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/id.h"
#include "keep/journal_disk.h"
#include "keep/journal_format.h"

namespace probatio::keep {
namespace {

constexpr std::string_view kSuffix = ".journal";

Error Failed(const std::string& path, std::string_view what) {
  const int reason = errno;
  if (reason == ENOSPC || reason == EDQUOT || reason == EFBIG) {
    return StorageError(fmt::format("journal: no space left: {}", path));
  }
  return StorageError(fmt::format("journal: {}: cannot {}: {}", path, what, std::strerror(reason)));
}

class DiskJournalFile : public JournalFile {
 public:
  DiskJournalFile(int file, std::string path, Disk& disk)
      : file_(file), path_(std::move(path)), disk_(disk) {}
  ~DiskJournalFile() override { ::close(file_); }
  DiskJournalFile(const DiskJournalFile&) = delete;
  DiskJournalFile& operator=(const DiskJournalFile&) = delete;

  Status Append(std::span<const JournalBatch> batches) override {
    if (batches.empty()) return Done{};
    std::vector<Buffer> framing;  // between the batches, which are written from where they lie
    Buffer header = TRY(GroupHeaderBytes(batches));
    framing.push_back(std::move(header));
    for (const JournalBatch& batch : batches) framing.push_back(BatchLengthBytes(batch));
    std::vector<Bytes> pieces{framing.front()};
    for (std::size_t i = 0; i < batches.size(); ++i) {
      pieces.emplace_back(framing[i + 1]);
      pieces.push_back(batches[i].bytes);
    }
    return AppendPieces(pieces);
  }

  Status AppendPieces(std::span<const Bytes> pieces) {
    if (broken_) return StorageError(fmt::format("journal: {}: not usable after a failed repair", path_));
    const Status written = WriteAndSync(pieces);
    if (!written.ok()) {
      Restore();
      return written;
    }
    for (const Bytes piece : pieces) length_ += static_cast<std::int64_t>(piece.size());
    return Done{};
  }

 private:
  Status WriteAndSync(std::span<const Bytes> pieces) {
    for (const Bytes piece : pieces) TRY(WriteAll(piece));
    if (disk_.Sync(file_) != 0) return Failed(path_, "sync");
    return Done{};
  }

  Status WriteAll(Bytes bytes) {
    while (!bytes.empty()) {
      const std::int64_t written = disk_.Write(file_, bytes);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return Failed(path_, "write");
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return Done{};
  }

  // Nothing half-done may remain: the next append would otherwise make a torn tail look like damage in the
  // middle. The pages of a failed sync go with the cut, so a later sync cannot vouch for them.
  void Restore() {
    if (disk_.Truncate(file_, length_) != 0 || disk_.Sync(file_) != 0) broken_ = true;
  }

  int file_;
  std::string path_;
  Disk& disk_;
  std::int64_t length_ = 0;
  bool broken_ = false;
};

class FolderJournals : public Journals {
 public:
  FolderJournals(std::string folder, Disk& disk) : folder_(std::move(folder)), disk_(disk) {}

  Result<std::unique_ptr<JournalFile>> Create(const std::string& run) override {
    const std::string path = TRY(PathOf(run));
    if (::mkdir(folder_.c_str(), S_IRWXU) != 0 && errno != EEXIST) return Failed(folder_, "make");
    const int handle =
        ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (handle < 0) return Failed(path, "make");
    auto file = std::make_unique<DiskJournalFile>(handle, path, disk_);
    const Buffer header = JournalHeaderBytes();
    const Bytes pieces[] = {header};
    Status ready = file->AppendPieces(pieces);
    if (ready.ok() && disk_.SyncFolder(folder_) != 0) ready = Failed(folder_, "sync");
    if (!ready.ok()) {
      ::unlink(path.c_str());
      return ready.error();
    }
    return std::unique_ptr<JournalFile>(std::move(file));
  }

  Result<std::vector<std::string>> List() const override {
    std::vector<std::string> runs;
    std::error_code failure;
    std::filesystem::directory_iterator entry(folder_, failure);
    if (failure == std::errc::no_such_file_or_directory) return runs;
    for (; !failure && entry != std::filesystem::directory_iterator(); entry.increment(failure)) {
      const std::string name = entry->path().filename().string();
      if (name.ends_with(kSuffix)) runs.push_back(name.substr(0, name.size() - kSuffix.size()));
    }
    if (failure) return StorageError(fmt::format("journal: {}: cannot list: {}", folder_, failure.message()));
    std::sort(runs.begin(), runs.end());
    return runs;
  }

  Result<std::vector<Buffer>> Read(const std::string& run) const override {
    const std::string path = TRY(PathOf(run));
    std::error_code failure;
    const std::uintmax_t size = std::filesystem::file_size(path, failure);
    if (failure == std::errc::no_such_file_or_directory)
      return NotFound(fmt::format("journal: {}: no such file", path));
    if (failure) return StorageError(fmt::format("journal: {}: cannot read: {}", path, failure.message()));
    Buffer bytes(size);
    std::ifstream file(path, std::ios::binary);
    if (!file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size))) {
      return StorageError(fmt::format("journal: {}: cannot read all of it", path));
    }
    std::vector<Buffer> batches = TRY_IN("journal: " + path, ParseJournal(bytes));
    return batches;
  }

  Status Remove(const std::string& run) override {
    const std::string path = TRY(PathOf(run));
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return Failed(path, "remove");
    if (disk_.SyncFolder(folder_) != 0 && errno != ENOENT) return Failed(folder_, "sync");
    return Done{};
  }

 private:
  Result<std::string> PathOf(const std::string& run) const {
    const std::string name = TRY_IN("journal: run", CheckIdText(run));
    return folder_ + "/" + name + std::string(kSuffix);
  }

  std::string folder_;
  Disk& disk_;
};

}  // namespace

std::unique_ptr<Journals> DiskJournalsOn(const std::string& folder, Disk& disk) {
  return std::make_unique<FolderJournals>(folder, disk);
}

std::unique_ptr<Journals> DiskJournals(const std::string& folder) {
  return DiskJournalsOn(folder, SystemDisk());
}

}  // namespace probatio::keep
