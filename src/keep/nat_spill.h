// Rows that do not fit in memory, on disk for the life of a run: sealed under a key that is in memory alone,
// so that the file is noise to everybody else and after a crash. It is only an extension of memory: what
// makes a row durable is the journal. Not thread-safe.
#pragma once

#include "crypto/aead.h"
#include "crypto/system_random.h"
#include "keep/disk.h"
#include "seal/nat_row.h"

namespace probatio::keep {

inline constexpr std::size_t kSpillPieceRows = 8192;  // sealed and read back together: 384 KiB

// Where one sorted sequence of rows lies.
struct SpilledRun {
  std::uint64_t offset = 0;
  std::uint64_t first_piece = 0;
  std::uint64_t rows = 0;
};

class NatSpill {
 public:
  NatSpill(std::string path, Disk& disk, Random& random);
  ~NatSpill();
  NatSpill(const NatSpill&) = delete;
  NatSpill& operator=(const NatSpill&) = delete;

  // kStorage "spill: no space left: ...": nothing of these rows is kept here then.
  Result<SpilledRun> Append(std::span<const seal::NatRow> sorted);
  std::uint64_t rows() const { return rows_; }
  std::uint64_t bytes() const { return end_; }

  // Reads one run from its beginning, piece by piece. kCrypto when the file was altered.
  class Reader {
   public:
    Reader(const NatSpill& spill, const SpilledRun& run) : spill_(spill), run_(run) {}
    // The next rows; empty after the last.
    Result<std::vector<seal::NatRow>> Next();

   private:
    const NatSpill& spill_;
    SpilledRun run_;
    std::uint64_t done_ = 0;
  };

 private:
  Status Open();

  std::string path_;
  Disk& disk_;
  crypto::BufferedRandom nonces_;
  crypto::Sealer sealer_;
  Key key_;
  int file_ = -1;
  std::uint64_t end_ = 0;
  std::uint64_t pieces_ = 0;
  std::uint64_t rows_ = 0;
};

}  // namespace probatio::keep
