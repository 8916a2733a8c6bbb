#include "order/transcription.h"

#include <algorithm>

namespace probatio::order {

Result<std::optional<Paper>> PaperConfirmed(const Order& order, std::optional<crypto::Digest> digest) {
  if (!digest) {
    if (order.papers.empty()) return std::optional<Paper>();
    return Denied("confirm: the order names its papers by digest: give the one you compared with (--paper)");
  }
  const std::string hex = ToHex(*digest);
  const auto named = std::find_if(order.papers.begin(), order.papers.end(),
                                  [&](const Paper& paper) { return paper.sha256 == hex; });
  if (named == order.papers.end()) {
    return Denied("confirm: SHA-256 " + hex +
                  " is of no paper that the order names: what you compared with is not what was transcribed");
  }
  return std::optional<Paper>(*named);
}

}  // namespace probatio::order
