// The quarantine: input that could not be read is put aside, sealed, so that it can be read again once the
// decoder is mended; kQuarantineDaysMax days later the purge of erasure keys makes it noise. Putting aside
// never stops an import: what cannot be kept is counted. Not thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <span>

#include "base/clock.h"
#include "keep/quarantine_format.h"
#include "keep/store_turn.h"
#include "keep/vault.h"
#include "ledger/entry.h"

namespace probatio::keep {

inline constexpr int kQuarantineDaysMax = 14;
inline constexpr std::uint64_t kQuarantineDayBytesMax = 64U
                                                        << 20;    // of one day's files; beyond, only counted
inline constexpr std::int64_t kQuarantineRetryNs = kNsPerMinute;  // after a failure of the disk

struct QuarantineParts {
  std::string folder;  // made when it is needed
  Disk& disk;
  Vault& vault;
  const Clock& clock;
  Random& random;
  Vault::IsDying is_dying;
  StoreTurn* turn = nullptr;  // taken to make a day's key; none: the store is the caller's
  std::uint64_t day_bytes_max = kQuarantineDayBytesMax;
};

struct QuarantineCounts {
  std::uint64_t items = 0;  // put aside
  std::uint64_t bytes = 0;
  std::uint64_t over_limit = 0;  // only counted: the day was full
  std::uint64_t failed = 0;      // only counted: the disk or the vault did not take it
  bool any() const { return items + over_limit + failed != 0; }
};

class Quarantine {
 public:
  explicit Quarantine(QuarantineParts parts) : parts_(std::move(parts)) {}
  ~Quarantine();
  Quarantine(const Quarantine&) = delete;
  Quarantine& operator=(const Quarantine&) = delete;

  // `put_aside` of the item is filled in. False when it was only counted.
  bool PutAside(QuarantineItem item);
  // What was put aside is on disk.
  Status Flush();

  const QuarantineCounts& counts() const { return counts_; }
  const std::optional<Error>& trouble() const { return trouble_; }  // why `failed` is not 0: the last reason

  // "input_put_aside": counts, nothing else.
  ledger::Entry EntryOf(Instant now) const;

 private:
  Status Open(const law::CivilDate& day);
  Status Write(const QuarantineItem& item, bool* over_limit);
  void Close();

  QuarantineParts parts_;
  QuarantineCounts counts_;
  std::optional<Error> trouble_;
  Instant no_try_before_;

  int file_ = -1;
  law::CivilDate day_;
  std::string name_;  // of the file
  Key key_;
  std::uint32_t next_number_ = 0;
  std::uint64_t size_ = 0;       // of the file's whole frames
  std::uint64_t day_bytes_ = 0;  // of the other files of the day
};

// What lies there.
class QuarantineShelf {
 public:
  explicit QuarantineShelf(QuarantineParts parts) : parts_(std::move(parts)) {}

  struct Shown {
    const std::string& id;   // "20261124-3f9a01bc-17"
    law::CivilDate gone_on;  // from this day on nobody reads it
    const QuarantineItem& item;
  };
  // Every item, day by day and file by file, in the order in which a file took them; expired ones are passed
  // over. What cannot be read is told in `unreadable`, each with its reason.
  Status ForEach(const std::function<Status(const Shown&)>& show, std::vector<std::string>* unreadable) const;
  Result<QuarantineItem> Read(const std::string& id) const;  // kNotFound
  // Marks them and overwrites; a file of which nothing is left goes.
  Status Drop(std::span<const std::string> ids);
  // Files whose day has come; their keys go with the purge. How many.
  Result<std::uint64_t> RemoveExpired();

 private:
  struct Opened;
  Result<Opened> OpenFile(const std::string& name) const;
  Status DropOf(const std::string& name, const std::set<std::uint32_t>& numbers);

  QuarantineParts parts_;
};

}  // namespace probatio::keep
