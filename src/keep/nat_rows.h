// The NAT rows of a run, as small numbers: events come in, creates meet their deletes, and each row is filed
// under the window of its end (docs/formats/window.md, "Sessions"). Memory is bounded: what passes the limit
// is sorted and spilled, sealed, to a file, and read back in order at the close. Not thread-safe.
#pragma once

#include <functional>
#include <map>

#include "keep/nat_spill.h"
#include "seal/nat_event_row.h"
#include "seal/nat_groups.h"
#include "seal/open_nat_sessions.h"

namespace probatio::keep {

// 48 octets a row: 768 MiB. One quarter of an hour of 18,000 new sessions a second fits without a spill.
inline constexpr std::size_t kNatRowsInMemoryMax = 16U << 20;
// Creates that wait for their deletes, 56 octets each. Beyond, the earliest stop waiting: their ends will
// stand alone.
inline constexpr std::size_t kOpenSessionsMax = 8U << 20;
// A session that lasts through whole windows stands in each of them, so that a question looks in the window
// of its instant and the next one only; through so many at most, as far as the resolver looks (a day, a
// week).
inline constexpr std::size_t kCarriedWindowsMax = 96;
inline constexpr std::size_t kCarriedBlockDaysMax = 7;

class NatRows {
 public:
  struct Limits {
    std::size_t rows_in_memory = kNatRowsInMemoryMax;
    std::size_t open_sessions = kOpenSessionsMax;
  };
  NatRows(std::string spill_path, Disk& disk, Random& random, Limits limits);

  seal::NatRowMaker& maker() { return maker_; }
  const seal::NatTables& tables() const { return tables_; }

  // Room for `count` rows more; spills when there is none. kStorage "spill: no space left: ..." leaves all as
  // it was.
  Status MakeRoom(std::size_t count);
  // One event, or a row that is create and delete, in order of arrival. Cannot fail: it is journaled already.
  void Add(const seal::NatRow& row);
  // No more events come: creates without a delete are filed as they are, loose, and not carried: a segment
  // with loose rows is searched by every question. kStorage as MakeRoom.
  Status FileOpen();

  // Windows that have rows, after FileOpen.
  std::vector<seal::Window> windows() const;
  bool has(const seal::Window& window) const { return windows_.contains(window); }
  std::uint64_t rows(const seal::Window& window) const;
  std::uint64_t loose(const seal::Window& window) const;  // seal::SegmentInfo
  std::uint64_t spilled() const { return spill_.rows(); }

  // The window's rows by the order of SortNatRows, part by part; each part ends with a token's last row. What
  // was in memory is freed.
  using Part = std::function<Status(std::span<const seal::NatRow> rows)>;
  Status Sorted(const seal::Window& window, const Part& part);
  // The tokens of the window, by NatGroup::key, ascending; before Sorted.
  std::vector<seal::NatGroup> Groups(const seal::Window& window);

 private:
  struct Filed {
    std::vector<seal::NatRow> in_memory;
    std::vector<SpilledRun> spilled;
    std::vector<seal::NatGroup> spilled_groups;
    std::uint64_t rows = 0;
    std::uint64_t loose = 0;
  };

  void File(const seal::NatRow& row, const seal::Window& window, bool loose);
  void Carry(seal::NatRow begin, seal::Stream stream, Instant until);
  seal::Window WindowOf(const seal::NatRow& row) const;
  Status SpillAll();

  seal::NatTables tables_;
  seal::NatRowMaker maker_{&tables_};
  seal::OpenNatSessions open_{&tables_};
  std::map<seal::Window, Filed> windows_;
  std::size_t in_memory_ = 0;
  NatSpill spill_;
  Limits limits_;
};

}  // namespace probatio::keep
