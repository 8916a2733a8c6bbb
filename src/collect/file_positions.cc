#include "collect/file_positions.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

namespace probatio::collect {
namespace {

constexpr std::string_view kBegin = "probatio-positions/2\n";
constexpr std::uint64_t kSeenSecondsMax = 9'000'000'000;  // what an Instant holds

Error Failed(const std::string& path, const char* doing) {
  return StorageError(fmt::format("{}: cannot {}: {}", path, doing, std::strerror(errno)));
}

class Descriptor {
 public:
  explicit Descriptor(int file) : file_(file) {}
  ~Descriptor() {
    if (file_ >= 0) ::close(file_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return file_; }

 private:
  int file_;
};

Result<FilePosition> ParseLine(std::string_view line) {
  std::array<std::uint64_t, 7> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::string_view word = line.substr(0, line.find(' '));
    const auto read = std::from_chars(word.data(), word.data() + word.size(), numbers.at(i));
    if (read.ec != std::errc() || read.ptr != word.data() + word.size()) return Invalid("not seven numbers");
    line.remove_prefix(std::min(line.size(), word.size() + 1));
  }
  if (!line.empty()) return Invalid("more than seven numbers");
  if (numbers[6] > kSeenSecondsMax) return Invalid("seen at no instant");
  const Instant seen = Instant::FromUnixSeconds(static_cast<std::int64_t>(numbers[6]));
  return FilePosition{{numbers[0], numbers[1], numbers[2], numbers[3]}, numbers[4], numbers[5], seen};
}

Status WriteAll(int file, const std::string& path, Bytes content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed(path, "write");
    content = content.subspan(static_cast<std::size_t>(written));
  }
  if (::fdatasync(file) != 0) return Failed(path, "sync");
  return Done{};
}

}  // namespace

std::uint64_t OctetSum(Bytes octets, std::uint64_t before) {
  std::uint64_t sum = before;
  for (const std::uint8_t octet : octets) sum = (sum ^ octet) * 0x100'0000'01B3U;
  return sum;
}

std::string PositionsText(const std::vector<FilePosition>& positions) {
  std::string text(kBegin);
  for (const FilePosition& one : positions) {
    text += fmt::format("{} {} {} {} {} {} {}\n", one.file.device, one.file.inode, one.file.head_bytes,
                        one.file.head_sum, one.offset, one.sum,
                        std::max<std::int64_t>(0, one.seen.unix_ns() / kNsPerSecond));
  }
  return text;
}

Result<std::vector<FilePosition>> ParsePositions(std::string_view text) {
  if (!text.starts_with(kBegin)) return Invalid("positions: not such a file, or of a newer version");
  text.remove_prefix(kBegin.size());
  std::vector<FilePosition> positions;
  for (std::size_t number = 2; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return Invalid(fmt::format("positions: line {}: cut off", number));
    if (positions.size() == kPositionsMax) return Invalid("positions: more than the limit");
    const FilePosition position =
        TRY_IN(fmt::format("positions: line {}", number), ParseLine(text.substr(0, end)));
    positions.push_back(position);
    text.remove_prefix(end + 1);
  }
  return positions;
}

Result<std::vector<FilePosition>> ReadPositions(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0 && errno == ENOENT) return std::vector<FilePosition>();
  if (file.get() < 0) return Failed(path, "open");
  std::string text;
  std::array<char, 65'536> part{};
  while (true) {
    const ssize_t got = ::read(file.get(), part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed(path, "read");
    if (got == 0) break;
    text.append(part.data(), static_cast<std::size_t>(got));
    if (text.size() > kPositionsBytesMax) return Invalid(path + ": larger than its limit");
  }
  std::vector<FilePosition> positions = TRY_IN(path, ParsePositions(text));
  return positions;
}

Status WritePositions(const std::string& path, const std::vector<FilePosition>& positions) {
  const std::string beside = path + ".new";
  {
    const Descriptor file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (file.get() < 0) return Failed(beside, "create");
    const std::string text = PositionsText(positions);
    TRY(WriteAll(file.get(), beside, AsBytes(text)));
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) return Failed(path, "rename into place");
  const std::string folder = std::filesystem::absolute(path).parent_path().string();
  const Descriptor above(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (above.get() < 0 || ::fsync(above.get()) != 0) return Failed(folder, "sync");
  return Done{};
}

}  // namespace probatio::collect
