// A deployment in a folder, as small as it can be: a box in RocksDB, the ledger in a casebook, journals on
// disk, and one key in place of the custodians. Opened by the child that is killed, and by the parent that
// looks afterwards.
#pragma once

#include <memory>
#include <string>

#include "casebook/casebook.h"
#include "crypto/system_random.h"
#include "keep/recovery.h"
#include "keep/run.h"
#include "store/rocksdb/rocks_box.h"

namespace probatio::kill {

// The machine's own clock: the child's windows and journal heads move as they would.
class MachineClock : public Clock {
 public:
  Instant Now() const override;
};

class KeepAll : public resolve::Retention {
 public:
  Instant OldestKept(seal::Stream, Instant) const override { return Instant(); }
  bool Kept(std::span<const seal::ProvenRow>, const seal::ProvenRow&, Instant) const override { return true; }
};

struct Deployment {
  MachineClock clock;
  crypto::SystemRandom random;
  KeepAll retention;
  std::unique_ptr<store::RocksBox> box;
  std::unique_ptr<casebook::Casebook> casebook;
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<keep::Journals> journals;
  std::unique_ptr<keep::Subjects> subjects;
  keep::Manifest manifest;

  // Opens or makes it, and closes what an earlier process left open.
  static Result<std::unique_ptr<Deployment>> Open(const std::string& folder, keep::Recovered* recovered);
  keep::Run::Parts Parts();
  // The key of a segment, from its wrapped form in the box.
  Result<Key> WindowKey(const seal::SegmentInfo& info);
};

}  // namespace probatio::kill
