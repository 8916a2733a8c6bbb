// The words of an answer. They stand in packages and reports: never changed.
#include "resolve/answer.h"

namespace probatio::resolve {

std::string_view ToText(Certainty certainty) {
  switch (certainty) {
    case Certainty::kUnique:
      return "unique";
    case Certainty::kAmbiguous:
      return "ambiguous";
    case Certainty::kNone:
      return "none";
    case Certainty::kOutsideRetention:
      return "outside_retention";
    case Certainty::kLogGap:
      return "log_gap";
  }
  return "unknown";
}

}  // namespace probatio::resolve
