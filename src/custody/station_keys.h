// The window keys that a station unwraps while it answers one request: each once, all wiped with this object.
// Not thread-safe.
#pragma once

#include <map>

#include "custody/key_wrap.h"
#include "custody/request.h"

namespace probatio::custody {

class StationKeys {
 public:
  explicit StationKeys(std::span<const CustodianKey> present) : present_(present) {}

  // As UnwrapKey; the pointer is good as long as this object.
  Result<seal::WindowKeys*> Of(const SegmentAsked& asked);
  std::span<const CustodianKey> present() const { return present_; }

 private:
  // By segment and wrapped bytes: the same segment may come with other bytes in another question.
  using Name = std::pair<SegmentId, crypto::Digest>;
  std::span<const CustodianKey> present_;
  std::map<Name, seal::WindowKeys> keys_;
};

}  // namespace probatio::custody
