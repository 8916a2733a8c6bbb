// A ledger as it is published: tiles, bundles of entries, a checkpoint (c2sp.org/tlog-tiles), in a folder or
// behind a web server. Pure over a way to read and write a file; thread-safe if that is.
#pragma once

#include <functional>
#include <optional>

#include "ledger/checkpoint.h"
#include "ledger/ledger.h"
#include "ledger/tile.h"

namespace probatio::ledger {

inline constexpr std::string_view kCheckpointPath = "checkpoint";

class PublishedFiles {
 public:
  virtual ~PublishedFiles() = default;
  // kNotFound when there is no such file; errors name it.
  virtual Result<Buffer> Read(const std::string& path, std::size_t bytes_max) const = 0;
  // Whole and durable when it returns; replaces what was there.
  virtual Status Write(const std::string& path, Bytes bytes) = 0;
};

// Tiles are public; entries are for the auditor.
enum class Publish : std::uint8_t { kTilesAlone, kTilesAndEntries };

// Adds what `ledger` has and the files have not, then the checkpoint, so that whoever reads finds a whole
// tree at every moment; after a crash it goes on. What was published is never written again. kStorage when
// the files hold a longer ledger than this one ("put back to an older state"), kCrypto when they hold
// another.
Status PublishTree(const Ledger& ledger, Publish what, PublishedFiles& files);

// What was read of them, or nothing when nothing was published yet.
Result<std::optional<Checkpoint>> ReadPublished(const PublishedFiles& files, const std::string& verifier_key);

// kStorage when what was published is a longer ledger than this one ("put back to an older state"), kCrypto
// when it is another. Nothing published is no contradiction.
Status CheckContinues(const Ledger& ledger, const PublishedFiles& files);

// Entry by entry, from index 0: kept by whoever wants them.
using OnEntry = std::function<Status(std::uint64_t index, std::string entry)>;
// Reads all tiles and bundles of that tree and computes everything again. kInvalid or kCrypto names the file,
// and the entry where it is one. The checkpoint's signature is the caller's to verify.
Status VerifyTree(const PublishedFiles& files, const Checkpoint& checkpoint, const OnEntry& on_entry);

// Appends to `ledger` what the published tree has beyond it, and returns how many entries: after a database
// was put back from a backup. kCrypto when the published tree is not the continuation of this ledger.
Result<std::uint64_t> RestoreFrom(const PublishedFiles& files, Ledger& ledger);

}  // namespace probatio::ledger
