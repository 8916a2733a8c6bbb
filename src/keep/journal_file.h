// The journal of one collector run on disk: groups of batches, each with its length and digest. A batch is
// acknowledged only after fdatasync. A torn tail, which nobody was told was safe, is left out when the file
// is read after a crash.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "crypto/digest.h"

namespace probatio::keep {

// A batch with the digest that its chain needs anyway: a group is checked by it, and no octet is hashed
// twice.
struct JournalBatch {
  Bytes bytes;
  crypto::Digest digest{};  // SHA-256 of the bytes
};

class JournalFile {
 public:
  virtual ~JournalFile() = default;
  // Durable when it returns; kStorage "journal: no space left" leaves the file as it was before. After a sync
  // that failed for another reason the file takes nothing more.
  virtual Status Append(std::span<const JournalBatch> batches) = 0;
};

// The files of a deployment's journal folder. A run is alive as long as somebody, in any process, has the
// JournalFile that was created for it: what it holds open is nobody else's to close or remove.
// Implementations: DiskJournals here; tests bring one that fails on purpose.
class Journals {
 public:
  virtual ~Journals() = default;
  virtual Result<std::unique_ptr<JournalFile>> Create(const std::string& run) = 0;  // kStorage when it exists
  virtual Result<bool> IsAlive(const std::string& run) const = 0;  // false for a run without a file
  virtual Result<std::vector<std::string>> List() const = 0;       // runs, ascending
  virtual Result<std::vector<Buffer>> Read(const std::string& run) const = 0;  // whole batches only; durable
  virtual Status Remove(const std::string& run) = 0;
};

std::unique_ptr<Journals> DiskJournals(const std::string& folder);

}  // namespace probatio::keep
