// The folder in which a ledger is published (docs/formats/ledger.md): any web server can serve it as it is.
// Tiles and checkpoints are for everybody, entries are readable by their owner only. One object is for one
// thread.
#pragma once

#include "cli/config.h"
#include "crypto/timestamp.h"
#include "ledger/published_tree.h"

namespace probatio::cli {

class PublishedFolder : public ledger::PublishedFiles {
 public:
  explicit PublishedFolder(std::string folder) : folder_(std::move(folder)) {}
  Result<Buffer> Read(const std::string& path, std::size_t bytes_max) const override;
  Status Write(const std::string& path, Bytes bytes) override;
  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
};

// Beside the tree: checkpoints with a time-stamp token each, and those that a witness cosigned, by size.
std::string StampPath(std::uint64_t size);              // "timestamps/300.tst"
std::string StampedCheckpointPath(std::uint64_t size);  // "timestamps/300.checkpoint"
std::string CosignedPath(std::uint64_t size);           // "cosigned/300.checkpoint"

// The sizes for which there is such a file, in ascending order; `folder` is "timestamps" or "cosigned".
Result<std::vector<std::uint64_t>> SizesIn(const PublishedFolder& files, const std::string& folder);

}  // namespace probatio::cli
