// The NAT rows of a run, as small numbers: events come in, creates meet their deletes, and each row is filed
// under the window of its end (docs/formats/window.md, "Sessions"). Memory is bounded: what passes the limit
// is sorted and spilled, sealed, to a file, and read back in order at the close. Not thread-safe.
#pragma once

#include <functional>
#include <map>

#include "keep/nat_spill.h"
#include "seal/nat_batch_row.h"
#include "seal/nat_event_row.h"
#include "seal/nat_groups.h"
#include "seal/open_nat_sessions.h"

namespace probatio::keep {

// 48 octets a row: 768 MiB, and up to half as much again as room to grow. One quarter of an hour of 18,000
// new sessions a second fits without a spill.
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
  seal::NatBatchRowMaker& batch_maker() { return batch_maker_; }
  const seal::NatTables& tables() const { return tables_; }

  // Room for `count` rows more; spills when there is none. kStorage "spill: no space left: ..." leaves all as
  // it was.
  Status MakeRoom(std::size_t count);
  // Events, or rows that are create and delete, by GroupNatRows: of one token in order of arrival. Cannot
  // fail: they are journaled already.
  // `handed_into`: creates that another run has handed over, journaled in this window; those of earlier
  // windows that run has carried through all between.
  void Add(std::span<const seal::NatRow> rows, const seal::Window* handed_into = nullptr);
  // Takes out the creates that wait, the earliest first.
  std::vector<seal::WaitingNat> TakeWaiting() { return open_.TakeAll(); }
  void PutBack(std::span<const seal::WaitingNat> waiting);
  // One that another run takes over from `next` on: it is filed in each window that lies whole before that
  // one. MakeRoom comes first, as for FileLoose.
  void FileHandedOver(const seal::WaitingNat& begin, const seal::Window& next);
  void FileLoose(const seal::WaitingNat& begin);
  // No more events come: creates without a delete are filed as they are, loose, and not carried: a segment
  // with loose rows is searched by every question. kStorage as MakeRoom.
  Status FileOpen();

  // Windows that have rows, after FileOpen.
  std::vector<seal::Window> windows() const;
  bool has(const seal::Window& window) const { return windows_.contains(window); }
  std::uint64_t rows(const seal::Window& window) const;
  std::uint64_t loose(const seal::Window& window) const;  // seal::SegmentInfo
  std::uint64_t spilled() const { return spill_.rows(); }

  // The window's rows, part by part: tokens by NatGroup::key, each with all of its rows, in any order. What
  // was in memory is freed.
  using TokenRows = std::vector<seal::NatRow>;
  using Part = std::function<Status(std::span<TokenRows> tokens)>;
  Status ByToken(const seal::Window& window, const Part& part);
  // The tokens of the window, by NatGroup::key, ascending; before ByToken. Their counts do not matter.
  std::vector<seal::NatGroup> Groups(const seal::Window& window) const;

 private:
  struct Filed {
    std::unordered_map<std::uint64_t, TokenRows> in_memory;  // by NatGroup::key
    std::vector<SpilledRun> spilled;
    std::vector<seal::NatGroup> spilled_groups;
    std::uint64_t rows = 0;
    std::uint64_t loose = 0;
    TokenRows& RowsOf(std::uint64_t key);
    std::vector<std::uint64_t> KeysInMemory() const;   // ascending
    std::vector<seal::NatRow> SortedInMemory() const;  // by SortNatRows
    void ClearMemory();

   private:
    std::uint64_t last_key_ = 0;
    TokenRows* last_ = nullptr;  // that of last_key_: rows come token by token
  };
  // What a shape says of its rows, without its texts.
  struct ShapeFacts {
    bool known = false;
    bool session = false;
    seal::Stream stream{};
    record::Nature nature{};
  };

  void AddOne(const seal::NatRow& row, ShapeFacts facts, std::uint32_t tag);
  std::uint32_t TagOf(const seal::Window& handed_into);
  const ShapeFacts& FactsOf(std::uint32_t shape);
  void File(const seal::NatRow& row, seal::Stream stream, bool loose);
  void FileIn(const seal::Window& window, const seal::NatRow& row, bool loose);
  void Carry(const seal::NatRow& begin, std::uint32_t tag, seal::Stream stream, Instant until);
  Status SpillAll();
  Status PartsInMemory(Filed* filed, const Part& part);
  Status PartsMerged(const seal::Window& window, const Part& part);

  seal::NatTables tables_;
  seal::NatRowMaker maker_{&tables_};
  seal::NatBatchRowMaker batch_maker_{&tables_};
  seal::OpenNatSessions open_{&tables_};
  std::vector<seal::Window> handed_into_;  // a waiting create's tag is 0, or 1 + an index here
  std::map<seal::Window, Filed> windows_;
  std::size_t in_memory_ = 0;
  std::vector<ShapeFacts> facts_;  // by shape
  seal::Window last_window_;
  Filed* last_filed_ = nullptr;  // that of last_window_
  NatSpill spill_;
  Limits limits_;
};

}  // namespace probatio::keep
