#include "custody/station_keys.h"

namespace probatio::custody {

Result<seal::WindowKeys*> StationKeys::Of(const SegmentAsked& asked) {
  const Name name(asked.segment, crypto::Sha256(asked.wrapped));
  const auto known = keys_.find(name);
  if (known != keys_.end()) return &known->second;
  const Key key = TRY(UnwrapKey(asked.wrapped, SegmentContext(asked.segment), present_));
  return &keys_.try_emplace(name, key).first->second;
}

}  // namespace probatio::custody
