// The words of what could not be seen.
#include "resolve/reader.h"

namespace probatio::resolve {

std::string_view ToText(GapKind kind) {
  switch (kind) {
    case GapKind::kOutsideRetention:
      return "outside_retention";
    case GapKind::kLostRecords:
      return "lost_records";
    case GapKind::kStillOpen:
      return "still_open";
    case GapKind::kNoWindow:
      return "no_window";
  }
  return "unknown";
}

}  // namespace probatio::resolve
