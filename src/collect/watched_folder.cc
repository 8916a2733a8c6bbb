#include "collect/watched_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fnmatch.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

namespace probatio::collect {

namespace fs = std::filesystem;

// A file that is being read. `number` tells this reading from one of the same inode before it was truncated.
struct WatchedFolder::Followed {
  std::unique_ptr<WatchedFile> file;
  std::string name;
  std::uint64_t number = 0;
  std::uint64_t pushed_to = 0;  // octets that are in the queue, or beyond it
  bool rotated = false;         // its name is no longer one of ours
  Instant last_growth;
};

WatchedFolder::WatchedFolder(WatchedFolderSettings settings, const Clock& clock, ArrivalQueue* queue,
                             std::function<void(const std::string&)> say)
    : settings_(std::move(settings)), clock_(clock), queue_(queue), say_(std::move(say)) {}
WatchedFolder::~WatchedFolder() = default;

Status WatchedFolder::Open() {
  if (settings_.finished_days < 1 || settings_.finished_days > kFinishedDaysMax)
    return Invalid(fmt::format("{}: read files are kept 1 to {} days", settings_.folder, kFinishedDaysMax));
  std::error_code error;
  for (const char* const name : {"done", "failed"}) {
    fs::create_directories(settings_.folder + "/" + name, error);
    if (error) return StorageError(settings_.folder + "/" + name + ": cannot make it: " + error.message());
  }
  return LoadPositions();
}

Status WatchedFolder::LoadPositions() {
  const std::vector<FilePosition> positions = TRY(ReadPositions(settings_.positions));
  const std::lock_guard lock(positions_mutex_);
  positions_.clear();
  for (const FilePosition& position : positions) positions_[next_number_++] = position;
  return Done{};
}

Status WatchedFolder::Run(const std::atomic<bool>& stop) {
  if (!running_) TRY(LoadPositions());
  running_ = true;
  while (!stop && !queue_->closed()) {
    TRY(Round());
    std::this_thread::sleep_for(kFolderWait);
  }
  return Done{};
}

Status WatchedFolder::Round() {
  const std::vector<Entry> entries = TRY(List());
  std::set<std::uint64_t> ours;
  for (const Entry& entry : entries) {
    const bool matches = ::fnmatch(settings_.glob.c_str(), entry.name.c_str(), FNM_PERIOD) == 0;
    if (matches) ours.insert(entry.inode);
    const auto known = followed_.find(entry.inode);
    if (known != followed_.end()) {
      known->second->name = entry.name;
    } else if (matches && ignored_.count(entry.inode) == 0 && followed_.size() < kWatchedOpenMax &&
               IsReady(entry)) {
      Start(entry);
    }
  }
  std::erase_if(seen_, [&](const auto& seen) { return ours.count(seen.first) == 0; });
  for (auto& [inode, followed] : followed_) {
    followed->rotated = ours.count(inode) == 0;
    const Status read = ReadOn(followed.get());
    if (queue_->closed()) return Done{};
    if (read.ok()) continue;
    Fail(followed->name, read.error());
    followed->file.reset();
  }
  for (auto& [inode, followed] : followed_) {
    if (followed->file != nullptr && IsAtEnd(*followed)) {
      Finish(*followed);
      followed->file.reset();
    }
  }
  std::erase_if(followed_, [](const auto& one) { return one.second->file == nullptr; });
  if (clock_.Now() >= next_removal_) {
    for (const char* const name : {"/done", "/failed"}) RemoveOld(settings_.folder + name);
    ForgetUnseen(entries);
    next_removal_ = clock_.Now() + kNsPerHour;
  }
  const std::lock_guard lock(positions_mutex_);
  if (not_saved_) Save();
  if (not_saved_) say_(not_saved_->what());
  return Done{};
}

Result<std::vector<WatchedFolder::Entry>> WatchedFolder::List() const {
  std::error_code error;
  std::vector<Entry> entries;
  for (fs::directory_iterator at(settings_.folder, error), end; !error && at != end; at.increment(error)) {
    struct stat status {};
    if (::lstat(at->path().c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    entries.push_back({at->path().filename(), status.st_ino, static_cast<std::uint64_t>(status.st_size)});
    if (entries.size() > kWatchedEntriesMax)
      return StorageError(fmt::format("{}: more than {} files", settings_.folder, kWatchedEntriesMax));
  }
  if (error) return StorageError(settings_.folder + ": cannot list: " + error.message());
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return entries;
}

bool WatchedFolder::IsReady(const Entry& entry) {
  if (settings_.growing) return entry.bytes != 0;
  const Instant now = clock_.Now();
  const auto [seen, fresh] = seen_.try_emplace(entry.inode, Seen{entry.bytes, now});
  if (seen->second.bytes != entry.bytes) seen->second = {entry.bytes, now};
  return now - seen->second.since >= kSettleNs;
}

// What cannot be read at all is moved away, so that it does not stand in the way of the others.
void WatchedFolder::Start(const Entry& entry) {
  auto followed = std::make_unique<Followed>();
  followed->name = entry.name;
  const Status started = [&]() -> Status {
    followed->file = TRY(WatchedFile::Open(settings_.folder + "/" + entry.name));
    if (settings_.check) TRY(settings_.check(followed->file->head()));
    const Place place = TRY(PlaceToStart(*followed->file));
    return StartReading(followed.get(), place);
  }();
  if (!started.ok()) {
    Fail(entry.name, started.error());
    return;
  }
  ++counts_.files;
  followed_[followed->file->identity().inode] = std::move(followed);
}

// A file is the one that was read when it holds the same octets up to the place: inodes are given again, and
// logs may begin alike. The copy of a growing file, which copytruncate leaves under another inode, is known
// in the same way once its beginning is whole: it is read from where its original was.
Result<WatchedFolder::Place> WatchedFolder::PlaceToStart(const WatchedFile& file) {
  const std::lock_guard lock(positions_mutex_);
  for (auto position = positions_.begin(); position != positions_.end(); ++position) {
    const FileIdentity& earlier = position->second.file;
    const bool by_inode = earlier.inode == file.identity().inode && earlier.device == file.identity().device;
    const bool by_head = settings_.growing && earlier.head_bytes == kFileHeadBytesMax;
    if (!by_inode && !by_head) continue;
    const bool same = TRY(file.Holds(position->second));
    if (!same) continue;
    const Place place{position->second.offset, position->second.sum};
    if (by_inode) positions_.erase(position);  // the new reading has a position of its own
    return place;
  }
  return Place();
}

Status WatchedFolder::StartReading(Followed* followed, const Place& place) {
  Buffer header;
  if (settings_.has_header && place.offset != 0) {
    const auto cutter = settings_.make_cutter();
    const decode::Cut first = TRY(cutter->Next(followed->file->head(), false));
    if (!first.piece) return Invalid("its header is longer than its beginning");
    header = ToBuffer(first.piece->bytes);
  }
  TRY(followed->file->Begin(place.offset, place.sum, settings_.make_cutter(), header));
  followed->file->session = next_session_++;
  followed->file->sender = settings_.sender;
  followed->number = next_number_++;
  followed->pushed_to = place.offset;
  followed->last_growth = clock_.Now();
  const std::lock_guard lock(positions_mutex_);
  MakeRoom();
  positions_[followed->number] = {followed->file->identity(), place.offset, place.sum, clock_.Now()};
  Save();
  return Done{};
}

Status WatchedFolder::ReadOn(Followed* followed) {
  WatchedFile& file = *followed->file;
  const bool truncated = settings_.growing && TRY(file.WasTruncated());
  if (truncated) {
    ArrivalBatch batch(settings_.listener, clock_.Now());
    batch.of_file = true;
    file.AddUnfinished(&batch);
    Push(followed, std::move(batch));
    return Restart(followed);
  }
  const bool waited = clock_.Now() - followed->last_growth >= kRotatedWaitNs;
  const bool last = !settings_.growing || (followed->rotated && waited);
  do {
    ArrivalBatch batch(settings_.listener, clock_.Now());
    batch.of_file = true;
    const std::uint64_t before = file.read_to();
    const Status filled = file.Fill(&batch, last);
    if (file.read_to() != before) followed->last_growth = clock_.Now();
    Push(followed, std::move(batch));
    TRY(Status(filled));
  } while (!file.all_read() && !queue_->closed());
  return Done{};
}

// What was not read before the file was cut short lies in its copy, if anywhere.
Status WatchedFolder::Restart(Followed* followed) {
  ++counts_.truncated;
  say_(settings_.folder + "/" + followed->name + ": truncated; read from its begin");
  Forget(followed->number);
  return StartReading(followed, {});
}

void WatchedFolder::Push(Followed* followed, ArrivalBatch&& batch) {
  const Place to{followed->file->offset(), followed->file->sum()};
  if (batch.arrivals().empty()) return;  // octets without a piece go with the next that has one
  counts_.pieces += batch.arrivals().size();
  followed->pushed_to = to.offset;
  batch.on_durable = [this, number = followed->number, to] { Durable(number, to); };
  queue_->Push(std::move(batch));
}

bool WatchedFolder::IsAtEnd(const Followed& followed) const {
  const WatchedFile& file = *followed.file;
  const bool ends =
      !settings_.growing || (followed.rotated && clock_.Now() - followed.last_growth >= kRotatedWaitNs);
  if (!ends || !file.all_read() || file.read_to() != file.offset()) return false;
  const std::lock_guard lock(positions_mutex_);
  const auto position = positions_.find(followed.number);
  return position != positions_.end() && position->second.offset >= followed.pushed_to;
}

// A growing file belongs to whoever rotates it. Of the others the position goes last: a crash before that
// finds a file that is read to its end.
void WatchedFolder::Finish(const Followed& followed) {
  ++counts_.finished;
  if (!settings_.growing) {
    const Status gone = [&]() -> Status {
      std::error_code error;
      if (settings_.delete_finished) {
        fs::remove(settings_.folder + "/" + followed.name, error);
        if (error) return StorageError("cannot be deleted: " + error.message());
      } else {
        TRY(MoveTo("done", followed.name));
      }
      return Done{};
    }();
    if (!gone.ok()) {
      ignored_.insert(followed.file->identity().inode);
      say_(fmt::format("{}/{}: read, but {}", settings_.folder, followed.name, gone.error().what()));
      return;
    }
  }
  Forget(followed.number);
}

void WatchedFolder::Fail(const std::string& name, const Error& reason) {
  ++counts_.failed;
  const std::string path = settings_.folder + "/" + name;
  say_(fmt::format("{}: {}", path, reason.what()));
  struct stat status {};
  const bool known = ::lstat(path.c_str(), &status) == 0;
  if (settings_.growing) {
    if (known) ignored_.insert(status.st_ino);
    return;
  }
  const Result<std::string> target = MoveTo("failed", name);
  if (target.ok()) {
    std::ofstream(target.value() + ".reason") << reason.what() << "\n";
    return;
  }
  if (known) ignored_.insert(status.st_ino);
  say_(fmt::format("{}: {}", path, target.error().what()));
}

Result<std::string> WatchedFolder::MoveTo(const std::string& folder, const std::string& name) const {
  const std::string path = settings_.folder + "/" + name;
  std::string target = fmt::format("{}/{}/{}", settings_.folder, folder, name);
  for (std::size_t n = 1; n <= kWatchedEntriesMax; ++n) {
    std::error_code error;
    const bool taken = fs::exists(fs::symlink_status(target, error)) ||
                       fs::exists(fs::symlink_status(target + ".reason", error));
    if (!taken && ::renameat2(AT_FDCWD, path.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) == 0)
      return target;
    // Not every file system knows RENAME_NOREPLACE; there the look before is all there is.
    if (!taken && errno == EINVAL && ::rename(path.c_str(), target.c_str()) == 0) return target;
    if (!taken && errno != EEXIST)
      return StorageError(fmt::format("cannot be moved to {}/: {}", folder, std::strerror(errno)));
    target = fmt::format("{}/{}/{}.{}", settings_.folder, folder, name, n);
  }
  return StorageError(fmt::format("cannot be moved to {}/: too many of its name", folder));
}

// By the time of the renaming, which a file's own change of content does not move.
void WatchedFolder::RemoveOld(const std::string& folder) {
  const Instant oldest = clock_.Now() - settings_.finished_days * kNsPerDay;
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    const fs::path path = entries->path();
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    std::error_code not_removed;  // tried again at the next look
    if (Instant::FromUnixSeconds(status.st_ctim.tv_sec) < oldest) fs::remove(path, not_removed);
  }
}

void WatchedFolder::Durable(std::uint64_t number, const Place& place) {
  const std::lock_guard lock(positions_mutex_);
  const auto position = positions_.find(number);
  if (position == positions_.end()) return;  // its file was truncated meanwhile
  position->second.offset = place.offset;
  position->second.sum = place.sum;
  Save();
}

void WatchedFolder::Forget(std::uint64_t number) {
  const std::lock_guard lock(positions_mutex_);
  positions_.erase(number);
  Save();
}

void WatchedFolder::ForgetUnseen(const std::vector<Entry>& entries) {
  const Instant now = clock_.Now();
  std::set<std::uint64_t> present;
  for (const Entry& entry : entries) present.insert(entry.inode);
  for (const auto& [inode, followed] : followed_) present.insert(inode);
  const std::lock_guard lock(positions_mutex_);
  for (auto& [number, position] : positions_)
    if (present.count(position.file.inode) > 0) position.seen = now;
  std::erase_if(positions_, [&](const auto& one) { return now - one.second.seen > kForgottenAfterNs; });
  Save();
}

void WatchedFolder::MakeRoom() {
  if (positions_.size() < kPositionsMax) return;
  positions_.erase(std::min_element(
      positions_.begin(), positions_.end(),
      [](const auto& one, const auto& other) { return one.second.seen < other.second.seen; }));
}

void WatchedFolder::Save() {
  std::vector<FilePosition> all;
  for (const auto& [number, position] : positions_) all.push_back(position);
  const Status saved = WritePositions(settings_.positions, all);
  not_saved_ = saved.ok() ? std::optional<Error>() : saved.error();
}

}  // namespace probatio::collect
