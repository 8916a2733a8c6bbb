#include "keep/nat_spill.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace probatio::keep {
namespace {

constexpr std::size_t kSealedPieceBytes = kSpillPieceRows * sizeof(seal::NatRow) + crypto::kAeadOverhead;

Error Failed(const std::string& path, std::string_view what) {
  const int reason = errno;
  if (reason == ENOSPC || reason == EDQUOT || reason == EFBIG) {
    return StorageError(fmt::format("spill: no space left: {}: free some space, or close the run", path));
  }
  return StorageError(fmt::format("spill: {}: cannot {}: {}", path, what, std::strerror(reason)));
}

// A piece opens only in its own place.
std::array<std::uint8_t, 8> PlaceOf(std::uint64_t piece) {
  std::array<std::uint8_t, 8> place;
  std::memcpy(place.data(), &piece, sizeof piece);
  return place;
}

Bytes AsOctets(std::span<const seal::NatRow> rows) {
  return {reinterpret_cast<const std::uint8_t*>(rows.data()), rows.size_bytes()};
}

}  // namespace

NatSpill::NatSpill(std::string path, Disk& disk, Random& random)
    : path_(std::move(path)),
      disk_(disk),
      nonces_(random),
      sealer_(nonces_),
      key_(crypto::RandomKey(random)) {}

NatSpill::~NatSpill() {
  if (file_ >= 0) ::close(file_);
}

Status NatSpill::Open() {
  if (file_ >= 0) return Done{};
  file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file_ < 0) return Failed(path_, "make");
  ::unlink(path_.c_str());  // it has no name from here on, so a crash leaves nothing behind
  return Done{};
}

Result<SpilledRun> NatSpill::Append(std::span<const seal::NatRow> sorted) {
  TRY(Open());
  const SpilledRun run{end_, pieces_, sorted.size()};
  std::uint64_t pieces = 0;
  std::uint64_t bytes = 0;
  for (std::span<const seal::NatRow> rest = sorted; !rest.empty();) {
    const auto piece = rest.first(std::min(rest.size(), kSpillPieceRows));
    rest = rest.subspan(piece.size());
    Buffer sealed;
    sealer_.SealTo(key_, AsOctets(piece), PlaceOf(run.first_piece + pieces), &sealed);
    for (Bytes left = sealed; !left.empty();) {
      const auto at = static_cast<std::int64_t>(end_ + bytes);
      const std::int64_t written = disk_.WriteAt(file_, left, at);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return Failed(path_, "write");
      bytes += static_cast<std::uint64_t>(written);
      left = left.subspan(static_cast<std::size_t>(written));
    }
    ++pieces;
  }
  // Only now: after an error the next rows are written over these.
  end_ += bytes;
  pieces_ += pieces;
  rows_ += sorted.size();
  return run;
}

Result<std::vector<seal::NatRow>> NatSpill::Reader::Next() {
  const std::size_t count = std::min<std::uint64_t>(kSpillPieceRows, run_.rows - done_);
  if (count == 0) return std::vector<seal::NatRow>();
  const std::uint64_t piece = done_ / kSpillPieceRows;
  Buffer sealed(count * sizeof(seal::NatRow) + crypto::kAeadOverhead);
  const std::uint64_t offset = run_.offset + piece * kSealedPieceBytes;
  for (std::size_t got = 0; got < sealed.size();) {
    const ssize_t read =
        ::pread(spill_.file_, sealed.data() + got, sealed.size() - got, static_cast<off_t>(offset + got));
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) return Failed(spill_.path_, "read");
    if (read == 0) return StorageError(fmt::format("spill: {}: shorter than was written", spill_.path_));
    got += static_cast<std::size_t>(read);
  }
  const Secret plain =
      TRY_IN("spill: " + spill_.path_, crypto::Open(spill_.key_, sealed, PlaceOf(run_.first_piece + piece)));
  std::vector<seal::NatRow> rows(count);
  std::memcpy(rows.data(), plain.reveal().data(), plain.reveal().size());
  done_ += count;
  return rows;
}

}  // namespace probatio::keep
