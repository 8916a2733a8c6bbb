// The words for a segment's state, as the ledger and the command line print them.
#include "seal/directory.h"

namespace probatio::seal {

std::string_view ToText(SegmentState state) {
  switch (state) {
    case SegmentState::kOpen:
      return "open";
    case SegmentState::kClosed:
      return "closed";
    case SegmentState::kClosedByCrash:
      return "closed_by_crash";
  }
  CHECK(false);
  return "";
}

}  // namespace probatio::seal
