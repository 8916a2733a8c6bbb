// The destruction of one erasure key, from the survivors' move to the last ledger entry. For purge*.cc only.
#pragma once

#include "keep/purge.h"

namespace probatio::keep {

class KeyDestroyer {
 public:
  KeyDestroyer(const PurgeParts& parts, Instant now, PurgeResult* result)
      : parts_(parts), now_(now), result_(result) {}

  // Steps 1 to 5 for a key over segments.
  Status Purge(const KeyPurge& purge, std::span<const Pin> pins);
  // Steps 2 to 5 for a key under which nothing lives any more.
  Status Begin(const ErasureKeyName& key, std::uint64_t segments, std::uint64_t moved);
  // Steps 3 to 5. May be repeated.
  Status Finish(const ErasureKeyName& key);

  Vault::IsDying DyingOr(const ErasureKeyName& key) const;

 private:
  Status Move(const KeyPurge& purge, std::span<const Pin> pins);
  Result<seal::SegmentInfo> MoveOne(const NamedErasureKey& from, const NamedErasureKey& to,
                                    seal::SegmentInfo info, std::vector<seal::BoxEntry>* entries) const;
  Status EraseFromBox(const seal::SegmentInfo& info);
  Status EnterAll(std::span<const ledger::Entry> entries);

  const PurgeParts& parts_;
  Instant now_;
  PurgeResult* result_;
};

}  // namespace probatio::keep
