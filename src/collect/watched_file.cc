#include "collect/watched_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace probatio::collect {
namespace {

Error Failed(const std::string& path, const char* doing) {
  return StorageError(fmt::format("{}: cannot {}: {}", path, doing, std::strerror(errno)));
}

}  // namespace

Result<std::unique_ptr<WatchedFile>> WatchedFile::Open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) return Failed(path, "open");
  std::unique_ptr<WatchedFile> opened(new WatchedFile(path, file));
  TRY(opened->LookAt());
  return opened;
}

WatchedFile::~WatchedFile() {
  ::close(file_);
}

Status WatchedFile::LookAt() {
  struct stat status {};
  if (::fstat(file_, &status) != 0) return Failed(path_, "look at");
  if (!S_ISREG(status.st_mode)) return Invalid(path_ + ": no regular file");
  head_ = TRY(ReadAt(0, kFileHeadBytesMax));
  identity_ = {status.st_dev, status.st_ino, head_.size(), OctetSum(head_)};
  return Done{};
}

Result<std::uint64_t> WatchedFile::Size() const {
  struct stat status {};
  if (::fstat(file_, &status) != 0) return Failed(path_, "look at");
  return static_cast<std::uint64_t>(status.st_size);
}

Result<Buffer> WatchedFile::ReadAt(std::uint64_t offset, std::size_t most) const {
  Buffer bytes(most);
  std::size_t size = 0;
  while (size < most) {
    const ssize_t got = ::pread(file_, bytes.data() + size, most - size, static_cast<off_t>(offset + size));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed(path_, "read");
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  bytes.resize(size);
  return bytes;
}

Result<bool> WatchedFile::IsSame(const FileIdentity& earlier) const {
  const Buffer head = TRY(ReadAt(0, std::min<std::size_t>(earlier.head_bytes, kFileHeadBytesMax)));
  return head.size() == earlier.head_bytes && OctetSum(head) == earlier.head_sum;
}

Result<bool> WatchedFile::WasTruncated() const {
  const std::uint64_t size = TRY(Size());
  if (size < read_to()) return true;
  const bool same = TRY(IsSame(identity_));
  return !same;
}

Result<bool> WatchedFile::Holds(const FilePosition& position) const {
  const bool begins_so = TRY(IsSame(position.file));
  if (!begins_so) return false;
  std::uint64_t sum = kOctetSumBegin;
  for (std::uint64_t at = 0; at < position.offset;) {
    const Buffer some = TRY(ReadAt(at, std::min<std::uint64_t>(kFilePartBytes, position.offset - at)));
    if (some.empty()) return false;  // it is shorter
    sum = OctetSum(some, sum);
    at += some.size();
  }
  return sum == position.sum;
}

Status WatchedFile::Begin(std::uint64_t offset, std::uint64_t sum, std::unique_ptr<decode::Cutter> cutter,
                          const Buffer& header) {
  TRY(LookAt());
  sum_ = sum;
  cutter_ = std::move(cutter);
  header_ = header;
  offset_ = offset;
  rest_.clear();
  all_read_ = false;
  return Done{};
}

Status WatchedFile::Fill(ArrivalBatch* batch, bool last) {
  const auto add = [&](Bytes piece) { batch->Add(piece, sender, session); };
  if (!header_.empty()) add(header_);
  header_.clear();
  while (!batch->is_full()) {
    const Buffer more = TRY(ReadAt(read_to(), kFilePartBytes));
    all_read_ = more.size() < kFilePartBytes;
    rest_.insert(rest_.end(), more.begin(), more.end());
    std::size_t done = 0;
    Status cut_all = Done{};
    while (done < rest_.size() && !batch->is_full()) {
      const Result<decode::Cut> cut = cutter_->Next(Bytes(rest_).subspan(done), all_read_ && last);
      if (!cut.ok()) {
        cut_all = cut.error();
        break;
      }
      if (cut.value().size == 0) break;
      if (cut.value().piece.has_value()) add(cut.value().piece->bytes);
      done += cut.value().size;
    }
    sum_ = OctetSum(Bytes(rest_).first(done), sum_);
    rest_.erase(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(done));
    offset_ += done;
    TRY(Status(cut_all));
    if (all_read_) {
      all_read_ = rest_.empty() || !batch->is_full();
      return Done{};
    }
  }
  return Done{};
}

void WatchedFile::AddUnfinished(ArrivalBatch* batch) {
  if (!rest_.empty()) batch->Add(rest_, sender, session);
  sum_ = OctetSum(rest_, sum_);
  offset_ += rest_.size();
  rest_.clear();
}

}  // namespace probatio::collect
