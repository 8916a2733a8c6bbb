// One file of a watched folder, open: what it is known by, and its pieces from where an earlier reading
// stopped. For watched_folder.cc only. Not thread-safe.
#pragma once

#include <memory>

#include "collect/arrivals.h"
#include "collect/file_positions.h"
#include "decode/cut/cutter.h"

namespace probatio::collect {

inline constexpr std::size_t kFilePartBytes = 1U << 20;  // read at once

class WatchedFile {
 public:
  // kStorage when it cannot be opened or read. A name that leads elsewhere (a symbolic link) is not followed.
  static Result<std::unique_ptr<WatchedFile>> Open(const std::string& path);
  ~WatchedFile();
  WatchedFile(const WatchedFile&) = delete;
  WatchedFile& operator=(const WatchedFile&) = delete;

  const FileIdentity& identity() const { return identity_; }
  Bytes head() const { return head_; }
  // Is it that file, read earlier, when it had perhaps fewer octets?
  Result<bool> IsSame(const FileIdentity& earlier) const;
  // Was it cut short, or written anew in its place (copytruncate)?
  Result<bool> WasTruncated() const;

  // Does it hold, up to the place, what the file held whose place it is?
  Result<bool> Holds(const FilePosition& position) const;

  // Reading goes on from `offset`, before which the octets have this sum; of a format whose first piece names
  // the columns that piece comes first.
  Status Begin(std::uint64_t offset, std::uint64_t sum, std::unique_ptr<decode::Cutter> cutter,
               const Buffer& header);
  // The next pieces, until the batch is full or all is read. `last`: an unfinished piece is one.
  Status Fill(ArrivalBatch* batch, bool last);

  // What was read and is no whole piece, as one: its file holds other octets now.
  void AddUnfinished(ArrivalBatch* batch);

  std::uint64_t offset() const { return offset_; }  // of the first octet that is in no batch yet
  std::uint64_t sum() const { return sum_; }        // OctetSum of what stands before it
  std::uint64_t read_to() const { return offset_ + rest_.size(); }
  bool all_read() const { return all_read_; }  // at the last Fill
  std::uint16_t session = 0;                   // tells its decoder from those of other files
  IpAddress sender;

 private:
  WatchedFile(std::string path, int file) : path_(std::move(path)), file_(file) {}
  Status LookAt();
  Result<std::uint64_t> Size() const;
  Result<Buffer> ReadAt(std::uint64_t offset, std::size_t most) const;

  std::string path_;
  int file_;
  FileIdentity identity_;
  Buffer head_;
  std::unique_ptr<decode::Cutter> cutter_;
  Buffer header_;  // to come first
  std::uint64_t offset_ = 0;
  std::uint64_t sum_ = kOctetSumBegin;
  Buffer rest_;  // read, and in no batch yet
  bool all_read_ = false;
};

}  // namespace probatio::collect
