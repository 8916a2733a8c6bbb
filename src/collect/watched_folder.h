// Reads the files of one folder into the queue, from a thread of its own, as a listener does. Complete files
// (written elsewhere and moved in, or not changed for a while) are read once and then moved or deleted;
// growing log files are followed by inode through rotation by renaming and by truncation (copytruncate). How
// far a file is read is recorded only when its records are durable: a restart goes on from there and loses
// nothing; a crash between the two, of milliseconds, reads one batch twice.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "base/clock.h"
#include "collect/watched_file.h"

namespace probatio::collect {

inline constexpr std::size_t kWatchedOpenMax = 256;  // files of one folder that are read at a time
inline constexpr std::size_t kWatchedEntriesMax = 100'000;
inline constexpr std::int64_t kSettleNs = 5 * kNsPerSecond;  // a file not changed for so long is complete
inline constexpr std::int64_t kRotatedWaitNs =
    kNsPerMinute;  // a rotated file that grows no more is at its end
// A place of a file that was not in the folder for so long is forgotten: should it come back, it is read
// anew.
inline constexpr std::int64_t kForgottenAfterNs = 7 * kNsPerDay;
inline constexpr int kFinishedDaysMax = 14;                   // read files in done/ and failed/ are plaintext
inline constexpr std::chrono::milliseconds kFolderWait{500};  // between two looks

struct WatchedFolderSettings {
  std::size_t listener = 0;  // its number in the configuration
  std::string folder;
  std::string glob = "*";                // of names; those that begin with a dot are passed over
  bool growing = false;                  // followed while they grow; else read when complete
  bool delete_finished = false;          // else moved to done/
  int finished_days = kFinishedDaysMax;  // how long files stay in done/ and failed/; 1 to kFinishedDaysMax
  std::string positions;    // file in which it is recorded how far files are read; of this folder alone
  IpAddress sender;         // stands for the folder in its source's list of exporters
  bool has_header = false;  // the first piece names the columns
  std::function<std::unique_ptr<decode::Cutter>()> make_cutter;
  // Can a file that begins so be read at all? May be empty.
  std::function<Status(Bytes head)> check;
};

struct WatchedFolderCounts {
  std::atomic<std::uint64_t> files = 0;  // begun
  std::atomic<std::uint64_t> finished = 0;
  std::atomic<std::uint64_t> failed = 0;
  std::atomic<std::uint64_t> truncated = 0;
  std::atomic<std::uint64_t> pieces = 0;
};

class WatchedFolder {
 public:
  // Clock and queue outlive this, and this outlives the batches in the queue. `say`: names of files and
  // reasons; called by the folder's thread.
  WatchedFolder(WatchedFolderSettings settings, const Clock& clock, ArrivalQueue* queue,
                std::function<void(const std::string&)> say);
  ~WatchedFolder();

  // Reads the positions; Run does so again, since another object may read the folder up to then. kInvalid for
  // settings that contradict each other, kStorage where the folder or the positions cannot be used.
  Status Open();
  // One look: what is new goes into the queue; what is durable is finished.
  Status Round();
  // Until `stop`, or the queue is closed. kStorage when the folder cannot be looked at; may be called again.
  Status Run(const std::atomic<bool>& stop);

  const WatchedFolderCounts& counts() const { return counts_; }

 private:
  struct Followed;
  struct Entry {
    std::string name;
    std::uint64_t inode = 0;
    std::uint64_t bytes = 0;
  };
  // How long a file has had this size.
  struct Seen {
    std::uint64_t bytes = 0;
    Instant since;
  };

  Status LoadPositions();
  Result<std::vector<Entry>> List() const;
  bool IsReady(const Entry& entry);
  void Start(const Entry& entry);
  struct Place {
    std::uint64_t offset = 0;
    std::uint64_t sum = kOctetSumBegin;  // of what stands before it
  };

  Result<Place> PlaceToStart(const WatchedFile& file);
  Status StartReading(Followed* followed, const Place& place);
  Status ReadOn(Followed* followed);
  Status Restart(Followed* followed);
  bool IsAtEnd(const Followed& followed) const;
  void Push(Followed* followed, ArrivalBatch&& batch);
  void Finish(const Followed& followed);
  void Fail(const std::string& name, const Error& reason);
  // Where it went; never over another file.
  Result<std::string> MoveTo(const std::string& folder, const std::string& name) const;
  void RemoveOld(const std::string& folder);
  void Durable(std::uint64_t number, const Place& place);
  void Forget(std::uint64_t number);
  void ForgetUnseen(const std::vector<Entry>& entries);
  void MakeRoom();  // for one more position; with positions_mutex_ held
  void Save();      // with positions_mutex_ held

  WatchedFolderSettings settings_;
  const Clock& clock_;
  ArrivalQueue* queue_;
  std::function<void(const std::string&)> say_;
  WatchedFolderCounts counts_;

  std::map<std::uint64_t, std::unique_ptr<Followed>> followed_;  // by inode
  std::map<std::uint64_t, Seen> seen_;
  std::set<std::uint64_t> ignored_;  // inodes that can be neither read nor moved away
  std::uint64_t next_number_ = 1;
  std::uint16_t next_session_ = 1;
  Instant next_removal_;
  bool running_ = false;

  mutable std::mutex positions_mutex_;
  std::map<std::uint64_t, FilePosition> positions_;  // by number of the reading
  std::optional<Error> not_saved_;
};

}  // namespace probatio::collect
