// Journal files on disk: "<folder>/<run>.journal", readable by their owner alone. Each is locked (flock) by
// the descriptor that writes it: the system lets go of the lock when the process ends, however it ends. One
// JournalFile is for one thread.
#include "keep/journal_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/id.h"
#include "keep/journal_disk.h"
#include "keep/journal_format.h"

namespace probatio::keep {
namespace {

constexpr std::string_view kSuffix = ".journal";

bool IsNoSpace(int reason) {
  return reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
}

Error Failed(const std::string& path, std::string_view what) {
  const int reason = errno;
  if (IsNoSpace(reason)) {
    return StorageError(
        fmt::format("journal: no space left: {}: free some space; nothing acknowledged is lost", path));
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
    if (broken_) {
      return StorageError(fmt::format(
          "journal: {}: not usable after a failed sync: check the disk; what was acknowledged can "
          "still be closed",
          path_));
    }
    const Status written = Write(pieces);
    const Status synced = written.ok() ? Sync() : written;
    if (!synced.ok()) {
      Restore();
      return synced;
    }
    for (const Bytes piece : pieces) length_ += static_cast<std::int64_t>(piece.size());
    return Done{};
  }

 private:
  Status Write(std::span<const Bytes> pieces) {
    for (const Bytes piece : pieces) TRY(WriteAll(piece));
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

  // A system forgets what it could not write and says so once: after any failure but a full disk the next
  // sync would prove nothing, not even of what was acknowledged and shares a page with it.
  Status Sync() {
    if (disk_.Sync(file_) == 0) return Done{};
    broken_ = broken_ || !IsNoSpace(errno);
    return Failed(path_, "sync");
  }

  // Nothing half-done may remain: the next append would otherwise make a torn tail look like damage in the
  // middle.
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
    TRY(LockNew(handle, path));
    const Buffer header = JournalHeaderBytes();
    const Bytes pieces[] = {header};
    Status ready = file->AppendPieces(pieces);
    if (ready.ok() && disk_.SyncFolder(folder_) != 0) ready = Failed(folder_, "sync");
    // A folder that is new, or that a run which could not be opened left, is a name in its own folder.
    const std::string above = std::filesystem::path(folder_).parent_path().string();
    if (ready.ok() && disk_.SyncFolder(above.empty() ? "." : above) != 0) ready = Failed(above, "sync");
    if (!ready.ok()) {
      ::unlink(path.c_str());
      return ready.error();
    }
    return std::unique_ptr<JournalFile>(std::move(file));
  }

  Result<bool> IsAlive(const std::string& run) const override {
    const std::string path = TRY(PathOf(run));
    const int handle = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (handle < 0 && errno == ENOENT) return false;
    if (handle < 0) return CannotRead(path);
    // Shared: two who ask at once do not take each other for the run.
    const bool locked = ::flock(handle, LOCK_SH | LOCK_NB) == 0;
    const int reason = errno;
    ::close(handle);
    if (locked || reason == EWOULDBLOCK) return !locked;
    errno = reason;
    return Failed(path, "lock");
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
    const int handle = disk_.Open(path, OpenFor::kRead);
    if (handle < 0 && errno == ENOENT) return NotFound(fmt::format("journal: {}: no such file", path));
    if (handle < 0) return CannotRead(path);
    const Result<Buffer> bytes = ReadDurable(handle, path);
    disk_.Close(handle);
    if (!bytes.ok()) return bytes.error();
    std::vector<Buffer> batches = TRY_IN("journal: " + path, ParseJournal(bytes.value()));
    return batches;
  }

  Status Remove(const std::string& run) override {
    const std::string path = TRY(PathOf(run));
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return Failed(path, "remove");
    if (disk_.SyncFolder(folder_) != 0 && errno != ENOENT) return Failed(folder_, "sync");
    return Done{};
  }

 private:
  // Between its making and its lock somebody may have taken the file for that of a dead run and removed it.
  static Status LockNew(int handle, const std::string& path) {
    int locked = -1;
    do {
      locked = ::flock(handle, LOCK_EX);  // waits for those alone who ask whether the run is alive
    } while (locked != 0 && errno == EINTR);
    struct stat state {};
    if (locked != 0 || ::fstat(handle, &state) != 0) return Failed(path, "lock");
    if (state.st_nlink > 0) return Done{};
    return StorageError(fmt::format("journal: {}: was removed while it was made: try again", path));
  }

  Result<std::string> PathOf(const std::string& run) const {
    const std::string name = TRY_IN("journal: run", CheckIdText(run));
    return folder_ + "/" + name + std::string(kSuffix);
  }

  // The ledger will vouch for what is read. A process that was killed before its sync may have left it in the
  // system's memory alone, where a power cut would take it back: synced first.
  Result<Buffer> ReadDurable(int handle, const std::string& path) const {
    if (disk_.Sync(handle) != 0) return Failed(path, "sync");
    std::error_code failure;
    const std::uintmax_t size = std::filesystem::file_size(path, failure);
    if (failure) return StorageError(fmt::format("journal: {}: cannot read: {}", path, failure.message()));
    Buffer bytes(size);
    for (std::size_t got = 0; got < bytes.size();) {
      const std::int64_t read = disk_.Read(handle, std::span(bytes).subspan(got));
      if (read < 0 && errno == EINTR) continue;
      if (read < 0) return CannotRead(path);
      if (read == 0) return StorageError(fmt::format("journal: {}: it grew shorter while it was read", path));
      got += static_cast<std::size_t>(read);
    }
    return bytes;
  }

  static Error CannotRead(const std::string& path) {
    return StorageError(fmt::format("journal: {}: cannot read: {}: check the disk and try again", path,
                                    std::strerror(errno)));
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
